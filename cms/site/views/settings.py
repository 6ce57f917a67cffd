"""Everything that can be set, in one list, for whoever looks for it."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from cms.core.access import allowed, person
from cms.core.pages import page
from cms.people import rules as people
from cms.people.models import Person
from cms.site.rules import can_arrange_site
from cms.site.views import bp
from cms.topics import rules as topics


@dataclass(frozen=True)
class Setting:
    """One page of settings: what is there, and what it is good for."""

    name: str
    about: str
    url: str
    icon: str


@bp.get("/desk/settings")
@allowed(people.is_staff)
def show_all_settings() -> str:
    """What this person may set."""
    by = person()
    assert by is not None
    groups = [(_("The site"), _site(by)), (_("People"), _people(by)), (_("Yours"), _own())]
    return page("cms/site/desk/settings.html", groups=[(name, rows) for name, rows in groups if rows])


def _site(by: Person) -> list[Setting]:
    rows = []
    if can_arrange_site(by):
        rows += [
            Setting(
                _("Identity"),
                _("Name, logo, colour, languages, time zone."),
                url_for(".show_settings"),
                "settings",
            ),
            Setting(
                _("Menus"),
                _("Links at the head and foot, legal pages, profiles elsewhere."),
                url_for(".show_menus"),
                "menu",
            ),
            Setting(
                _("Home page"),
                _("Which blocks stand on it, and in which order."),
                url_for(".show_arrangement"),
                "site",
            ),
            Setting(
                _("Feeds and podcast"),
                _("How much feeds carry, and what directories say of the podcast."),
                url_for(".show_feed_settings"),
                "feed",
            ),
        ]
    if topics.can_edit_topics(by):
        rows += [
            Setting(
                _("Sections"),
                _("The parts of the site, and their order."),
                url_for("topics.list_topics"),
                "topics",
            ),
            Setting(
                _("Tags"),
                _("What posts are about, words that mean the same, hot words."),
                url_for("topics.list_tags"),
                "topics",
            ),
        ]
    return rows


def _people(by: Person) -> list[Setting]:
    rows = []
    if people.can_see_people(by):
        rows.append(
            Setting(
                _("People and roles"),
                _("Who has an account, and what they may do."),
                url_for("people.list_people"),
                "people",
            )
        )
    if people.can_invite(by):
        rows.append(
            Setting(
                _("Invitations"),
                _("Who was invited and has not come yet."),
                url_for("people.list_invitations"),
                "mail",
            )
        )
    if people.can_read_audit(by):
        rows += [
            Setting(
                _("Audit log"), _("Who did what that needed trust."), url_for("people.list_audit"), "check"
            ),
            Setting(
                _("Outgoing mail"),
                _("What waits, what was sent, what was refused."),
                url_for("people.list_mail"),
                "mail",
            ),
        ]
    return rows


def _own() -> list[Setting]:
    return [
        Setting(
            _("Your profile"),
            _("Name, picture, words about you, language and time zone."),
            url_for("people.show_me"),
            "person",
        ),
        Setting(
            _("Your notices"),
            _("What we tell you, on the desk and by mail."),
            url_for("notices.show_choices"),
            "bell",
        ),
        Setting(
            _("Your security"),
            _("Password, second step, where you are signed in."),
            url_for("people.show_security"),
            "check",
        ),
    ]
