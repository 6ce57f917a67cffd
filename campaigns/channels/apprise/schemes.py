"""The services that may be named. Only such as speak HTTP, carry texts to people, and have no adapter here; none that
writes to files, to the machine, to mail servers or to arbitrary addresses."""

ALLOWED = frozenset(
    {
        *("bark", "barks"),
        "cliq",
        "flock",
        "gchat",
        *("gotify", "gotifys"),
        "groupme",
        *("humhub", "humhubs"),
        "kook",
        "line",
        *("matrix", "matrixs"),
        *("mmost", "mmosts"),
        *("nctalk", "nctalks"),
        "notifiarr",
        *("ntfy", "ntfys"),
        "pbul",
        "pover",
        "prowl",
        *("pushdeer", "pushdeers"),
        "pushplus",
        "revolt",
        *("rocket", "rockets"),
        "ryver",
        "schan",
        *("signal", "signals"),
        "spugpush",
        "stackfield",
        *("synology", "synologys"),
        "twist",
        *("webex", "wxteams"),
        *("workflow", "workflows"),
        "wxpusher",
        "zohocliq",
        "zoom",
        "zulip",
    }
)
RESERVED = frozenset({"retry", "wait", "overflow", "redirect", "verify", "store", "format", "emojis"})


def scheme(url: str) -> str:
    """What an address begins with, in lower case."""
    return url.strip().partition("://")[0].lower() if "://" in url else ""
