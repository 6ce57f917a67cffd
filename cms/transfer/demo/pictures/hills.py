"""Scenes of hills, fields and weather."""

import math

from .canvas import Canvas, across, down, mix
from .forms import (
    blob,
    curve,
    figure,
    flock,
    forest,
    height_at,
    house,
    land,
    mast,
    pine,
    ridge,
    round_tree,
    stars,
    wire,
)


def mast_dusk(c: Canvas) -> None:
    """A lattice mast on the nearest of many hills, the sun just gone."""
    c.fill(c.everything(), down("#2b3358", "#6a4a6b", "#c96a5a", "#f0a868", "#f7d7a0"), wash=0.07)
    c.glow(1330, 830, 900, "#ffe2a6", 0.75)
    c.fill(c.ellipse(1330, 800, 62), "#fff3d2", opacity=0.95)
    for y, colour in ((330, "#e08a6a"), (430, "#8a5570"), (560, "#f2b37c")):
        c.fog(y, 60, colour, 0.35)
    shades = ("#c97a66", "#a45c62", "#76465c", "#4a3350", "#2a2540")
    for index, colour in enumerate(shades):
        edge = ridge(c.random, base=800 + index * 88, height=80 + index * 14, cells=3 + index)
        if index == 4:
            edge = [(x, y - 120 * math.exp(-(((x - 620) / 330) ** 2))) for x, y in edge]
            forest(c, edge, "#1d1b31", count=60, size=(34, 80))
        land(c, edge, down(colour, mix(colour, "#1a1830", 0.35)))
        if index < 4:
            c.fog(880 + index * 88, 70, "#f3c08a", 0.34 - index * 0.06)
        else:
            foot = height_at(edge, 620)
            mast(c, 620, foot + 16, 820, "#15142a", bold=1.5)
            house(c, 700, foot + 26, 74, 60, wall="#2b2744", roof="#15142a", lit="#ffd98a")
            c.glow(620, foot - 900, 90, "#ff8a6a", 0.9)
            c.fill(c.ellipse(620, foot - 902, 6), "#ffd0b0")
    flock(c, 1480, 420, 9, "#3a2b48", spread=150, size=22)


def snow_village(c: Canvas) -> None:
    """Blue hour in a snowed-in village; every window is lit."""
    c.fill(c.everything(), down("#142447", "#27406b", "#5a7396", "#a9b5c0"), wash=0.05)
    stars(c, 500, 130)
    for index, colour in enumerate(("#7389a5", "#536b8d", "#3a5077")):
        edge = ridge(c.random, base=520 + index * 95, height=200 - index * 40, cells=4)
        land(c, edge, down(mix(colour, "#e8eef2", 0.5), colour, mix(colour, "#a9b8c8", 0.4)), wash=0.1)
        c.fog(640 + index * 80, 80, "#b8c6d2", 0.5)
        if index == 2:
            forest(c, edge, "#22365a", count=110, size=(40, 110))
    edge = ridge(c.random, base=860, height=50, cells=3)
    land(c, edge, down("#c5d3e2", "#8fa6c2", "#6c86ab"), wash=0.05)
    spots = [
        (180, 905, 150),
        (400, 880, 120),
        (590, 930, 170),
        (850, 900, 130),
        (1040, 960, 190),
        (1330, 915, 140),
        (1530, 950, 160),
        (1760, 905, 130),
    ]
    for x, y, size in sorted(spots, key=lambda spot: spot[1]):
        c.glow(x + size * 0.5, y + 24, size * 1.1, "#f6c177", 0.35)
        house(
            c,
            x,
            y,
            size,
            size * 0.86,
            wall=c.random.choice(("#6d3a34", "#4d4a5c", "#7a5a3e")),
            roof="#e9f0f6",
            lit="#ffd38a",
        )
        sx = x + size * 0.82
        c.fill(c.card(sx, y - size * 0.98, size * 0.1, size * 0.28), "#4a4657")
        puff = curve(
            (sx + 6, y - size), (sx + 20, y - size * 1.5), (sx - 4, y - size * 2), (sx + 30, y - size * 2.7)
        )
        for number, (px, py) in enumerate(puff[::4]):
            c.fill(c.ellipse(px, py, 9 + number * 1.6, 8 + number), "#dfe6ee", opacity=0.22)
    front = [(x, 1030 + 40 * math.sin(x / 300) + 12 * math.sin(x / 90)) for x in range(-20, 2041, 20)]
    land(c, front, down("#dfe8f1", "#9db3cd", "#5f7ba3"), wash=0.05)
    track = curve((900, 1260), (980, 1170), (1120, 1110), (1150, 1050), (1120, 1000))
    c.fill(c.lines([(track, 30)]), "#7f99bd", opacity=0.5)
    for x, h in ((90, 330), (210, 240), (1840, 380), (1700, 230), (1950, 280)):
        tree = c.fill(c.polygon(pine(c.random, x, 1190, h)), "#17284a")
        c.shade(tree, "#dfe8f1", side="left", amount=0.6, reach=0.8)
    flakes = [
        (c.random.uniform(0, 2000), c.random.uniform(0, 1250), s, s)
        for s in (c.random.choice((1.6, 2.2, 3, 4.5)) for _ in range(420))
    ]
    c.fill(c.ellipses(flakes), "#ffffff", opacity=0.6)


