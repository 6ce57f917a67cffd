"""Words that promise something about the environment, people or numbers, and so want a source. Pure.

The lists are those of the advertising standards' usual examples; an editor may replace them on the desk.
"""

import re
from collections.abc import Sequence

from cms.core.text import is_ideographic
from cms.reviews.sentences import sentences

WORDS: dict[str, tuple[str, ...]] = {
    "en": (
        "carbon neutral",
        "carbon-neutral",
        "climate neutral",
        "climate positive",
        "net zero",
        "net-zero",
        "zero emission",
        "zero emissions",
        "zero waste",
        "100% recycled",
        "100% renewable",
        "fully recyclable",
        "biodegradable",
        "eco-friendly",
        "environmentally friendly",
        "sustainable",
        "green energy",
        "plastic-free",
        "fair trade",
        "conflict-free",
        "the first in the world",
        "world's first",
        "world leading",
        "number one",
        "no side effects",
    ),
    "zh": (
        "碳中和",
        "零碳",
        "零排放",
        "净零",
        "负碳",
        "气候友好",
        "绿色",
        "环保",
        "可持续",
        "可降解",
        "百分之百可再生",
        "100%可再生",
        "全部回收",
        "零废弃",
        "公平贸易",
        "全球首个",
        "世界第一",
        "国内首家",
        "行业领先",
        "无副作用",
    ),
}
MOST_FOUND = 20


def find_claims(text: str, words: Sequence[str]) -> list[tuple[str, str]]:
    """Sentences with such a word, as `(word, sentence)`, each sentence once, in order."""
    pattern = _pattern(words)
    if pattern is None:
        return []
    found: dict[str, str] = {}
    for sentence in sentences(text):
        match = pattern.search(sentence)
        if match is not None:
            found.setdefault(sentence, match[0])
        if len(found) == MOST_FOUND:
            break
    return [(word, sentence) for sentence, word in found.items()]


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Latin words stand alone; Han words stand anywhere."""
    parts = [
        re.escape(word) if any(map(is_ideographic, word)) else rf"(?<!\w){re.escape(word)}(?!\w)"
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None
