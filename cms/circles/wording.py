"""What settings, states and roles are called."""

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

VISIBILITY = {
    "public": _("Everybody: it has a page that anybody finds and reads"),
    "members": _("Who has an account: visitors find nothing"),
    "hidden": _("Only its members: to everybody else it is as if it were not there"),
}
JOINING = {
    "open": _("Whoever wants to joins at once"),
    "request": _("People ask, and a moderator decides"),
    "invitation": _("Only who is invited"),
}
CONTENT = {
    "all": _("Whoever can see the circle, unless its writer says otherwise"),
    "members": _("Its members, unless its writer says otherwise"),
}
SHORT_VISIBILITY = {
    "public": lazy_pgettext("circle", "Public"),
    "members": lazy_pgettext("circle", "For accounts"),
    "hidden": lazy_pgettext("circle", "Hidden"),
}
SHORT_JOINING = {
    "open": _("Open to join"),
    "request": _("By request"),
    "invitation": _("By invitation"),
}
AUDIENCES = {"all": _("Whoever can see the circle"), "members": _("Members only")}
ROLES = {
    "owner": lazy_pgettext("circle", "Owner"),
    "moderator": lazy_pgettext("circle", "Moderator"),
    "member": lazy_pgettext("circle", "Member"),
}
OLD_TOPICS = {
    "keep": _("Leave what was written as it is"),
    "members": _("Everything written so far is for members only from now on"),
}
REASONS = {
    "shared": _("You shared posts about this"),
    "wrote": _("You wrote about this"),
    "joined": _("You are in circles about this"),
}