def tea_terraces(c: Canvas) -> None:
    """Curved rows of tea that climb out of the morning fog, two pickers among them."""
    c.fill(c.everything(), down("#e9d9b4", "#f3e6c8", "#cfd8c0", "#a9c0a6"), wash=0.05)
    c.glow(420, 240, 640, "#fff4d0", 0.9)
    for index, colour in enumerate(("#b9c7b0", "#93ab93", "#6f8f78")):
        edge = ridge(c.random, base=420 + index * 90, height=150, cells=3)
        land(c, edge, colour)
        c.fog(500 + index * 95, 90, "#f5ecd2", 0.75)
    hill = [
        (x, 760 - 210 * math.sin((x + 200) / 2100 * math.pi) ** 2 + 14 * math.sin(x / 130))
        for x in range(-20, 2041, 20)
    ]
    body = c.polygon([*hill, (2040, 1260), (-20, 1260)])
    c.fill(body, down("#7f9a55", "#4f7340", "#2a4a35"), wash=0.06)
    c.within(body)
    for row in range(17):
        drop = 34 + row * 26 + row * row * 1.5
        wide = 12 + row * 2.5
        line = [(x, y + drop + 18 * math.sin(x / (190 + row * 9) + row * 0.7)) for x, y in hill]
        c.fill(c.line([(x, y + wide * 0.7) for x, y in line], wide), "#1d3b2e", opacity=0.75)
        c.fill(c.line(line, wide), mix("#a9bd5e", "#4d7a44", row / 17), wash=0.12)
        c.fill(
            c.line([(x, y - wide * 0.3) for x, y in line], wide * 0.3),
            mix("#e8e3a0", "#8fae5c", row / 17),
            opacity=0.6,
        )
    c.within(None)
    c.fog(700, 110, "#f7efd8", 0.5)
    for x, y, size, coat in ((1280, 985, 260, "#b5493a"), (1490, 940, 215, "#2f5d78")):
        figure(
            c,
            x,
            y,
            size,
            coat=coat,
            legs="#28313d",
            skin="#c99268",
            hair="#1c1a20",
            lean=0.06,
            stride=0.04,
            arms=((0.05, 0.42), (0.24, 0.44)),
        )
        top = (x + size * 0.065, y - size * 0.93)
        c.fill(
            c.polygon(
                [
                    (top[0] - size * 0.18, top[1] + size * 0.02),
                    (top[0], top[1] - size * 0.1),
                    (top[0] + size * 0.18, top[1] + size * 0.02),
                ]
            ),
            down("#f0d79a", "#c89a55"),
        )
        basket = c.fill(
            c.polygon(
                blob(
                    (x - size * 0.2, y - size * 0.74),
                    (x - size * 0.06, y - size * 0.76),
                    (x - size * 0.06, y - size * 0.5),
                    (x - size * 0.19, y - size * 0.5),
                )
            ),
            "#b98a4c",
        )
        c.shade(basket, "#4a3220", amount=0.8)
    for y in (1080, 1170):
        tufts = [
            (
                c.random.uniform(-30, 2030),
                y + c.random.uniform(-16, 16),
                c.random.uniform(22, 52),
                c.random.uniform(14, 26),
            )
            for _ in range(90)
        ]
        bush = c.fill(c.ellipses(tufts), down("#3f6a3d", "#1b382c"))
        c.shade(bush, "#0f2620", amount=0.6)


