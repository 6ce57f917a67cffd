"""What states and reasons are called."""

from flask_babel import lazy_gettext as _

HINT_NAMES = {
    "named": _("a name of the author; it is covered below"),
    "signature": _("looks like a signature"),
    "reachable": _("an address or a number"),
    "own": _("speaks of a blog or employer of one's own"),
}
HELD_NAMES = {
    "young_accounts_together": _("Several accounts made in the last two days voted from the same network."),
    "many_from_one_network": _("Many voters share the network of this young account."),
}
STATE_NAMES = {"counted": _("Counted"), "held": _("Set aside"), "void": _("Void")}
METHOD_NAMES = {
    "mean": _("the plain mean, as every juror scored every entry"),
    "fit": _("a fit of entries and jurors, as not every juror scored every entry"),
    "none": _("nothing, as nobody scored"),
}
BREAK_NAMES = {"head": _("score of the head of the jury"), "lot": _("lot")}
