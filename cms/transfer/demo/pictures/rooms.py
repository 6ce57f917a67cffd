"""Scenes of work and of towns: a bench, a classroom, a street at night, water from above, a circuit."""

import math

from .canvas import Canvas, across, down, mix
from .forms import blob, curve, figure, flock, ridge, round_tree, stars


def workbench(c: Canvas) -> None:
    """A repair mat seen from above, a telephone in pieces, the lamp's light across it."""
    c.fill(c.everything(), across("#7a4a30", "#8d5a3a", "#6b3f2a"), brush=0.22)
    for x in (480, 980, 1530):
        c.fill(c.line([(x, 0), (x + 14, 1250)], 5), "#4a2a1c", opacity=0.6)
    mat = c.card(250, 190, 1330, 850, 26)
    c.shadow(mat, 18, 26, 40, "#1d0f0a", 0.55)
    c.fill(mat, down("#2f6b66", "#235552"), wash=0.08)
    down_lines = [([(250 + 66.5 * i, 200), (250 + 66.5 * i, 1030)], 1.6) for i in range(1, 20)]
    across_lines = [([(260, 190 + 65.4 * i), (1570, 190 + 65.4 * i)], 1.6) for i in range(1, 13)]
    c.fill(c.lines([*down_lines, *across_lines]), "#bfe3d8", opacity=0.22)
    _telephone(c)
    _tools(c)
    _mug(c, 1760, 940)
    for i in range(9):
        x, y = 420 + (i % 3) * 44, 850 + (i // 3) * 44
        c.fill(c.ellipse(x, y, 11), "#d9c9a0")
        c.fill(c.line([(x - 6, y - 6), (x + 6, y + 6)], 3), "#5a4a30")
    c.glow(1150, 360, 1150, "#ffd890", 0.42)


def _telephone(c: Canvas) -> None:
    back = c.card(430, 300, 250, 470, 34)
    c.shadow(back, 8, 14, 18, "#0c1f1d", 0.6)
    c.fill(back, across("#31343d", "#484c58"))
    c.fill(c.ellipse(490, 362, 32), "#15171c")
    c.fill(c.ellipse(490, 362, 15), "#3d5a78")
    inside = c.card(800, 300, 250, 470, 34)
    c.shadow(inside, 8, 14, 18, "#0c1f1d", 0.6)
    c.fill(inside, "#b9bec6")
    c.fill(c.card(815, 318, 220, 434, 22), "#23272e")
    c.fill(c.card(830, 470, 130, 268, 10), down("#e9b44c", "#c98d2b"))
    c.fill(c.lines([([(850, 500), (930, 500)], 5), ([(850, 520), (905, 520)], 5)]), "#6b4a12")
    board = c.card(830, 334, 190, 120, 8)
    c.fill(board, "#1f6f5a")
    for i in range(5):
        c.fill(c.card(842 + i * 36, 350 + (i % 2) * 48, 26, 34, 3), "#101418")
    c.fill(
        c.lines(
            [([(975, 470), (975, 735)], 3), ([(990, 470), (990, 735)], 3), ([(1005, 500), (1005, 700)], 3)]
        ),
        "#d4a373",
    )
    glass = c.polygon([(1170, 330), (1400, 300), (1450, 750), (1215, 785)])
    c.shadow(glass, 8, 14, 20, "#0c1f1d", 0.5)
    c.fill(glass, down("#1a2030", "#0e121c"))
    c.fill(c.polygon([(1190, 350), (1290, 336), (1225, 700), (1218, 770)]), "#8fb5d8", opacity=0.22)
    for x, y in ((720, 330), (742, 420), (722, 540), (745, 660)):
        c.fill(c.ellipse(x, y, 9), "#d8dde3")
        c.fill(c.line([(x - 5, y), (x + 5, y)], 2.4), "#5b626c")


def _tools(c: Canvas) -> None:
    for x0, y0, x1, y1, colour in ((640, 930, 1010, 880, "#d1495b"), (700, 985, 1060, 965, "#edae49")):
        blade = c.line([(x0, y0), (x0 + (x1 - x0) * 0.55, y0 + (y1 - y0) * 0.55)], 9)
        c.shadow(blade, 5, 9, 9, "#0c1f1d", 0.5)
        c.fill(blade, "#cfd5db")
        c.fill(c.line([(x0 + (x1 - x0) * 0.55, y0 + (y1 - y0) * 0.55), (x1, y1)], 30), colour)
    arm = c.lines([([(1930, 40), (1640, 210), (1330, 120)], 26)])
    c.shadow(arm, 14, 24, 26, "#1d0f0a", 0.5)
    c.fill(arm, "#20242c")
    shade = c.polygon(blob((1240, 60), (1390, 70), (1420, 190), (1300, 250), (1190, 170)))
    c.shadow(shade, 12, 22, 26, "#1d0f0a", 0.5)
    c.fill(shade, down("#d1495b", "#a3303f"))
    c.fill(c.ellipse(1300, 205, 56, 34), "#fff0c2")


def _mug(c: Canvas, x: float, y: float) -> None:
    rim = c.ellipse(x, y, 120)
    c.shadow(rim, 16, 24, 30, "#1d0f0a", 0.6)
    c.fill(c.line([(x + 90, y - 20), (x + 185, y + 10), (x + 95, y + 60)], 26), "#e8e2d5")
    c.fill(rim, "#efe9dc")
    c.fill(c.ellipse(x, y, 100), "#cfc6b4")
    c.fill(c.ellipse(x, y, 92), down("#5a3420", "#3a2014"))
    c.fill(c.ellipse(x - 22, y - 26, 34, 20), "#8a5a3a", opacity=0.5)


def classroom(c: Canvas) -> None:
    """A mountain classroom: six children before a tall window with clouds below the peaks."""
    c.fill(c.everything(), down("#e9d3a6", "#d7b27c", "#a9764b"), wash=0.08)
    window = c.card(420, 120, 1160, 640, 8)
    c.fill(c.card(396, 96, 1208, 688, 10), "#6b4630")
    c.fill(window, down("#8fc0d8", "#cfe4e6", "#f6ead0"))
    c.within(window)
    for base, height, colour in ((520, 220, "#7f9fb4"), (590, 160, "#5b7f94"), (660, 110, "#3f6478")):
        edge = ridge(c.random, base=base, height=height, cells=4)
        c.fill(c.polygon([*edge, (2100, 800), (-100, 800)]), down(mix(colour, "#ffffff", 0.25), colour))
        c.fog(base + 60, 60, "#fdf6e6", 0.6)
    c.fog(700, 130, "#ffffff", 0.95)
    c.within(None)
    c.fill(c.lines([([(1000, 120), (1000, 760)], 16), ([(420, 440), (1580, 440)], 12)]), "#6b4630")
    c.glow(1000, 500, 1100, "#fff2cf", 0.4)
    board = c.card(80, 220, 250, 360, 6)
    c.fill(c.card(66, 206, 278, 388, 8), "#8a5a3a")
    c.fill(board, "#2d4a41", wash=0.1)
    c.fill(
        c.lines(
            [
                (curve((110, 300), (170, 270), (230, 310), (300, 290)), 5),
                ([(110, 370), (260, 370)], 4),
                ([(110, 420), (220, 420)], 4),
            ]
        ),
        "#e8e4d4",
        opacity=0.8,
    )
    floor = c.polygon([(0, 900), (2000, 900), (2000, 1250), (0, 1250)])
    c.fill(floor, down("#8d5a36", "#5c3720"), brush=0.16)
    coats = ("#c8553d", "#2f6f8f", "#e0a030", "#5f7a3c", "#8a4a78", "#3d5a80")
    skins = ("#e8b68c", "#c98f62", "#f0c8a4", "#a86f48", "#dba67c", "#8a5534")
    hairs = ("#2a1a14", "#1d1a22", "#5a3420", "#1a1412", "#33201a", "#141018")
    for i in range(6):
        x = 300 + i * 280
        figure(
            c,
            x,
            1010 + (i % 2) * 26,
            400 - (i % 3) * 22,
            coat=coats[i],
            legs="#38404f",
            skin=skins[i],
            hair=hairs[i],
        )
    for i in range(3):
        x = 200 + i * 620
        desk = c.card(x, 960, 460, 46, 8)
        c.shadow(desk, 6, 20, 24, "#2a1408", 0.5)
        c.fill(desk, down("#c98d5a", "#a06a3e"))
        c.fill(c.card(x + 30, 1006, 22, 200), "#7d4f2e")
        c.fill(c.card(x + 408, 1006, 22, 200), "#7d4f2e")
        c.fill(c.polygon([(x + 130, 956), (x + 215, 944), (x + 300, 956), (x + 215, 966)]), "#f6efe0")


def city_night(c: Canvas) -> None:
    """A wall of lit windows above a wet street, with a tram."""
    c.fill(c.everything(), down("#141a33", "#27305a", "#4b4470", "#a4616a"), wash=0.06)
    stars(c, 420, 90)
    c.glow(1500, 780, 900, "#f2a272", 0.45)
    layers = ((620, "#2b3157", 150, 0.35), (760, "#1f2544", 210, 0.55), (930, "#151930", 270, 0.8))
    for base, colour, wide, lit in layers:
        x = -60.0
        while x < 2060:
            width = wide * c.random.uniform(0.7, 1.2)
            top = base - c.random.uniform(180, 470)
            c.fill(c.card(x, top, width, 1250 - top), down(mix(colour, "#6a6a9a", 0.16), colour))
            _windows(c, x, top, width, base, lit)
            x += width + c.random.uniform(4, 26)
    street = c.card(0, 960, 2000, 290)
    c.fill(street, down("#12152a", "#0b0d1c"))
    c.mirror(960, "#12152a", 0.55, 0.8)
    c.ripples(970, 1250, "#f7c98a", 90, 0.28)
    c.fill(c.lines([([(0, 1085), (2000, 1085)], 5), ([(0, 1150), (2000, 1150)], 6)]), "#6d7196", opacity=0.6)
    tram = c.card(620, 880, 760, 210, 26)
    c.shadow(tram, 0, 26, 30, "#000000", 0.6)
    c.fill(tram, down("#d8543f", "#a8372b"))
    c.fill(c.card(620, 1020, 760, 70, 20), "#e9e2d2")
    for i in range(6):
        c.fill(c.card(650 + i * 120, 906, 96, 92, 10), down("#fff0c0", "#f8ce80"))
    c.fill(c.lines([([(800, 880), (860, 800), (920, 880)], 5), ([(0, 790), (2000, 796)], 3)]), "#0b0d1c")
    c.glow(1400, 1030, 240, "#fff0c0", 0.7)


def _windows(c: Canvas, x: float, top: float, width: float, base: float, lit: float) -> None:
    bright: list[tuple[float, float, int, int]] = []
    dim: list[tuple[float, float, int, int]] = []
    across_count = max(2, int(width // 34))
    for row in range(int((base + 60 - top) // 42)):
        for column in range(across_count):
            cell = [(x + 14 + column * (width - 20) / across_count, top + 22 + row * 42)]
            (bright if c.random.random() < lit * 0.5 else dim).append((*cell[0], 16, 22))
    for group, colour, opacity in ((dim, "#0c1024", 0.55), (bright, "#ffd98f", 0.92)):
        if group:
            c.fill(
                c.polygons([[(a, b), (a + w, b), (a + w, b + h), (a, b + h)] for a, b, w, h in group]),
                colour,
                opacity=opacity,
            )


def river_above(c: Canvas) -> None:
    """A braided river from the air, fields on both sides, one small boat."""
    c.fill(c.everything(), across("#7d9a55", "#93aa5f", "#b7b36a"), wash=0.1)
    fields = ("#8aa658", "#a9b864", "#c9b866", "#6f8f4f", "#b99a55", "#94ad60", "#d8c77c")
    for row in range(6):
        for column in range(8):
            x, y = column * 260 - 60 + (row % 2) * 60, row * 220 - 30
            lean = c.random.uniform(-40, 40)
            patch = c.polygon(
                [(x, y), (x + 246, y + lean * 0.3), (x + 250 + lean, y + 208), (x + lean, y + 204)]
            )
            c.fill(
                patch,
                fields[(row * 3 + column * 5) % len(fields)],
                wash=0.09,
                brush=0.12 if (row + column) % 3 else 0.0,
            )
    middle = curve(
        (-80, 980), (300, 760), (560, 820), (860, 560), (1180, 640), (1500, 380), (1780, 420), (2090, 180)
    )
    for wide, colour, opacity in (
        (330, "#d9cfa0", 0.9),
        (260, "#3f8f97", 1.0),
        (170, "#2c7482", 0.8),
        (70, "#1f5c70", 0.6),
    ):
        c.fill(c.line(middle, wide), colour, opacity=opacity)
    for i in range(5):
        at, level = middle[12 + i * 14]
        isle = c.polygon(
            blob((at - 120, level + 8), (at - 20, level - 34), (at + 110, level - 6), (at + 10, level + 36))
        )
        c.fill(isle, "#d9cfa0")
        meadow = blob((at - 80, level + 6), (at - 16, level - 20), (at + 72, level - 2), (at, level + 22))
        c.fill(c.polygon(meadow), "#7d9a55")
    for _ in range(120):
        left, top = c.random.uniform(0, 2000), c.random.uniform(0, 1250)
        if min(math.hypot(left - a, top - b) for a, b in middle[::6]) > 230:
            round_top = c.ellipse(left, top, c.random.uniform(9, 22))
            c.shadow(round_top, 8, 10, 5, "#2a3a1a", 0.5)
            c.fill(round_top, c.random.choice(("#4f7a3f", "#3f6a3a", "#62894a")))
    for i in range(4):
        c.fill(c.line([(900 + i * 6, 470 + i * 70), (960 + i * 6, 500 + i * 70)], 3), "#e8f2ee", opacity=0.5)
    boat = c.polygon([(1010, 588), (1080, 572), (1110, 590), (1078, 606), (1012, 606)])
    c.shadow(boat, 6, 10, 8, "#0c2a34", 0.6)
    c.fill(boat, "#f4efe2")
    c.fill(c.card(1034, 582, 34, 16, 4), "#c8553d")
    c.glow(300, 120, 1000, "#fff0c8", 0.3)


def circuit(c: Canvas) -> None:
    """A circuit board as a town at dusk: chips for roofs, tracks for streets."""
    c.fill(c.everything(), across("#0f4a44", "#12584d", "#0c3b3f"), wash=0.12)
    for i in range(46):
        y = 30 + i * 27
        x0, x1 = sorted((c.random.uniform(-100, 1900), c.random.uniform(100, 2100)))
        bend = c.random.choice((-1, 1)) * c.random.uniform(30, 120)
        track = [
            (x0, y),
            ((x0 + x1) / 2, y),
            ((x0 + x1) / 2 + abs(bend), y + bend),
            (x1 + abs(bend), y + bend),
        ]
        c.fill(c.line(track, 5), mix("#3f9a7d", "#d9a441", c.random.random() * 0.6), opacity=0.75)
        c.fill(c.ellipses([(x0, y, 11, 11), (track[-1][0], track[-1][1], 11, 11)]), "#e2b04a")
        c.fill(c.ellipse(x0, y, 5), "#0c3b3f")
    chips = (
        (240, 180, 360, 360),
        (860, 120, 260, 200),
        (1290, 260, 460, 300),
        (360, 760, 520, 260),
        (1120, 760, 300, 300),
        (1580, 800, 260, 180),
    )
    for x, y, w, h in chips:
        pins = [
            ([(x - 26, y + 24 + k * 36), (x + w + 26, y + 24 + k * 36)], 12)
            for k in range(int((h - 20) // 36))
        ]
        c.fill(c.lines(pins, round_ends=False), "#c9ced3")
        body = c.card(x, y, w, h, 10)
        c.shadow(body, 22, 34, 34, "#031a18", 0.75)
        c.fill(body, down("#2a2e36", "#171a20"), wash=0.05)
        c.fill(c.card(x + 16, y + 16, w - 32, h - 32, 6), "#353a44", opacity=0.5)
        c.fill(c.ellipse(x + 38, y + 38, 10), "#5b626e")
        c.fill(
            c.lines(
                [
                    ([(x + w * 0.28, y + h * 0.46), (x + w * 0.7, y + h * 0.46)], 7),
                    ([(x + w * 0.28, y + h * 0.58), (x + w * 0.56, y + h * 0.58)], 7),
                ]
            ),
            "#8d95a1",
            opacity=0.8,
        )
    for x, y in ((700, 560), (780, 560), (1010, 470), (1960, 640), (160, 660), (980, 960)):
        can = c.ellipse(x, y, 34)
        c.shadow(can, 14, 22, 16, "#031a18", 0.7)
        c.fill(can, across("#dfe4e8", "#8d98a3"))
        c.fill(c.line([(x - 18, y), (x + 18, y)], 4), "#5b6570")
    for x, y in ((760, 700), (1230, 660), (1850, 420)):
        c.glow(x, y, 260, "#ffb454", 0.75)
        c.fill(c.card(x - 14, y - 9, 28, 18, 4), "#fff0c8")


def harbour(c: Canvas) -> None:
    """A ferry at a quay under a pale morning, cranes behind it."""
    c.fill(c.everything(), down("#9fb8c8", "#d3d8d2", "#f3dcb8", "#f0c08a"), wash=0.08)
    c.glow(520, 640, 760, "#fff0cc", 0.8)
    c.fill(c.ellipse(520, 630, 54), "#fffaf0")
    for base, height, colour in ((680, 90, "#a9b4ba"), (720, 60, "#8799a4")):
        edge = ridge(c.random, base=base, height=height, cells=5)
        c.fill(c.polygon([*edge, (2100, 800), (-100, 800)]), colour)
        c.fog(base + 30, 50, "#f6e6cc", 0.5)
    for x, lean in ((1180, 1), (1420, 1), (1700, -1)):
        c.fill(
            c.lines(
                [
                    ([(x, 800), (x, 420)], 16),
                    ([(x + 70, 800), (x + 70, 420)], 16),
                    ([(x - 150 * lean, 420), (x + 260 * lean, 400)], 14),
                    ([(x + 30, 330), (x + 260 * lean, 400)], 6),
                    ([(x + 30, 330), (x - 150 * lean, 420)], 6),
                    ([(x, 620), (x + 70, 620)], 8),
                ]
            ),
            "#5b6f7d",
        )
    c.mirror(800, "#b9b2a4", 0.35, 0.95)
    hull = c.polygon(blob((700, 760), (1480, 740), (1560, 690), (1500, 850), (760, 850)))
    c.fill(c.polygon([(700, 740), (1570, 700), (1500, 860), (770, 860)]), down("#23476a", "#16304a"))
    c.fill(c.polygon([(700, 740), (1570, 700), (1564, 722), (706, 760)]), "#f4efe4")
    del hull
    c.fill(c.card(800, 610, 560, 124, 12), "#f7f3ea")
    c.fill(c.card(880, 520, 380, 96, 10), "#ece5d6")
    for i in range(9):
        c.fill(c.card(826 + i * 58, 646, 36, 44, 8), "#3d5a70")
    for i in range(6):
        c.fill(c.card(902 + i * 58, 545, 38, 36, 6), "#3d5a70")
    funnel = c.polygon([(1080, 520), (1100, 400), (1180, 400), (1190, 520)])
    c.fill(funnel, "#c8553d")
    c.fill(c.card(1098, 430, 84, 24), "#f4efe4")
    for i in range(5):
        c.glow(1150 + i * 70, 370 - i * 46, 90 + i * 22, "#f4ece0", 0.5)
    c.ripples(812, 1250, "#fff2d8", 130, 0.45)
    quay = c.polygon([(0, 1030), (760, 1080), (760, 1250), (0, 1250)])
    c.fill(quay, down("#6b5a4a", "#3f332a"), brush=0.14)
    figure(c, 300, 1110, 250, coat="#c8553d", legs="#2a3140", skin="#c98f62", hair="#1d1a22", hat="#23476a")
    figure(c, 430, 1118, 235, coat="#e0a030", legs="#33405a", skin="#f0c8a4", hair="#7a4a2a")
    flock(c, 900, 260, 8, "#56636e", spread=260, size=20)


def garden_school(c: Canvas) -> None:
    """Old and young at a long table under trees, a cabinet of batteries by the wall."""
    c.fill(c.everything(), down("#bcd8d4", "#e6e3c4", "#cfd79a"), wash=0.09)
    c.glow(1500, 200, 900, "#fff4cc", 0.7)
    for x, y, size in ((180, 760, 420), (560, 700, 300), (1500, 720, 360), (1880, 780, 440)):
        round_tree(c, x, y, size, "#5f8a4a", "#5c4030")
    wall = c.card(760, 380, 560, 370, 6)
    c.fill(wall, down("#f1e3c6", "#dcc39a"), wash=0.07)
    c.fill(c.polygon([(700, 400), (1040, 220), (1380, 400)]), down("#b5533c", "#8f3d2c"))
    for x in (810, 960, 1210):
        c.fill(c.card(x, 460, 90, 120, 6), "#5b7f94")
        c.fill(c.lines([([(x + 45, 460), (x + 45, 580)], 6), ([(x, 520), (x + 90, 520)], 6)]), "#f4efe4")
    c.fill(c.card(1090, 560, 86, 190, 6), down("#f4f6f6", "#cfd6d8"))
    c.fill(c.card(1104, 580, 58, 12, 4), "#3fae7d")
    ground = c.polygon([(0, 740), (2000, 740), (2000, 1250), (0, 1250)])
    c.fill(ground, down("#a9b95f", "#6f8a45"), brush=0.12)
    coats = ("#c8553d", "#3d5a80", "#e0a030", "#7a4a78", "#2f7a6a", "#b5633c", "#4a5a3a")
    skins = ("#f0c8a4", "#a86f48", "#dba67c", "#8a5534", "#e8b68c", "#c98f62", "#f0c8a4")
    hairs = ("#d8d4cc", "#1a1412", "#5a3420", "#141018", "#33201a", "#c9c4ba", "#7a4a2a")
    for i in range(7):
        tall = 330 if i % 3 else 400
        figure(
            c,
            380 + i * 205,
            1000 + (i % 2) * 14,
            tall,
            coat=coats[i],
            legs="#38404f",
            skin=skins[i],
            hair=hairs[i],
            skirt=i in (1, 4),
        )
    table = c.card(260, 950, 1480, 60, 14)
    c.shadow(table, 8, 26, 30, "#2a3314", 0.5)
    c.fill(table, down("#d8a468", "#b27c46"))
    for x in (330, 1640):
        c.fill(c.card(x, 1010, 30, 170), "#8a5a34")
    for i in range(8):
        c.fill(c.ellipse(370 + i * 180, 958, 34, 12), "#f6f1e4")


SCENES = {
    "workbench": workbench,
    "classroom": classroom,
    "city-night": city_night,
    "river-above": river_above,
    "circuit": circuit,
    "harbour": harbour,
    "garden-school": garden_school,
}
