"""Money as people write it and as it is kept: a whole number of the smallest unit, and never two currencies in one sum.

The currencies and their digits are those of ISO 4217; only what is in use today, without metals and test codes.
"""

from collections.abc import Iterable
from decimal import Decimal

_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_TWO_DIGITS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP
    COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
    JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN
    NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS = "CLF UYW"
DIGITS = {
    code: digits
    for digits, codes in ((0, _NO_DIGITS), (2, _TWO_DIGITS), (3, _THREE_DIGITS), (4, _FOUR_DIGITS))
    for code in codes.split()
}
CURRENCIES = tuple(sorted(DIGITS))
LARGEST = 10**15  # of the smallest unit: ten trillion yuan; sums of a thousand lines still fit a column


def to_smallest(amount: Decimal, currency: str) -> int:
    """`12.50` yuan as 1250 fen. Raises `ValueError` for parts of the smallest unit, such as half a yen."""
    units = amount.scaleb(DIGITS[currency])
    if units != units.to_integral_value():
        raise ValueError(f"{currency} has {DIGITS[currency]} digits")
    return int(units)


def from_smallest(units: int, currency: str) -> Decimal:
    """1250 fen as `12.50` yuan, with all its digits."""
    return Decimal(units).scaleb(-DIGITS[currency])


def sums(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The smallest units of each currency added up, by currency. Lines are (currency, units)."""
    added: dict[str, int] = {}
    for currency, units in lines:
        added[currency] = added.get(currency, 0) + units
    return dict(sorted(added.items()))
