"""Paragraphs out of line breaks, the way WordPress makes them when it shows a classic text.

A port of `wpautop`, with every pattern bounded so that no text takes more than linear time.
"""

import re

_BLOCKS = (
    "(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|"
    "address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|"
    "details|menu|summary|audio|video)"
)
_TAG = f"</?{_BLOCKS}(?=[\\s/>])[^<>]*>"
_INSIDE_TAG = re.compile(r"<[^<>]*>")
_RULES = [
    (re.compile(r"<br ?/?>\s?<br ?/?>", re.I), "\n\n"),
    (re.compile(f"(<{_BLOCKS}(?=[\\s/>]))", re.I), r"\n\n\1"),
    (re.compile(f"(</{_BLOCKS}>|<hr ?/?>)", re.I), r"\1\n\n"),
    (re.compile(r"\n ?(?=\n)"), "\n"),
    (re.compile(r"\n{2,}"), "\n\n"),
]
_REPAIRS = [
    (re.compile(r"<p>\s?</p>"), ""),
    (re.compile(r"<p>([^<]+)</(div|address|form)>"), r"<p>\1</p></\2>"),
    (re.compile(r"<p><blockquote([^<>]*)>", re.I), r"<blockquote\1><p>"),
    (re.compile(r"</blockquote></p>", re.I), "</p></blockquote>"),
    (re.compile(f"<p>\\s?({_TAG})", re.I), r"\1"),
    (re.compile(f"({_TAG})\\s?</p>", re.I), r"\1"),
    (re.compile(r"<br ?/?>\n?", re.I), "<br>\n"),
    (re.compile(r"(?<!<br>) ?\n"), "<br>\n"),
    (re.compile(f"({_TAG})\\s?<br>", re.I), r"\1"),
    (re.compile(r"<br>(\s?</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol)(?=[\s/>]))", re.I), r"\1"),
    (re.compile(r"<br>(\n?</p>)"), r"\1"),
]


def autop(text: str) -> str:
    """The text with `<p>` around what stands between empty lines and `<br>` at single line ends."""
    if not text.strip():
        return ""
    text, kept = _set_aside(re.sub("[\x01\x02]", "", text))
    text = re.sub(r"[ \t\xa0]{2,}", " ", text.replace("\r\n", "\n").replace("\r", "\n"))
    for pattern, put in _RULES[:3]:
        text = pattern.sub(put, text)
    text = _INSIDE_TAG.sub(lambda tag: tag[0].replace("\n", " "), text)
    for pattern, put in _RULES[3:]:
        text = pattern.sub(put, text)
    paragraphs = [part.strip(" \n") for part in text.split("\n\n")]
    text = "\n".join(f"<p>{part}</p>" for part in paragraphs if part)
    text = re.sub(r"(</p>)\n(<p>)", "\\1\x02\\2", text)  # line ends between paragraphs are not breaks
    for pattern, put in _REPAIRS:
        text = pattern.sub(put, text)
    text = text.replace("\x02", "\n")
    return re.sub(
        r"<pre>\x01(\d+)\x01</pre>|\x01(\d+)\x01", lambda match: kept[int(match[1] or match[2])], text
    )


def _set_aside(text: str) -> tuple[str, list[str]]:
    """Preformatted passages keep their line ends: they are taken out before and put back after."""
    kept: list[str] = []
    parts = re.split(r"(</(?:pre|script|style|textarea)>)", text, flags=re.I)
    made = []
    for part, end in zip(parts[::2], [*parts[1::2], ""], strict=True):
        start = re.search(rf"<{end[2:-1]}(?=[\s>])", part, re.I) if end else None
        if start is None:
            made.append(part + end)
            continue
        mark = f"\x01{len(kept)}\x01"
        is_block = end.lower() == "</pre>"
        made.append(part[: start.start()] + (f"\n\n<pre>{mark}</pre>\n\n" if is_block else mark))
        kept.append(part[start.start() :] + end)
    return "".join(made), kept
