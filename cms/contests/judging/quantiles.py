"""Student's t, as far as an interval needs it. Pure."""

from math import cos, expm1, pi, sqrt
from statistics import NormalDist


def student(freedom: float, outside: float = 0.05) -> float:
    """The value that Student's t exceeds, one side or the other, with this probability.

    G. W. Hill, Algorithm 396, Communications of the ACM 13 (1970) 619-620; exact for one and two degrees of freedom,
    three digits or more from three on. Freedom need not be whole.
    """
    if freedom < 1 or not 0 < outside < 1:
        raise ValueError("at least one degree of freedom, and a probability")
    if freedom < 1 + 1e-9:
        return cos(outside * pi / 2) / sqrt(1 - cos(outside * pi / 2) ** 2)
    if abs(freedom - 2) < 1e-9:
        return sqrt(2 / (outside * (2 - outside)) - 2)
    a = 1 / (freedom - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * pi / 2) * freedom
    y = (d * outside) ** (2 / freedom)
    if y > 0.05 + a:
        return sqrt(freedom * _far(NormalDist().inv_cdf(outside / 2), freedom, a, b, c, d))
    y = (
        (1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3) + 0.5 / (freedom + 4))
        * y
        - 1
    ) * (freedom + 1) / (freedom + 2) + 1 / y
    return sqrt(freedom * y)


def _far(x: float, freedom: float, a: float, b: float, c: float, d: float) -> float:
    y = x * x
    if freedom < 5:
        c += 0.3 * (freedom - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = a * y * y
    return expm1(y) if y > 0.002 else 0.5 * y * y + y
