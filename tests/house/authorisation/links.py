"""Who may use the pages of links."""

from campaigns.links import services
from campaigns.links.models import InboundUTM, UTMValue
from cms.core import clock
from cms.core.database import db, transaction
from tests.campaigns.links.making import make_link
from tests.factories import save
from tests.house.authorisation import everyone, only

RUNS = ("editor", "manager", "admin")
GOVERNS = ("manager", "admin")


def link(rest: str = "") -> str:
    return f"/desk/links/{make_link().id}{rest}"


def value() -> str:
    row = save(UTMValue(field="source", value="newsletter", created_at=clock.now()))
    return f"/desk/links/values/{row.id}/removal"


def inbound(rest: str) -> str:
    with transaction():
        services.note_inbound({"source": "partner", "campaign": "unknown"}, at=clock.now())
    return f"/desk/links/inbound/{db.session.query(InboundUTM).one().id}{rest}"


ROWS = {
    "links.list_links GET": only(*RUNS, at="/desk/links"),
    "links.new_link GET": only(*RUNS, at="/desk/links/new"),
    "links.create_link POST": only(*RUNS, at="/desk/links"),
    "links.edit_link GET": only(*RUNS, at=link),
    "links.save_link POST": only(*RUNS, at=link),
    "links.end_link POST": only(*RUNS, at=lambda: link("/end")),
    "links.resume_link POST": only(*RUNS, at=lambda: link("/end/removal")),
    "links.show_svg GET": only(*RUNS, at=lambda: link("/qr.svg")),
    "links.show_png GET": only(*RUNS, at=lambda: link("/qr.png")),
    "links.show_sheet GET": only(*RUNS, at=lambda: link("/sheet")),
    "links.list_values GET": only(*RUNS, at="/desk/links/values"),
    "links.allow_value POST": only(*GOVERNS, at="/desk/links/values"),
    "links.disallow_value POST": only(*GOVERNS, at=value),
    "links.list_inbound GET": only(*RUNS, at="/desk/links/inbound"),
    "links.map_inbound POST": only(*RUNS, at=lambda: inbound("/campaign")),
    "links.ignore_inbound POST": only(*RUNS, at=lambda: inbound("/dismissal")),
    "links.reopen_inbound POST": only(*RUNS, at=lambda: inbound("/decision/removal")),
    "links.merge_inbound POST": only(
        *RUNS,
        at=lambda: inbound("/merger"),
        data=lambda: {"into": str(db.session.query(InboundUTM).one().id)},
    ),
    "links.part_inbound POST": only(*RUNS, at=lambda: inbound("/merger/removal")),
    "links.follow_link GET": everyone(lambda: f"/l/{make_link().code}"),
    "links.preview_link GET": everyone(lambda: f"/l/{make_link().code}+"),
}
