"""Accounts as the API takes and tells them. Secrets go in and never come out."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cms.api.schemas.base import Asked, PageAsked, Time, Told, Word, _

State = Literal["active", "paused"]
Mode = Literal["publish", "draft"]
Short = Annotated[str, StringConstraints(max_length=200)]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Setting = Annotated[str, StringConstraints(max_length=20_000)] | int | bool
Secret = Annotated[str, StringConstraints(max_length=2000)]


class AccountSlotAsked(Asked):
    """A place in the queue."""

    weekday: int = Field(ge=0, le=6, description=_("0 is Monday, 6 is Sunday."))
    time: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}:[0-9]{2}$")] = Field(
        description=_("On the clock of the account's zone, such as 09:30.")
    )


class AccountFields(Asked):
    """What can be said of an account when it is connected and later."""

    name: Annotated[str, StringConstraints(max_length=120)] = Field(
        "", description=_("What the desk calls it; what the network calls it when left out.")
    )
    zone: Zone = Field("UTC", description=_("The time zone its times are read in, such as Asia/Shanghai."))
    language: Literal["", "en", "zh"] = Field(
        "", description=_("Of the stories it is meant for; empty for any.")
    )
    mode: Mode = Field("publish", description=_("Publish, or leave a draft there where the network can."))
    settings: dict[FieldName, Setting] = Field(
        {},
        description=_("What the network asks for and is no secret; its page in the documentation names it."),
    )
    secrets: dict[FieldName, Secret] = Field(
        {}, description=_("What the network asks for and is secret. It is encrypted, and never told again.")
    )
    save_untested: bool = Field(
        False, description=_("Save it, paused, although the network does not let us in.")
    )


class NewAccount(AccountFields):
    """An account to connect. The network is asked before anything is stored."""

    channel: Word = Field(description=_("The key of a network, such as telegram."))


class ChangedAccount(AccountFields):
    """What is to change; fields left out stay as they are. Other settings or secrets are tested before they are stored."""

    quiet_from: Short = Field(
        "", description=_("Nothing goes out from this time on, such as 22:00; empty for never.")
    )
    quiet_until: Short = Field("", description=_("Until this time."))
    latest_minutes: int = Field(
        720, description=_("How long after its time something is still sent, in minutes.")
    )
    prefix: Short = Field("", description=_("Begins every text."))
    signature: Short = Field("", description=_("Ends every text."))
    utm_source: Short = Field("", description=_("Of the links that go out there."))
    utm_medium: Short = Field("", description=_("Of the links that go out there."))
    slots: list[AccountSlotAsked] = Field(
        [],
        max_length=100,
        description=_("The places in its queue; a list that is sent replaces the old one."),
    )
    state: State | None = Field(None, description=_("Pause it, or let it send again."))
    reason: Annotated[str, StringConstraints(max_length=300)] = Field(
        "", description=_("Why it is paused, for people.")
    )


class AccountsAsked(PageAsked):
    """Which accounts."""

    channel: Word | None = Field(None, description=_("Only on this network."))
    state: State | None = Field(None, description=_("Only in this state."))


class AccountSlotTold(Told):
    """A place in the queue."""

    weekday: int = Field(description=_("0 is Monday, 6 is Sunday."))
    time: str = Field(description=_("On the clock of the account's zone."))


class Account(Told):
    """Our seat on a network."""

    id: int = Field(description=_("Its number, for good."))
    channel: str = Field(description=_("The key of its network."))
    name: str = Field(description=_("What the desk calls it."))
    state: State = Field(description=_("Whether it sends."))
    problem: str = Field(
        description=_("Why it does not, or what the last test said; empty when all is well.")
    )
    problem_code: str = Field(description=_("The same for programs."))
    remote_id: str = Field(description=_("Who we are there, as the network says."))
    remote_name: str = Field(description=_("What we are called there."))
    remote_url: str = Field(description=_("Where people see us there."))
    zone: str = Field(description=_("The time zone its times are read in."))
    language: str = Field(description=_("Of the stories it is meant for; empty for any."))
    mode: Mode = Field(description=_("Publish, or leave a draft there."))
    quiet_from: str = Field(description=_("Nothing goes out from this time on; empty for never."))
    quiet_until: str = Field(description=_("Until this time."))
    latest_minutes: int = Field(description=_("How long after its time something is still sent, in minutes."))
    prefix: str = Field(description=_("Begins every text."))
    signature: str = Field(description=_("Ends every text."))
    utm_source: str = Field(description=_("Of the links that go out there."))
    utm_medium: str = Field(description=_("Of the links that go out there."))
    settings: dict[str, str | int | bool] = Field(
        description=_("What the network asks for and is no secret.")
    )
    secrets: list[str] = Field(description=_("The names of the secrets that are stored."))
    slots: list[AccountSlotTold] = Field(description=_("The places in its queue."))
    waiting: int = Field(description=_("How many deliveries have not gone out yet."))
    expires_at: Time | None = Field(description=_("When its credentials end; null when that is not known."))
    checked_at: Time | None = Field(description=_("When the network last let us in."))
    limited_until: Time | None = Field(description=_("Until when the network asked us to wait."))
    created_at: Time = Field(description=_("When it was connected first."))


class AccountList(Told):
    """One page of accounts, those connected first on top."""

    items: list[Account] = Field(description=_("The accounts."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))
