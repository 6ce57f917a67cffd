"""What an import did, or would do: counts by kind that add up, and every loss by name."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cms.transfer.reading.vocabulary import Loss

KINDS = ("person", "section", "tag", "media", "post", "comment", "address")
OUTCOMES = ("new", "changed", "unchanged", "skipped")
_PLURALS = {"person": "people", "media": "media", "address": "old addresses"}
MOST_DETAILS = 2_000  # kept of one loss; the count is always whole
_SHOWN_DETAILS = 3


@dataclass
class Report:
    """Counts by kind and outcome. For each kind, what the source held is the sum of the outcomes."""

    is_dry_run: bool = False
    site: str = ""
    format: str = ""
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    losses: Counter[str] = field(default_factory=Counter)
    details: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    missing_media: list[str] = field(default_factory=list)

    def count(self, kind: str, outcome: str, times: int = 1) -> None:
        """Note how one item ended."""
        if times:
            self.counts[kind][outcome] += times

    def skip(self, kind: str, reason: str, times: int = 1) -> None:
        """Note an item that was left out, and why."""
        if times:
            self.counts[kind]["skipped"] += times
            self.reasons[kind][reason] += times

    def lose(self, losses: Iterable[Loss]) -> None:
        """Note what did not come through whole."""
        for loss in losses:
            self.losses[loss.sentence] += loss.times
            kept = self.details[loss.sentence]
            if loss.detail and len(kept) < MOST_DETAILS and loss.detail not in kept[-50:]:
                kept.append(loss.detail)

    def miss(self, address: str) -> None:
        """Note a file that was wanted and is not there."""
        self.missing_media.append(address)

    def found(self, kind: str) -> int:
        """How many of this kind the source held."""
        return sum(self.counts[kind].values())

    @property
    def has_changed_anything(self) -> bool:
        """Whether any item is new or changed."""
        return any(counts["new"] or counts["changed"] for counts in self.counts.values())

    def as_dict(self, at: datetime) -> dict[str, Any]:
        """The report as it is saved."""
        return {
            "version": 1,
            "at": at.isoformat(),
            "dry_run": self.is_dry_run,
            "format": self.format,
            "site": self.site,
            "counts": {
                kind: {"source": self.found(kind), **{one: self.counts[kind][one] for one in OUTCOMES}}
                for kind in KINDS
            },
            "skipped": {kind: dict(self.reasons[kind].most_common()) for kind in KINDS if self.reasons[kind]},
            "losses": [
                {"what": sentence, "times": times, "details": self.details[sentence]}
                for sentence, times in self.losses.most_common()
            ],
            "missing_media": self.missing_media,
        }

    def save(self, folder: Path, at: datetime) -> Path:
        """Write the report as JSON; a name of its own each time."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{at:%Y%m%d-%H%M%S}-{self.format or 'import'}"
        number, path = 1, folder / f"{stem}.json"
        while path.exists():
            number += 1
            path = folder / f"{stem}-{number}.json"
        path.write_text(json.dumps(self.as_dict(at), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path

    def as_text(self) -> str:
        """The report as the shell prints it."""
        lines = [f"{'':<14}" + "".join(f"{one:>11}" for one in ("in source", *OUTCOMES))]
        for kind in KINDS:
            if self.found(kind):
                numbers = [self.found(kind), *(self.counts[kind][one] for one in OUTCOMES)]
                lines.append(f"{_plural(kind):<14}" + "".join(f"{number:>11}" for number in numbers))
        skipped = [
            f"  {times:>5} {_plural(kind)}: {reason}"
            for kind in KINDS
            for reason, times in self.reasons[kind].most_common()
        ]
        if skipped:
            lines += ["", "Skipped", *skipped]
        if self.losses:
            lines += ["", "Not kept as it was"]
            lines += [
                f"  {times:>5} × {one}{self._examples(one)}" for one, times in self.losses.most_common()
            ]
        if self.missing_media:
            lines += ["", f"Files that did not come along: {len(self.missing_media)}"]
            lines += [f"        {one}" for one in self.missing_media[:10]]
            if len(self.missing_media) > 10:
                lines.append(f"        … and {len(self.missing_media) - 10} more, in the saved report")
        if not any(self.found(kind) for kind in KINDS):
            lines.append("There was nothing in it.")
        return "\n".join(lines)

    def _examples(self, sentence: str) -> str:
        kept = self.details[sentence]
        if not kept:
            return ""
        shown = ", ".join(one[:60] for one in kept[:_SHOWN_DETAILS])
        return f" ({shown}{', …' if len(kept) > _SHOWN_DETAILS else ''})"


def _plural(kind: str) -> str:
    return _PLURALS.get(kind, f"{kind}s")