def solar_field(c: Canvas) -> None:
    """Rows of panels that meet at the horizon under big summer clouds."""
    c.fill(c.everything(), down("#4f86a8", "#8fb8c4", "#d9e2d2", "#f5e5c0"), wash=0.04)
    for x, y, size in ((420, 330, 190), (1180, 250, 240), (1700, 400, 150), (820, 470, 110)):
        puffs = [
            (
                x + c.random.gauss(0, size * 0.75),
                y + abs(c.random.gauss(0, size * 0.16)) * -1.6,
                size * c.random.uniform(0.22, 0.5),
                size * c.random.uniform(0.16, 0.36),
            )
            for _ in range(16)
        ]
        cloud = c.fill(c.ellipses(puffs), "#fdf6e6", opacity=0.92)
        c.shade(cloud, "#9db4c2", amount=0.8)
    edge = ridge(c.random, base=640, height=46, cells=5)
    land(c, edge, "#7f9a86")
    land(c, ridge(c.random, base=690, height=24, cells=6), "#5b7d62")
    ground = c.card(0, 700, 2000, 560)
    c.fill(ground, down("#a8a860", "#7d8a48", "#4a5c34"), wash=0.1)
    vanish = (1240, 560)
    for row in range(9, -1, -1):
        near, far = 1.0 / (1 + row * 0.62), 1.0 / (1 + (row + 0.55) * 0.62)

        def at(x: float, share: float) -> tuple[float, float]:
            return (vanish[0] + (x - vanish[0]) * share, vanish[1] + 760 * share)

        for start in range(-1400, 3600, 520):
            low_left, low_right = at(start, near), at(start + 470, near)
            high_left, high_right = at(start, far), at(start + 470, far)
            rise = 150 * far
            panel = [
                low_left,
                low_right,
                (high_right[0], high_right[1] - rise),
                (high_left[0], high_left[1] - rise),
            ]
            c.fill(
                c.polygon(
                    [
                        low_left,
                        low_right,
                        (low_right[0] - 30 * near, low_right[1] + 50 * near),
                        (low_left[0] - 30 * near, low_left[1] + 50 * near),
                    ]
                ),
                "#2a3626",
                opacity=0.55,
            )
            c.fill(c.polygon(panel), down("#7fa9bf", "#2e5078", "#1b2f55"))
            grid = []
            for step in range(7):
                t = step / 6
                grid.append(
                    (
                        [
                            (low_left[0] + (low_right[0] - low_left[0]) * t, low_left[1]),
                            (panel[3][0] + (panel[2][0] - panel[3][0]) * t, panel[3][1]),
                        ],
                        2.6 * near,
                    )
                )
            for t in (0, 0.5, 1):
                grid.append(
                    (
                        [
                            (
                                low_left[0] + (panel[3][0] - low_left[0]) * t,
                                low_left[1] + (panel[3][1] - low_left[1]) * t,
                            ),
                            (
                                low_right[0] + (panel[2][0] - low_right[0]) * t,
                                low_right[1] + (panel[2][1] - low_right[1]) * t,
                            ),
                        ],
                        2.6 * near,
                    )
                )
            c.fill(c.lines(grid), "#d9e6ea", opacity=0.7)
    figure(
        c,
        520,
        1010,
        300,
        coat="#d9822b",
        legs="#27344a",
        skin="#8a5a3c",
        hair="#17131a",
        hat="#f2e3c0",
        arms=((-0.05, 0.52), (0.2, 0.5)),
    )
    flock(c, 1500, 560, 7, "#3f5a66", size=15)


