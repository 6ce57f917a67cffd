import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_setting_is_described_for_operators() -> None:
    source = (ROOT / "cms" / "core" / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r"(?:source\.get\(|_url\(source, )\s*\"([A-Z_]+)\"", source))
    described = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert len(read) > 10
    assert [name for name in sorted(read) if f"`PARLEY_{name}`" not in described] == []


def test_nothing_else_reads_the_environment() -> None:
    reading = [
        str(path.relative_to(ROOT))
        for house in ("cms", "campaigns")
        for path in (ROOT / house).rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    ]
    assert reading == []
