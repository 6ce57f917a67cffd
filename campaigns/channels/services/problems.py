"""What can stand against an act on an account, in sentences."""

from flask_babel import gettext as _

from cms.core.errors import Conflict, Invalid


class AlreadyConnected(Conflict):
    """The same remote account is connected once."""

    def __init__(self, name: str, account_id: int) -> None:
        self.account_id = account_id
        super().__init__(_("This account is connected already, as “%(name)s”.", name=name))


class AnotherAccount(Conflict):
    """Credentials that open somebody else's door."""

    def __init__(self, name: str, was: str) -> None:
        super().__init__(
            _(
                "These credentials belong to another account, %(name)s, and this one is %(was)s. "
                "Please connect the other one as an account of its own.",
                name=name,
                was=was,
            )
        )


class ChangedMeanwhile(Conflict):
    """Somebody saved the account after this page was opened. `errors` say what is saved now, field by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        message = _(
            "Somebody else saved this account meanwhile. Please look at what differs, and save again."
        )
        super().__init__(message, errors=errors)


class NotThisName(Invalid):
    """What cannot be undone asks for the name of the thing."""

    def __init__(self) -> None:
        sentence = _("Please type the name of the account exactly as it stands above.")
        super().__init__(sentence, errors={"name": sentence})