def chart_hills(c: Canvas) -> None:
    """Hills in bars of rising height, like a chart that turned into a country."""
    c.fill(c.everything(), down("#f3e7cc", "#f1d9ae", "#e6b98a"), wash=0.05)
    c.fill(c.ellipse(1480, 330, 150), down("#e8744f", "#d5523f"))
    for y in range(260, 1150, 148):
        c.fill(c.lines([([(80, y), (1920, y)], 2)]), "#7c5a44", opacity=0.22)
    heights = [250, 210, 330, 300, 420, 390, 470, 560, 520, 640, 610, 760]
    tints = ("#2b5a63", "#39717a", "#4d8a86", "#1f4453")
    for index, tall in enumerate(heights):
        x = 130 + index * 148
        top = 1130 - tall
        skew = c.random.uniform(-22, 26)
        outline = [
            (x, 1160),
            (x, top + 24),
            *curve((x, top + 24), (x + 36, top - 10 + skew), (x + 86, top + 14 - skew), (x + 122, top - 6)),
            (x + 122, 1160),
        ]
        bar = c.fill(c.polygon(outline), tints[index % 4], brush=0.12)
        c.shade(bar, "#0f2a36", side="right", amount=0.6)
        c.within(bar)
        for layer in range(1, 5):
            level = top + layer * tall / 5 + 20
            edge = [
                (x + step * 13, level + 12 * math.sin(step * 0.9 + index + layer)) for step in range(-1, 12)
            ]
            c.fill(
                c.polygon([*edge, (x + 160, 1300), (x - 20, 1300)]),
                mix(tints[(index + layer) % 4], "#e9d3a4", 0.12 * layer),
                opacity=0.55,
            )
        c.within(None)
        if index % 3 != 1:
            trees = [(x + c.random.uniform(18, 104), top + 12, c.random.uniform(26, 52)) for _ in range(4)]
            c.fill(c.polygons([pine(c.random, tx, ty, size) for tx, ty, size in trees]), "#17363c")
    house(c, 1052, 606, 66, 54, wall="#f4e8d0", roof="#c0503c", lit=None)
    mast(c, 1820, 384, 250, "#1d2c3a", bold=0.9)
    line = curve(
        *[(190 + index * 148, 1130 - tall - 100 - 16 * (index % 2)) for index, tall in enumerate(heights)][
            :11
        ]
    )
    c.fill(c.line(line, 5), "#b23f33")
    for index in range(11):
        c.fill(c.ellipse(190 + index * 148, 1130 - heights[index] - 100 - 16 * (index % 2), 10), "#f7ecd4")
        c.fill(c.ellipse(190 + index * 148, 1130 - heights[index] - 100 - 16 * (index % 2), 6.5), "#b23f33")
    c.fill(c.card(0, 1150, 2000, 110), down("#21424b", "#152c36"), wash=0.08)


def solar_aurora(c: Canvas) -> None:
    """A fjord in polar night: aurora above, a leaning solar panel and a cabinet in the snow."""
    c.fill(c.everything(), down("#0b1430", "#12284a", "#1d4a63", "#3f7a80"), wash=0.05)
    stars(c, 700, 220)
    for lane, (colour, strength) in enumerate(
        (("#6fe0a8", 0.34), ("#a0f0c0", 0.28), ("#b07ad0", 0.22), ("#6fd0c8", 0.3))
    ):
        spine = [
            (x, 330 + lane * 46 + 90 * math.sin(x / 310 + lane * 1.1) + 26 * math.sin(x / 90 + lane))
            for x in range(-40, 2080, 26)
        ]
        for index, (x, y) in enumerate(spine):
            tall = 170 + 130 * math.sin(index * 0.37 + lane) ** 2
            c.fill(
                c.polygon([(x - 16, y - tall), (x + 16, y - tall * 0.96), (x + 18, y), (x - 15, y + 12)]),
                down("#12284a", mix(colour, "#12284a", 0.3), colour),
                opacity=strength * (0.35 + 0.65 * math.sin(index * 0.9 + lane * 2) ** 2),
            )
    for index, colour in enumerate(("#3d5d7a", "#2b4767")):
        edge = ridge(c.random, base=760 + index * 60, height=230 - index * 70, cells=4)
        land(c, edge, down("#cfe0e6", colour, colour), wash=0.14)
    c.fill(c.card(0, 850, 2000, 150), down("#2c5f74", "#16324c"))
    c.ripples(860, 1000, "#8fe0c0", 60, 0.3)
    snow = [(x, 965 + 30 * math.sin(x / 260)) for x in range(-20, 2041, 20)]
    land(c, snow, down("#c9dfe6", "#86a9bf", "#4a6f92"), wash=0.06)
    for x in (1080, 1440):
        c.fill(
            c.lines([([(x + 50, 1080), (x + 90, 900)], 10), ([(x + 250, 1080), (x + 270, 860)], 10)]),
            "#1a2a40",
        )
        panel = [(x, 1010), (x + 250, 985), (x + 330, 700), (x + 90, 722)]
        c.fill(c.polygon(panel), down("#7fd8c0", "#2b5578", "#14284a"))
        grid = []
        for t in (0, 0.25, 0.5, 0.75, 1):
            grid.append(([(x + 250 * t, 1010 - 25 * t), (x + 90 + 240 * t, 722 - 22 * t)], 3))
        for t in (0, 0.34, 0.67, 1):
            grid.append(([(x + 90 * t, 1010 - 288 * t), (x + 250 + 80 * t, 985 - 285 * t)], 3))
        c.fill(c.lines(grid), "#cfe8ea", opacity=0.65)
    cabinet = c.fill(c.card(560, 820, 210, 290, 10), "#d8dfe0")
    c.shade(cabinet, "#24405a", side="right", amount=0.9)
    c.fill(c.card(548, 796, 234, 36, 14), "#eef4f6")
    c.fill(c.lines([([(590, 880 + step * 18), (690, 880 + step * 18)], 5) for step in range(5)]), "#5a7488")
    c.glow(728, 1000, 70, "#8affc0", 0.9)
    c.fill(c.ellipse(728, 1000, 8), "#d9ffe8")
    c.fill(c.polygon([(520, 1120), (600, 1088), (800, 1096), (860, 1130), (700, 1150)]), "#e6f0f4")
    figure(
        c,
        380,
        1130,
        330,
        coat="#c9503c",
        legs="#1c2438",
        skin="#e0b090",
        hair="#c99a5a",
        hat="#2b3a55",
        arms=((-0.2, 0.48), (0.3, 0.56)),
    )


