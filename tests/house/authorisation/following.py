"""What somebody follows is theirs."""

from tests.factories import make_tag
from tests.house.authorisation import signed_in


def target(rest: str = "") -> str:
    return f"/follow/tag/{make_tag().id}{rest}"


ROWS = {
    "following.show_target GET": signed_in(target),
    "following.follow POST": signed_in(target),
    "following.unfollow POST": signed_in(lambda: target("/removal")),
    "following.show_reading GET": signed_in("/me/reading"),
    "following.export_opml GET": signed_in("/me/reading/opml.xml"),
}
