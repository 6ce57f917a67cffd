"""What reasons, reactions and policies are called."""

from flask_babel import lazy_gettext as _

HELD = {  # why a comment waits, said to who wrote it
    "first": _("it is your first comment here; once one was let through, the next appear at once"),
    "moderated": _("every comment here is read by somebody before it appears"),
    "visitor": _("it was written without an account"),
    "links": _("it has more links than we let through unread"),
    "trap": _("a field that people leave empty was filled in"),
    "fast": _("it was sent within moments of opening the form"),
    "words": _("its words are like those of advertising that was hidden here before"),
    "refused": _("comments of yours were hidden lately"),
    "flagged": _("readers asked us to look at it"),
    "imported": _("it came with an import, and nobody had let it through there"),
    "edited": _("it was changed, and the new words have to be read as well"),
}
REASONS = {  # why a comment is hidden
    "spam": _("Advertising"),
    "rude": _("It insults or threatens somebody"),
    "private": _("It tells private things about somebody"),
    "unlawful": _("The law forbids it"),
    "off_topic": _("It has nothing to do with the subject"),
    "other": _("Another reason"),
}
REACTION_NAMES = {"agree": _("I agree"), "thanks": _("Thank you"), "insight": _("I learned something")}
POLICY_NAMES = {
    "open": _("Everybody, visitors too; theirs wait for a moderator"),
    "members": _("Everybody with an account"),
    "moderated": _("Everybody with an account; each comment waits for a moderator"),
    "off": _("Nobody; comments are not shown"),
}