def bridge_mist(c: Canvas) -> None:
    """A new suspension footbridge across a gorge full of cloud, children on it."""
    c.fill(c.everything(), down("#8fb0ae", "#c3d2c4", "#efe6cc", "#f6ddb4"), wash=0.06)
    c.glow(1000, 560, 760, "#fff6da", 0.85)
    for index, colour in enumerate(("#b3c4b6", "#8faaa0", "#6b8d88")):
        edge = [
            (x, y + 260 * math.exp(-(((x - 1000) / (420 - index * 60)) ** 2)))
            for x, y in ridge(c.random, base=520 + index * 60, height=220, cells=5)
        ]
        land(c, edge, colour, wash=0.09)
        c.fog(700 + index * 90, 120, "#f6ecd2", 0.8)
    left = blob(
        (-200, 500), (60, 560), (250, 690), (330, 760), (300, 900), (380, 1100), (330, 1400), (-200, 1400)
    )
    right = blob(
        (2200, 430),
        (1900, 540),
        (1740, 660),
        (1660, 745),
        (1700, 900),
        (1610, 1080),
        (1680, 1400),
        (2200, 1400),
    )
    for outline, side in ((left, "right"), (right, "left")):
        cliff = c.fill(c.polygon(outline), down("#4f6b52", "#40564c", "#2c3f45"), wash=0.14, brush=0.1)
        c.shade(cliff, "#1a2a33", side="bottom", amount=0.85)
        c.shade(cliff, "#e8d8b0", side=side, amount=0.3, reach=0.35)
    deck = wire((300, 752), (1690, 742), 74)
    cable = wire((282, 500), (1712, 492), 268)
    hangers = [([deck[i], cable[i]], 2.4) for i in range(1, 24)]
    back = [(x, y - 16) for x, y in deck]
    c.fill(
        c.lines([([(282, 500), (120, 640)], 6), ([(1712, 492), (1880, 620)], 6), (cable, 6), *hangers]),
        "#3a3d44",
    )
    for x, y in ((282, 500), (1712, 492)):
        tower = c.fill(
            c.polygon([(x - 26, y + 300), (x - 15, y - 26), (x + 15, y - 26), (x + 26, y + 300)]), "#a04a38"
        )
        c.shade(tower, "#3a1c22", side="right", amount=0.7)
    c.fill(c.line(deck, 15), "#6b4a38")
    c.fill(c.line(back, 4), "#caa070")
    for place, tall, coat, bag in (
        (8, 104, "#c8553d", "#2b4a63"),
        (10, 86, "#e0a03c", "#7a3a48"),
        (12, 94, "#2f6b73", "#d6963f"),
        (17, 132, "#4a4a63", "#4a4a63"),
    ):
        foot, plank = deck[place]
        figure(
            c, foot, plank - 4, tall, coat=coat, legs="#2a2c3a", skin="#c98e64", hair="#1a171d", stride=0.12
        )
        c.fill(c.card(foot - tall * 0.19, plank - tall * 0.78, tall * 0.13, tall * 0.24, 4), bag)
    for x, y, size in ((110, 640, 130), (230, 740, 90), (1830, 610, 130), (1930, 650, 170)):
        round_tree(c, x, y, size, "#56723f", "#3a2e2a")
    c.fog(1040, 190, "#f4ead0", 0.9)
    flock(c, 1180, 330, 6, "#4a5f60", size=18)


