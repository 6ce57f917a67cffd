"""Who reads reports: those who run campaigns."""

from tests.campaigns.reports import kept
from tests.factories import make_campaign, make_post
from tests.house.authorisation import everyone, only

RUNS = ("editor", "manager", "admin")
GOVERNS = ("manager", "admin")


def figure() -> str:
    one, other = make_campaign("One"), make_campaign("Other")
    return f"/desk/reports/figure?campaign={one.id}&campaign={other.id}&of={one.id}&figure=views"


DASHBOARDS = {
    "show_now": "",
    "show_reading": "/now",
    "show_posts": "/posts",
    "show_accounts": "/accounts",
    "show_links": "/links",
    "show_authors": "/authors",
    "show_feeds": "/feeds",
    "show_campaigns_today": "/campaigns",
}


def compared(rest: str = "") -> str:
    one, other = make_campaign("One"), make_campaign("Other")
    return f"/desk/reports/comparison{rest}?campaign={one.id}&campaign={other.id}"


def view(rest: str = "") -> str:
    return f"/desk/reports/views/{kept.view(kept.owner()).id}{rest}"


def share() -> str:
    return f"/desk/reports/shares/{kept.share(kept.owner())[0]}/revocation"


def note(rest: str = "") -> str:
    return f"/desk/reports/annotations/{kept.note(kept.owner()).id}{rest}"


def mail() -> str:
    return f"/desk/reports/mails/{kept.mail(kept.owner()).id}/removal"


def shared(rest: str = "") -> str:
    return f"/shared/reports/{kept.share(kept.owner())[1]}{rest}"


def stop() -> str:
    return f"/reports/mails/{kept.stop_token(kept.mail(kept.owner()))}/end"


COOKIELESS = {
    "reports.stop_mail": "mail programs press the button by themselves; the token says who allowed it"
}
ROWS = {
    **{f"reports.{name} GET": only(*RUNS, at=f"/desk/reports{path}") for name, path in DASHBOARDS.items()},
    "reports.show_post GET": only(*RUNS, at=lambda: f"/desk/reports/posts/{make_post().id}"),
    "reports.export_comparison GET": only(*RUNS, at=lambda: compared(".csv")),
    "reports.show_attribution GET": only(*RUNS, at="/desk/reports/attribution"),
    "reports.show_kept GET": only(*RUNS, at="/desk/reports/kept"),
    "reports.save_view POST": only(*RUNS, at="/desk/reports/views"),
    "reports.open_view GET": only(*RUNS, at=view),
    "reports.remove_view POST": only(at=lambda: view("/removal")),  # its owner alone
    "reports.begin_mail POST": only(*RUNS, at=lambda: view("/mails")),
    "reports.end_mail POST": only(at=mail),  # whom it comes to alone
    "reports.share_report POST": only(*RUNS, at="/desk/reports/shares"),
    "reports.revoke_share POST": only(*GOVERNS, at=share),
    "reports.add_annotation POST": only(*RUNS, at="/desk/reports/annotations"),
    "reports.edit_annotation GET": only(*GOVERNS, at=note),
    "reports.save_annotation POST": only(*GOVERNS, at=note),
    "reports.remove_annotation POST": only(*GOVERNS, at=lambda: note("/removal")),
    "reports.show_shared GET": everyone(at=shared),
    "reports.export_shared GET": everyone(at=lambda: shared("/report.csv")),
    "reports.stop_mail GET": everyone(at=stop),
    "reports.stop_mail POST": everyone(at=stop),
    "reports.show_comparison GET": only(*RUNS, at="/desk/reports/comparison"),
    "reports.show_figure GET": only(*RUNS, at=figure),
}
