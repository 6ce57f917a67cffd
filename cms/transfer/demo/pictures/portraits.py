"""Portraits of people who do not exist: head and shoulders, one light, one colour each."""

from PIL import Image

from .canvas import Canvas, down, mix
from .forms import blob

SKINS = ("#f2cba8", "#e6b48a", "#d9a273", "#b57a4c", "#7d4d30")
HAIRS = {0: "#b98a4a", 1: "#3a2418", 2: "#1d1820", 3: "#171218", 4: "#120e12"}


def portrait(seed: int, *, skin: int, hair: str, colour: str) -> Image.Image:
    """One person, 800 by 800. `hair`: bob, long, short, curls, bun, side, cap, scarf, tail, beanie."""
    c = Canvas(seed, (800, 800))
    tone, dark = SKINS[skin], HAIRS[skin]
    c.fill(c.everything(), down(mix(colour, "#ffffff", 0.55), mix(colour, "#f4e4c8", 0.35)), wash=0.09)
    c.glow(560, 190, 420, "#fff4dc", 0.6)
    if hair in ("long", "tail"):
        c.fill(c.polygon(blob((270, 300), (400, 170), (530, 300), (570, 640), (400, 700), (230, 640))), dark)
    if hair == "curls":
        c.fill(
            c.ellipses(
                [
                    (400 + dx, 290 + dy, r, r)
                    for dx, dy, r in (
                        (-120, 40, 92),
                        (-80, -70, 100),
                        (20, -110, 108),
                        (110, -40, 100),
                        (136, 70, 84),
                        (-140, 130, 70),
                        (146, 150, 66),
                    )
                ]
            ),
            dark,
        )
    body = c.fill(
        c.polygon(blob((130, 820), (190, 640), (330, 590), (470, 590), (610, 640), (670, 820))),
        down(mix(colour, "#ffffff", 0.08), colour),
    )
    c.shade(body, mix(colour, "#0a0c18", 0.7), side="left", amount=0.55)
    neck = c.fill(
        c.polygon(blob((350, 480), (450, 480), (468, 610), (400, 650), (332, 610))),
        mix(tone, "#5a2418", 0.18),
    )
    c.shade(neck, mix(tone, "#301018", 0.6), side="top", amount=0.6)
    c.fill(
        c.polygon([(330, 596), (400, 668), (470, 596), (452, 590), (400, 640), (348, 590)]),
        mix(colour, "#ffffff", 0.35),
    )
    c.fill(c.ellipses([(286, 380, 22, 36), (514, 380, 22, 36)]), mix(tone, "#5a2418", 0.16))
    head = c.polygon(
        blob((290, 300), (400, 212), (510, 300), (512, 420), (458, 520), (400, 548), (342, 520), (288, 420))
    )
    c.fill(head, tone)
    c.shade(head, mix(tone, "#43161a", 0.5), side="left", amount=0.5, reach=0.8)
    _features(c, tone, dark)
    _hair(c, hair, dark, colour)
    return c.finish(vignette=0.12, grain=0.05)


def _features(c: Canvas, tone: str, dark: str) -> None:
    line = mix(tone, "#2a1014", 0.72)
    c.fill(c.ellipses([(348, 384, 9, 11), (452, 384, 9, 11)]), "#1b1416")
    c.fill(
        c.lines([([(322, 350), (346, 342), (372, 350)], 8), ([(428, 350), (454, 342), (478, 350)], 8)]),
        mix(dark, tone, 0.15),
    )
    c.fill(c.line([(402, 392), (414, 438), (392, 442)], 6), line, opacity=0.45)
    c.fill(c.line([(364, 482), (400, 496), (438, 480)], 8), mix("#8e2f35", tone, 0.35), opacity=0.9)
    c.fill(c.ellipses([(326, 440, 30, 20), (474, 440, 30, 20)]), "#d8604f", opacity=0.14)


def _hair(c: Canvas, hair: str, dark: str, colour: str) -> None:
    light = mix(dark, "#ffffff", 0.16)
    if hair in ("cap", "beanie"):
        top = c.polygon(blob((276, 312), (290, 210), (400, 160), (510, 210), (524, 312), (400, 276)))
        c.fill(top, down(mix(colour, "#ffffff", 0.14), mix(colour, "#0a0c18", 0.2)))
        if hair == "cap":
            c.fill(
                c.polygon(blob((270, 304), (400, 268), (530, 304), (600, 330), (400, 318))),
                mix(colour, "#0a0c18", 0.35),
            )
        else:
            c.fill(
                c.polygon(blob((272, 318), (400, 280), (528, 318), (524, 274), (400, 240), (276, 274))),
                mix(colour, "#0a0c18", 0.3),
            )
        return
    if hair == "scarf":
        wrap = c.polygon(
            blob(
                (262, 400), (276, 230), (400, 160), (524, 230), (538, 400), (508, 300), (400, 246), (292, 300)
            )
        )
        c.fill(wrap, down(mix(colour, "#ffffff", 0.2), colour))
        c.fill(
            c.polygon(
                blob(
                    (262, 390),
                    (292, 320),
                    (300, 480),
                    (400, 570),
                    (500, 480),
                    (508, 320),
                    (538, 390),
                    (520, 600),
                    (400, 668),
                    (280, 600),
                )
            ),
            colour,
        )
        return
    fringe = {
        "short": blob(
            (278, 356), (284, 234), (400, 166), (516, 234), (522, 356), (494, 280), (400, 262), (310, 282)
        ),
        "side": blob(
            (276, 370), (276, 240), (380, 160), (520, 220), (524, 350), (500, 290), (430, 250), (300, 300)
        ),
        "bob": blob(
            (256, 500),
            (262, 250),
            (400, 160),
            (538, 250),
            (544, 500),
            (506, 460),
            (504, 300),
            (400, 268),
            (296, 300),
            (294, 460),
        ),
        "long": blob(
            (262, 420), (276, 240), (400, 160), (524, 240), (538, 420), (504, 310), (420, 250), (300, 300)
        ),
        "tail": blob(
            (272, 380), (280, 236), (400, 162), (520, 236), (528, 380), (498, 290), (400, 256), (302, 290)
        ),
        "bun": blob(
            (276, 370), (282, 240), (400, 172), (518, 240), (524, 370), (498, 290), (400, 256), (302, 290)
        ),
        "curls": blob(
            (274, 340), (300, 226), (400, 180), (500, 226), (526, 340), (480, 280), (400, 262), (320, 280)
        ),
    }[hair]
    if hair == "bun":
        c.fill(c.ellipse(400, 156, 62, 54), dark)
    shape = c.fill(c.polygon(fringe), dark)
    c.shade(shape, light, side="right", amount=0.5, reach=0.6)