def van_road(c: Canvas) -> None:
    """A repair van climbing hairpins in autumn woods."""
    c.fill(c.everything(), down("#d8e0d0", "#efe2bd", "#f2cf96"), wash=0.05)
    for index, colour in enumerate(("#b9bda0", "#a39a72")):
        land(c, ridge(c.random, base=330 + index * 80, height=120, cells=4), colour)
        c.fog(400 + index * 90, 70, "#f7ebcc", 0.6)
    slope = c.card(0, 480, 2000, 800)
    c.fill(slope, down("#b5793c", "#8f5a33", "#4d3a30"), wash=0.12)
    road = curve(
        (2050, 560),
        (1500, 590),
        (700, 560),
        (420, 640),
        (640, 730),
        (1300, 740),
        (1660, 830),
        (1500, 950),
        (800, 960),
        (240, 1060),
        (-60, 1240),
    )
    lane = [(road[i], 26 + i * 0.72) for i in range(len(road) - 1)]
    trees = []
    for _ in range(330):
        x, y = c.random.uniform(-40, 2040), c.random.uniform(470, 1300)
        trees.append((y, x))
    strokes = [([road[i], road[i + 1]], lane[i][1]) for i in range(len(road) - 1)]
    verge = c.lines([(points, width + 34) for points, width in strokes])
    near = c.lines([(points, width + 20) for points, width in strokes]).mask
    tints = ("#d98a3a", "#c0602e", "#e3b04a", "#8a4a2c", "#6f7440", "#a83f2e", "#4f6040")
    painted = []
    for y, x in sorted(trees):
        size = 24 + (y - 470) * 0.105
        box_x, box_y = round(x), round(y - size * 0.2)
        covered = any(
            0 <= box_x + dx < 2000 and 0 <= box_y + dy < 1250 and _covered(verge, box_x + dx, box_y + dy)
            for dx in (-12, 0, 12)
            for dy in (-8, 0, 14)
        )
        if not covered:
            painted.append((x, y, size))
    del near
    for band in range(8):
        low, high = 470 + band * 104, 470 + (band + 1) * 104
        group = [tree for tree in painted if low <= tree[1] < high]
        if not group:
            continue
        c.fill(
            c.ellipses([(x + s * 0.2, y + s * 0.1, s * 0.8, s * 0.35) for x, y, s in group]),
            "#2f2523",
            opacity=0.35,
        )
        for number, tint in enumerate(tints):
            mine = [tree for index, tree in enumerate(group) if index % 7 == number]
            if not mine:
                continue
            crown = c.fill(
                c.polygons(
                    [
                        blob(
                            (x, y - s * 1.9),
                            (x + s * 0.62, y - s * 0.9),
                            (x + s * 0.42, y),
                            (x - s * 0.42, y),
                            (x - s * 0.62, y - s * 0.9),
                        )
                        for x, y, s in mine
                    ]
                ),
                tint,
                wash=0.1,
            )
            c.fill(
                c.polygons(
                    [
                        blob(
                            (x, y - s * 1.6),
                            (x + s * 0.62, y - s * 0.8),
                            (x + s * 0.42, y),
                            (x, y - s * 0.1),
                            (x + s * 0.1, y - s * 0.9),
                        )
                        for x, y, s in mine
                    ]
                ),
                mix(tint, "#241a22", 0.5),
                opacity=0.55,
            )
            del crown
    c.fill(c.lines([(points, width + 10) for points, width in strokes]), "#e8d3a4")
    c.fill(c.lines(strokes), down("#8b8783", "#6a676a", "#545058"))
    dashes = [([road[i], road[i + 1]], 3 + i * 0.03) for i in range(0, len(road) - 1, 3)]
    c.fill(c.lines(dashes), "#f3e6c6", opacity=0.8)
    x, y = 1010, 955
    c.shadow(c.card(x - 150, y - 30, 320, 60, 20), 10, 16, 20, "#1a1418", 0.6)
    body = c.fill(
        c.polygon(
            blob(
                (x - 160, y - 150),
                (x + 60, y - 156),
                (x + 120, y - 92),
                (x + 172, y - 72),
                (x + 176, y - 6),
                (x - 164, y - 4),
                steps=6,
            )
        ),
        "#f3ead6",
    )
    c.shade(body, "#8a6a50", amount=0.6)
    c.fill(c.card(x - 164, y - 68, 338, 26), "#2f6b73")
    c.fill(
        c.polygon([(x + 52, y - 136), (x + 106, y - 86), (x + 30, y - 86), (x + 30, y - 136)]),
        down("#9fc4cc", "#4a7080"),
    )
    c.fill(c.card(x - 130, y - 132, 70, 48, 8), "#4a7080")
    c.fill(c.card(x - 40, y - 132, 56, 48, 8), "#4a7080")
    for wheel in (x - 92, x + 104):
        c.fill(c.ellipse(wheel, y - 2, 36), "#22202a")
        c.fill(c.ellipse(wheel, y - 2, 16), "#b9b2a8")
    c.fill(c.lines([([(x - 140, y - 164), (x + 40, y - 166)], 6)]), "#3a3840")
    c.fill(c.card(x - 110, y - 186, 90, 20, 4), "#c0602e")


