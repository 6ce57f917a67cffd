"""What a network has to be able to do, and the words in which it answers.

An adapter knows HTTP and its network's rules. It never sees a row: it is given a `Seat` (settings, secrets, a guarded
way out) and a `Message` (exactly what goes out), and answers with one of the outcomes below. A send is a list of
steps. Before a step is made, its intent is on disk; a step that readers see (`publishes`) is tried once, and when its
answer is lost, `find` looks for it. The other steps may be made again.

The outcomes follow the taxonomy in `docs/delivery.md`: every answer of every network is exactly one of them.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from campaigns.channels.http import Http
from campaigns.channels.messages import Draft, Limits, Message, Picture, Story

Data = Mapping[str, Any]  # JSON


# Outcomes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """A step that readers do not see is made; `data` is for the steps after it."""

    data: Data = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """Accepted. `remote_id` names it there, `url` shows it to people, `data` is what editing and deleting need."""

    remote_id: str = ""
    url: str = ""
    data: Data = field(default_factory=dict)
    is_draft: bool = False  # it waits there for a person
    no_addresses: tuple[
        tuple[int, str], ...
    ] = ()  # recipients that do not exist, with the mail server's words


@dataclass(frozen=True)
class Pending:
    """Accepted, and the network is not done with it: call the same step again after so many seconds, to ask."""

    after: float
    data: Data = field(default_factory=dict)


@dataclass(frozen=True)
class Later:
    """Surely not done. Try again after so many seconds, or at an instant; `whole_account` when that holds for all that
    goes there (a quota). Without a time the engine waits longer each time."""

    reason: str
    code: str = ""
    after: float | None = None
    until: datetime | None = None
    whole_account: bool = False


@dataclass(frozen=True)
class Refused:
    """Surely not done, and trying again would not help: the content or its settings must change."""

    reason: str  # the network's own words where it has any
    code: str = ""


@dataclass(frozen=True)
class Paused:
    """Surely not done: the account cannot send (token ended, no right, blocked). It is paused, its posts are kept."""

    reason: str
    code: str = ""


@dataclass(frozen=True)
class Unsure:
    """It may have arrived. Looked up with `find`, else a person decides; never sent again by itself.

    `data` is kept as the step's result: when a person says that it did not arrive, the step is made again with it. A step
    in shares is made again whatever they say: with `arrived` in its data when what was in doubt is there.
    """

    reason: str
    code: str = ""
    data: Data = field(default_factory=dict)


Outcome = Done | Sent | Pending | Later | Refused | Paused | Unsure


@dataclass(frozen=True)
class Missing:
    """Looked, and it is not there: it surely did not arrive."""


@dataclass(frozen=True)
class CannotTell:
    """This network gives no way to look, or did not answer."""

    reason: str = ""


Found = Sent | Done | Missing | CannotTell
Told = Mapping[str, Mapping[str, int]]  # figures by remote id, then by what they count


# What an adapter is given -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """Something to fill in when an account is connected."""

    name: str
    label: Any  # a lazy sentence
    help: Any = ""
    kind: str = "text"  # text, url, secret, email, number (an int), choice, lines (one text), yes (a bool)
    is_required: bool = True
    default: str = ""
    choices: tuple[tuple[str, Any], ...] = ()
    is_advanced: bool = (
        False  # folded away: where the network's API is, for servers of one's own and for tests
    )

    is_destination: bool = False  # says where secrets are sent, as every field of kind "url" does

    @property
    def is_secret(self) -> bool:
        """Encrypted, and never shown again."""
        return self.kind == "secret"

    @property
    def leads(self) -> bool:
        """Whoever changes it has to give the secrets again: stored ones are never sent to another place."""
        return self.is_destination or self.kind == "url"


@dataclass(frozen=True)
class Identity:
    """Who we are there, as the network says; `limits` where it tells its own; `expires_at` of the credentials."""

    remote_id: str = ""
    name: str = ""
    url: str = ""
    limits: Limits | None = None
    expires_at: datetime | None = None
    notes: tuple[Any, ...] = ()  # lazy sentences to show beside "it works"
    server: str = ""  # where `remote_id` is one of its kind, when the host of `url` does not say
    mark: str = (
        ""  # tells this seat from others where there is no `remote_id`; other credentials may have another
    )


def mark_of_address(url: str) -> str:
    """A mark made of an address, which may be a secret and is not told by it."""
    return hashlib.sha256(url.strip().encode()).hexdigest()[:32]


class Disconnected(Exception):
    """Connecting failed; `sentence` says what to mend, `field` names the field it is about, or is empty."""

    def __init__(self, sentence: Any, field: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence, self.field = sentence, field


class StillRenewing(Exception):
    """Another process did not finish renewing the credentials in time."""


@dataclass(frozen=True)
class Seat:
    """An account, as its adapter sees it. `renewing` is a lock for all processes: inside it, read `secrets_now()`, and
    if they are still the old ones ask the network for new ones and `keep` them before they are used. Entering it raises
    `StillRenewing`."""

    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    http: Http = field(repr=False)
    limits: Limits
    now: Callable[[], datetime]
    read: Callable[[Picture], bytes] = field(repr=False)  # the bytes of a picture of the message
    secrets_now: Callable[[], Mapping[str, str]] = field(repr=False)
    keep: Callable[[Mapping[str, str], datetime | None], None] = field(
        repr=False
    )  # new secrets, when they end
    renewing: Callable[[], AbstractContextManager[None]] = field(repr=False)
    mode: str = "publish"
    recipients: Sequence[tuple[int, str, str]] = ()  # e-mail: number, address, address that ends it
    so_far: Callable[[Data], None] = field(
        default=lambda data: None, repr=False
    )  # inside a step in shares: what is done of it, on disk when this returns; its result if the process ends


@dataclass(frozen=True)
class Step:
    """One call. Keys are unique in a send and the same every time it is planned."""

    key: str  # "upload:1", "part:2"
    publishes: bool = False
    in_shares: bool = (
        False  # `Pending` means that a share of it is done, and the next call does another (a mailing)
    )


Before = Mapping[str, Data]  # results of the steps that are made, by key


class Adapter(ABC):
    """One network. Stateless: one object serves every account and thread."""

    key: ClassVar[str]
    name: ClassVar[Any]
    icon: ClassVar[str] = "channel"
    fields: ClassVar[tuple[Field, ...]] = ()
    guide: ClassVar[tuple[Any, ...]] = ()  # how to get what the fields ask for, a sentence a step
    base_limits: ClassVar[Limits]
    can_edit: ClassVar[bool] = False
    can_delete: ClassVar[bool] = False
    can_find: ClassVar[bool] = False
    can_draft: ClassVar[bool] = False
    usual_mode: ClassVar[str] = "publish"  # "draft" where most accounts may do no more
    is_by_hand: ClassVar[bool] = False  # a person posts; we only prepare and keep the address
    proven_against: ClassVar[str] = "fake"  # "server", "fake" or "protocol"; shown on its docs page
    seconds: ClassVar[float] = 30.0  # of one call; the intent's deadline
    medium: ClassVar[str] = "social"  # utm_medium of links there, until somebody says otherwise
    has_recipients: ClassVar[bool] = False  # it writes to people whose addresses we keep
    counts: ClassVar[tuple[str, ...]] = ()  # figures that it tells of what was sent; none: "not available"
    most_counted: ClassVar[int] = 10  # posts in one question for figures
    tells_followers: ClassVar[bool] = False

    @abstractmethod
    def connect(self, seat: Seat) -> Identity:
        """Ask the network who we are, changing nothing there. Raises `Disconnected`."""

    def limits(self, settings: Mapping[str, Any], told: Mapping[str, Any] | None) -> Limits:
        """The limits that hold for an account: as its server told, else the network's."""
        return Limits.from_json(told) if told else self.base_limits

    @abstractmethod
    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """What this network would say of a story, within its limits, before anybody tailored it."""

    def objection(self, message: Message, settings: Mapping[str, Any], limits: Limits) -> Refused | None:
        """What this network would refuse by a rule of its own, seen before anything is planned. Its pictures are not made
        yet: `name` is empty. Lengths and numbers in `limits` are looked at elsewhere."""
        return None

    @abstractmethod
    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """The calls that send a message, in order; the last of them publishes."""

    @abstractmethod
    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Make one call. Never raises for anything the network or the line does."""

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """Whether a step whose answer was lost was made: by our key or our own link, never by a guess."""
        return CannotTell()

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """Change what was sent to say this; `remote` is the `data` of its `Sent`, with `remote_id` and `url`."""
        raise NotImplementedError

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """Take it away there. What is gone already counts as `Done`."""
        raise NotImplementedError

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """Figures of at most `most_counted` posts, as the network counts them; what it does not tell is absent, never
        nought. When it tells nothing at all: `Later`, or `Paused` when it does not let us in any more."""
        return {}

    def followers(self, seat: Seat) -> int | Later | Paused | None:
        """How many follow the account, where the network tells; None when it did not say."""
        return None
