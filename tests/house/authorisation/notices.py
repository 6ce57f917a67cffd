"""What somebody was told: everybody's own, and the links in mail."""

from cms.core import clock
from cms.notices import mails
from tests.factories import make_person
from tests.house.authorisation import HIDDEN, SIGN_IN, each, everyone, signed_in, staff


def stop_address() -> str:
    return f"/notices/mail/{mails.write_token(make_person().id, [])}"


def nobodys(rest: str = "") -> str:
    return f"/notices/1{rest}"


NOT_THEIRS = {
    "visitor": SIGN_IN,
    **dict.fromkeys(("member", "expert", "author", "editor", "manager", "admin"), HIDDEN),
}
ROWS = {
    "notices.list_notices GET": staff("/desk/notices"),
    "notices.count_notices GET": staff("/desk/notices/count"),
    "notices.follow_notice GET": each(at=nobodys, **NOT_THEIRS),
    "notices.read_notice POST": each(at=lambda: nobodys("/reading"), **NOT_THEIRS),
    "notices.read_notices POST": signed_in("/notices/reading", {"until": clock.now().isoformat()}),
    "notices.show_choices GET": signed_in("/me/notices"),
    "notices.save_choices POST": signed_in("/me/notices"),
    "notices.ask_to_stop GET": everyone(stop_address),
    "notices.stop_mail POST": everyone(stop_address),
}
WRITES = {"notices.follow_notice": "going to what a notice is about is reading it"}
COOKIELESS = {
    "notices.stop_mail": "mail programs press it, and the token in the address says who allowed that"
}