def _covered(shape, x: int, y: int) -> bool:  # type: ignore[no-untyped-def]
    left, top, right, bottom = shape.box
    return left <= x < right and top <= y < bottom and bool(shape.mask.getpixel((x - left, y - top)) > 20)


def tea_path(c: Canvas) -> None:
    """Stone steps that go up between hedges of tea into white mist, one carrier."""
    c.fill(c.everything(), down("#dfe4d2", "#cddac4", "#9fb896"), wash=0.08)
    c.glow(1000, 250, 700, "#fffbe6", 0.9)
    for side in (-1, 1):
        for row in range(9, -1, -1):
            near = 1 / (1 + row * 0.34)
            x = 1000 + side * (150 + 520 * near)
            y = 300 + 900 * near
            tufts = [
                (
                    x + side * c.random.uniform(-60, 900) * near,
                    y + c.random.uniform(-50, 50) * near,
                    120 * near * c.random.uniform(0.6, 1.2),
                    84 * near * c.random.uniform(0.6, 1.1),
                )
                for _ in range(22)
            ]
            bush = c.fill(c.ellipses(tufts), mix("#c2d0b2", "#355a3a", near), wash=0.1)
            c.shade(bush, mix("#a9bd9c", "#12302a", near), amount=0.85)
            light = [(tx - 14 * near, ty - 34 * near, rx * 0.5, ry * 0.3) for tx, ty, rx, ry in tufts]
            c.fill(c.ellipses(light), mix("#dce6c6", "#93ad5a", near), opacity=0.55)
        c.fog(520, 130, "#eef0e0", 0.35)
    for step in range(22, -1, -1):
        near = 1 / (1 + step * 0.16)
        y = 250 + 1000 * near
        wide = 330 * near
        sway = 60 * math.sin(step / 4) * (1 - near)
        rise = 50 * near
        c.fill(
            c.polygon(
                [
                    (1000 - wide + sway, y),
                    (1000 + wide + sway, y),
                    (1000 + wide * 0.98 + sway, y + rise),
                    (1000 - wide * 0.98 + sway, y + rise),
                ]
            ),
            mix("#c5cbbb", "#5f625a", near),
            brush=0.1,
        )
        c.fill(
            c.polygon(
                [
                    (1000 - wide + sway, y),
                    (1000 + wide + sway, y),
                    (1000 + wide * 0.94 + sway, y - rise * 0.7),
                    (1000 - wide * 0.94 + sway, y - rise * 0.7),
                ]
            ),
            mix("#dde0d0", "#b9b5a2", near),
            wash=0.1,
        )
    figure(
        c,
        985,
        760,
        300,
        coat="#38506b",
        legs="#2c2b33",
        skin="#b9805a",
        hair="#201c22",
        hat="#d8b878",
        stride=0.07,
        arms=((-0.13, 0.72), (0.13, 0.72)),
    )
    c.fill(c.line(curve((800, 545), (985, 528), (1170, 545)), 10), "#6b4a2e")
    for x in (812, 1158):
        c.fill(c.lines([([(x - 44, 648), (x, 548)], 3), ([(x + 44, 648), (x, 548)], 3)]), "#4a3626")
        c.fill(c.ellipse(x, 646, 54, 26), "#6f8f3f", wash=0.2)
        basket = c.fill(
            c.polygon(blob((x - 56, 650), (x + 56, 650), (x + 42, 712), (x - 42, 712))), "#b58a52", brush=0.16
        )
        c.shade(basket, "#4a3018", amount=0.8)
    c.fog(330, 200, "#f6f5ea", 0.9)


