"""Films and sounds of other sites, by their address. Pages show them only when a reader asks, and ask nobody before.

A provider is known by anchored patterns of its addresses; only the identifier found there goes into the address of its
player. To add one is a line in `PROVIDERS`; its host then stands in the content security policy of every page.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Provider:
    """One site: `patterns` find `id` (and `kind`) in an address, `frame` is the address of its player."""

    name: str
    shape: str  # "film" or "sound"
    patterns: tuple[str, ...]
    frame: str


@dataclass(frozen=True)
class Embed:
    """One address of a known site."""

    name: str
    shape: str
    address: str
    frame: str


_END = r"(?:[?&#][^\s]*)?/?$"
PROVIDERS = (
    Provider(
        "YouTube",
        "film",
        (
            r"^https?://(?:www\.|m\.)?youtube\.com/watch\?(?:[\w=&%.-]*&)?v=(?P<id>[\w-]{11})(?:[&#][^\s]*)?$",
            rf"^https?://(?:www\.|m\.)?youtube\.com/(?:shorts|live|embed)/(?P<id>[\w-]{{11}}){_END}",
            rf"^https?://youtu\.be/(?P<id>[\w-]{{11}}){_END}",
        ),
        "https://www.youtube-nocookie.com/embed/{id}",
    ),
    Provider(
        "Vimeo",
        "film",
        (rf"^https?://(?:www\.)?vimeo\.com/(?P<id>\d{{5,12}}){_END}",),
        "https://player.vimeo.com/video/{id}?dnt=1",
    ),
    Provider(
        "哔哩哔哩",
        "film",
        (rf"^https?://(?:www\.|m\.)?bilibili\.com/video/(?P<id>BV[0-9A-Za-z]{{10}})/?{_END}",),
        "https://player.bilibili.com/player.html?bvid={id}&autoplay=0",
    ),
    Provider(
        "腾讯视频",
        "film",
        (rf"^https?://v\.qq\.com/x/(?:page|cover/\w{{1,40}})/(?P<id>\w{{11}})\.html{_END}",),
        "https://v.qq.com/txp/iframe/player.html?vid={id}",
    ),
    Provider(
        "优酷",
        "film",
        (rf"^https?://v\.youku\.com/v_show/id_(?P<id>[\w=]{{5,30}})\.html{_END}",),
        "https://player.youku.com/embed/{id}",
    ),
    Provider(
        "Dailymotion",
        "film",
        (rf"^https?://(?:www\.)?dailymotion\.com/video/(?P<id>[0-9a-zA-Z]{{5,12}}){_END}",),
        "https://geo.dailymotion.com/player.html?video={id}",
    ),
    Provider(
        "TED",
        "film",
        (rf"^https?://(?:www\.)?ted\.com/talks/(?P<id>[a-z0-9_]{{3,120}}){_END}",),
        "https://embed.ted.com/talks/{id}",
    ),
    Provider(
        "Spotify",
        "sound",
        (
            rf"^https?://open\.spotify\.com/(?:intl-\w{{2}}/)?(?P<kind>track|album|episode|show|playlist)/(?P<id>[0-9A-Za-z]{{22}}){_END}",
        ),
        "https://open.spotify.com/embed/{kind}/{id}",
    ),
    Provider(
        "SoundCloud",
        "sound",
        (rf"^https?://(?:www\.)?soundcloud\.com/(?P<id>[\w-]{{1,60}}/(?:sets/)?[\w-]{{1,120}}){_END}",),
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/{id}",
    ),
)
FRAME_HOSTS = tuple(sorted({f"https://{urlsplit(one.frame).netloc}" for one in PROVIDERS}))
_LONGEST = 500


def find_embed(address: str) -> Embed | None:
    """The player for an address, when a known site has one."""
    if len(address) > _LONGEST:
        return None
    for provider in PROVIDERS:
        for pattern in provider.patterns:
            found = re.match(pattern, address, re.ASCII)
            if found:
                parts = {name: quote(value, safe="") for name, value in found.groupdict().items()}
                return Embed(provider.name, provider.shape, address, provider.frame.format(**parts))
    return None


def is_frame(address: str) -> bool:
    """Whether this is the address of a player that `find_embed` could have made."""
    return any(re.fullmatch(_made_by(one), address, re.ASCII) for one in PROVIDERS)


def _made_by(provider: Provider) -> str:
    parts = re.split(r"\{\w+\}", provider.frame)
    return r"[\w%=-]{1,200}".join(map(re.escape, parts))
