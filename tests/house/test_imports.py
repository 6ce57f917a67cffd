"""Rooms import only rooms above them, drawers only drawers above them, and a few things have one home."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = (
    "core people notices media topics calendar drafts posts reviews comments circles site contributions blogs following"
    " contests transfer api"
).split()
CAMPAIGN_ROOMS = "plans channels links deliveries engagement goals polls reports".split()
DRAWERS = "events models rules queries services forms views panels jobs commands".split()
PRIVATE_DRAWERS = {"forms", "views", "panels", "jobs", "commands"}  # never used by another room
ASKS_THE_TIME = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "ctime"),
}  # fmt: skip
# A process of its own, which imports a client to take its way out away: every request goes by the guarded client.
WITHOUT_NETWORK = Path("campaigns/channels/apprise/child.py")
REACHES_OUT = {"httpx", "requests", "aiohttp", "urllib3", "urllib.request", "http.client"}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for house in ("cms", "campaigns"):
        for path in sorted((ROOT / house).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Names of imported modules, without those only needed for types."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)
        yield from imported(node)


def test_rooms_import_only_rooms_above_them() -> None:
    wrong = []
    for path, tree in sources():
        house, room = path.parts[0], path.parts[1]
        rooms = ROOMS if house == "cms" else CAMPAIGN_ROOMS
        for name in imported(tree):
            parts = name.split(".")
            if (parts[0] == "campaigns" and house == "cms") or parts[0] in ("app", "tests"):
                wrong.append(f"{path} imports {name}")
            elif parts[0] == house and len(parts) > 1 and parts[1] in rooms and room in rooms:
                above = rooms.index(parts[1]) < rooms.index(room)
                private = len(parts) > 2 and parts[2] in PRIVATE_DRAWERS
                if parts[1] != room and (not above or private):
                    wrong.append(f"{path} imports {name}")
            elif (
                parts[0] == "cms" and house == "campaigns" and len(parts) > 2 and parts[2] in PRIVATE_DRAWERS
            ):
                wrong.append(f"{path} imports {name}")
    assert wrong == []


def test_every_room_is_in_the_design() -> None:
    unknown = [
        path for path, _ in sources() if len(path.parts) > 2 and path.parts[1] not in ROOMS + CAMPAIGN_ROOMS
    ]
    assert unknown == []


def test_drawers_import_only_drawers_above_them() -> None:
    wrong = []
    for path, tree in sources():
        if len(path.parts) < 3 or path.parts[1] == "core":
            continue
        drawer = Path(path.parts[2]).stem
        for name in imported(tree):
            parts = name.split(".")
            if parts[:2] == list(path.parts[:2]) and len(parts) > 2 and parts[2] in DRAWERS:
                if drawer in DRAWERS:
                    below = DRAWERS.index(parts[2]) > DRAWERS.index(drawer)
                else:  # a module with a name of its own serves the drawers; it never uses the web or the shell
                    below = parts[2] in PRIVATE_DRAWERS
                if below:
                    wrong.append(f"{path} imports {name}")
    assert wrong == []


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        if path != Path("cms/core/clock.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and tuple(ast.unparse(node).split(".")[-2:]) in ASKS_THE_TIME
    ]
    assert asking == []


def test_only_the_guarded_client_reaches_out() -> None:
    reaching = [
        f"{path} imports {name}"
        for path, tree in sources()
        if path not in (Path("cms/core/outbound.py"), WITHOUT_NETWORK)
        for name in imported(tree)
        if name in REACHES_OUT or name.split(".")[0] in REACHES_OUT
    ]
    assert reaching == []


def test_only_markup_declares_html_safe() -> None:
    declaring = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        if path != Path("cms/core/markup.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Markup"
    ]
    assert declaring == []