def rooftops(c: Canvas) -> None:
    """County-town roofs in the rain's clearing light, water tanks and small panels."""
    c.fill(c.everything(), down("#54708a", "#93a5a8", "#e3c9a0", "#f0b27c"), wash=0.08)
    c.glow(360, 470, 640, "#ffe6b8", 0.8)
    for index, colour in enumerate(("#8a9396", "#6f7d86")):
        land(c, ridge(c.random, base=480 + index * 50, height=90, cells=4), colour)
        c.fog(520, 60, "#f2d3a8", 0.5)
    for row in range(6):
        y = 580 + row * 105
        shade = row / 5
        x = -80 - c.random.uniform(0, 120)
        while x < 2050:
            wide = c.random.uniform(150, 290) * (0.75 + shade * 0.5)
            tall = c.random.uniform(90, 190)
            tint = c.random.choice(("#b0654a", "#8f5347", "#a3785a", "#75626a", "#c08a62", "#5f6a78"))
            wall = mix(mix("#e6cfae", tint, 0.25), "#1d2436", 0.18 + 0.3 * shade)
            front = c.fill(c.card(x, y - tall * 0.5, wide, 400), wall, wash=0.08)
            c.shade(front, "#1b2236", side="right", amount=0.55)
            if c.random.random() < 0.6:
                roof = c.fill(
                    c.polygon(
                        [
                            (x - 14, y - tall * 0.5),
                            (x + wide * 0.22, y - tall),
                            (x + wide * 0.86, y - tall),
                            (x + wide + 14, y - tall * 0.5),
                        ]
                    ),
                    mix(tint, "#1d2436", 0.35 * shade),
                    brush=0.14,
                )
                c.shade(roof, "#1b2236", side="right", amount=0.5)
                if c.random.random() < 0.55:
                    px = x + wide * 0.34
                    c.fill(
                        c.polygon(
                            [
                                (px, y - tall * 0.58),
                                (px + wide * 0.1, y - tall * 0.94),
                                (px + wide * 0.42, y - tall * 0.94),
                                (px + wide * 0.4, y - tall * 0.58),
                            ]
                        ),
                        down("#8fb6cc", "#23406a"),
                    )
            else:
                c.fill(c.card(x - 6, y - tall * 0.5 - 16, wide + 12, 18), mix(wall, "#ffffff", 0.2))
                tx = x + wide * 0.6
                c.fill(c.card(tx, y - tall * 0.5 - 74, 54, 60, 10), across("#cfd6d4", "#7f8b94"))
                c.fill(
                    c.lines(
                        [
                            ([(x + 40, y - tall * 0.5 - 14), (x + 40, y - tall * 0.5 - 120)], 4),
                            ([(x + 14, y - tall * 0.5 - 104), (x + 66, y - tall * 0.5 - 104)], 3),
                            ([(x + 20, y - tall * 0.5 - 86), (x + 60, y - tall * 0.5 - 86)], 3),
                        ]
                    ),
                    "#2a3040",
                )
            panes = []
            for column in range(max(1, int(wide // 62))):
                px = x + 24 + column * 62
                panes.append(
                    [
                        (px, y - tall * 0.5 + 34),
                        (px + 30, y - tall * 0.5 + 34),
                        (px + 30, y - tall * 0.5 + 76),
                        (px, y - tall * 0.5 + 76),
                    ]
                )
            lit = [pane for pane in panes if c.random.random() < 0.35]
            c.fill(c.polygons(panes), "#2b3448", opacity=0.75)
            if lit:
                c.fill(c.polygons(lit), "#ffd38e")
            x += wide + c.random.uniform(-10, 26)
        c.fog(y + 20, 60, "#f0c596", 0.22)
    c.fill(
        c.lines(
            [
                (wire((-20, 470), (900, 420), 60), 3),
                (wire((900, 420), (2020, 480), 70), 3),
                (wire((-20, 500), (900, 450), 60), 3),
                (wire((900, 450), (2020, 510), 70), 3),
            ]
        ),
        "#2b3040",
    )
    c.fill(
        c.lines(
            [([(900, 1000), (900, 380)], 12), ([(850, 420), (950, 420)], 7), ([(860, 450), (940, 450)], 7)]
        ),
        "#2b3040",
    )
    flock(c, 1350, 300, 11, "#2d3a4c", spread=190, size=20)


SCENES = {
    "mast-dusk": mast_dusk,
    "snow-village": snow_village,
    "tea-terraces": tea_terraces,
    "tea-path": tea_path,
    "solar-field": solar_field,
    "chart-hills": chart_hills,
    "solar-aurora": solar_aurora,
    "bridge-mist": bridge_mist,
    "van-road": van_road,
    "rooftops": rooftops,
}
