"""What every adapter has to do, whichever network it is for. Each network's test module subclasses `Contract`.

    class TestWebhook(Contract):
        adapter = Webhook()
        settings = {"url": "{url}/hook"}      # {url} is where the network runs
        secrets = {"secret": SECRET}

        def network(self): return WebhookReceiver()

The network is a real HTTP server on loopback (`tests/networks`), reached through our guarded client.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any, ClassVar

import pytest

from campaigns.channels.adapter import (
    Adapter,
    CannotTell,
    Data,
    Disconnected,
    Done,
    Later,
    Missing,
    Outcome,
    Paused,
    Pending,
    Refused,
    Seat,
    Sent,
    Unsure,
)
from campaigns.channels.counting import excess
from campaigns.channels.http import Http
from campaigns.channels.messages import Message, Part, Story
from cms.core.outbound import OutboundClient
from tests.networks import Network, running

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KEY = "0b9f6a52-6a0e-4c3e-9c86-2f6d1f3a7a11"
LOOPBACK = ip_network("127.0.0.0/8")


def message(text: str = "Salt eats copper slowly. https://example.com/l/abc12", **fields: Any) -> Message:
    """One that every network takes."""
    usual: dict[str, Any] = {
        "key": KEY,
        "language": "en",
        "parts": (Part(text),),
        "url": "https://example.com/posts/salt",
        "link": "https://example.com/l/abc12",
        "planned_at": AT,
        "title": "What salt does to a mast",
        "summary": "Salt eats copper slowly.",
        "html": "<p>Salt eats copper slowly.</p>",
        "tags": ("sea", "metal"),
        "authors": ("Mara Lindgren",),
    }
    return Message(**{**usual, **fields})


def story(**fields: Any) -> Story:
    """One that every network can say something of."""
    usual: dict[str, Any] = {
        "post_id": 1,
        "revision_id": 1,
        "kind": "article",
        "language": "en",
        "title": "What salt does to a mast",
        "summary": "Salt eats copper slowly.",
        "text": "Salt eats copper slowly. Paint helps.",
        "html": "<p>Salt eats copper slowly. Paint helps.</p>",
        "url": "https://example.com/posts/salt",
        "link": "https://example.com/l/abc12",
        "tags": ("sea", "metal"),
    }
    return Story(**{**usual, **fields})


def drive(
    adapter: Adapter,
    sent: Message,
    seat: Seat,
    before: dict[str, Data] | None = None,
    *,
    most_asked: int = 5,
) -> Outcome:
    """Make the steps one after the other as the engine does, without its rows; gives the first that is not `Done`."""
    made: dict[str, Data] = before if before is not None else {}
    outcome: Outcome = Done()
    for step in adapter.steps(sent, seat.settings):
        if step.key in made:
            continue
        for _ in range(most_asked):
            outcome = adapter.send(step, sent, seat, made)
            if not isinstance(outcome, Pending):
                break
            made[step.key] = outcome.data
        if isinstance(outcome, Done | Sent):
            made[step.key] = (
                outcome.data
                if isinstance(outcome, Done)
                else {**outcome.data, "remote_id": outcome.remote_id, "url": outcome.url}
            )
        if not isinstance(outcome, Done | Sent):
            return outcome
    return outcome


class Contract:
    """The tests. A subclass with a rule of its own overrides one, and says why."""

    adapter: ClassVar[Adapter]
    settings: ClassVar[Mapping[str, Any]] = {}
    secrets: ClassVar[Mapping[str, str]] = {}
    token_refused: ClassVar[tuple[str, Mapping[str, str], Any]] = ("401", {}, {"error": "no"})
    deduplicates: ClassVar[bool] = False  # the network itself leaves out what it has: sending again is safe

    def network(self) -> Network:
        """The network, not yet running."""
        raise NotImplementedError

    def message(self) -> Message:
        """What is sent in these tests."""
        return message()

    @pytest.fixture
    def there(self) -> Iterator[Network]:
        """The network, running."""
        with running(self.network()) as network:
            yield network

    @pytest.fixture
    def seat(self, there: Network) -> Seat:
        """Our seat on it."""
        return self.seat_at(there.url)

    def seat_at(self, url: str, *, allow: bool = True, seconds: float = 1.0) -> Seat:
        """A seat on a network at this address. Renewed secrets are in `self.kept`."""
        self.kept: dict[str, str] = {}
        client = OutboundClient(allow=[LOOPBACK] if allow else [])
        secrets = {name: value.replace("{url}", url) for name, value in self.secrets.items()}

        def keep(secrets: Mapping[str, str], ends_at: datetime | None) -> None:
            self.kept |= secrets

        return Seat(
            settings={
                name: value.format(url=url) if isinstance(value, str) else value
                for name, value in self.settings.items()
            },
            secrets=secrets,
            http=Http(client.fetch, seconds=seconds, addresses=client.mail_addresses),
            limits=self.adapter.base_limits,
            now=lambda: AT,
            read=lambda picture: b"\x89PNG",
            secrets_now=lambda: {**secrets, **self.kept},
            keep=keep,
            renewing=nullcontext,
        )

    def publishing_calls_only(self, network: Network, *behaviours: Any) -> None:
        """Script the call that publishes. Overridden where others come before it."""
        network.script(*behaviours)

    # The tests

    def test_it_says_who_we_are(self, seat: Seat) -> None:
        identity = self.adapter.connect(seat)
        assert identity.name != ""
        assert identity.remote_id or identity.mark, "or the same account can be connected twice"
        assert self.adapter.connect(seat).mark == identity.mark

    def test_a_wrong_token_is_told_when_connecting(self, there: Network, seat: Seat) -> None:
        there.script(self.token_refused)
        with pytest.raises(Disconnected):
            self.adapter.connect(seat)

    def test_nobody_at_the_address_is_told_when_connecting(self) -> None:
        with pytest.raises(Disconnected):
            self.adapter.connect(self.seat_at("http://127.0.0.1:9"))

    def test_a_message_arrives_once(self, there: Network, seat: Seat) -> None:
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, Sent), outcome
        assert len(there.ledger) == 1

    def test_the_last_step_publishes_and_keys_are_unique(self, seat: Seat) -> None:
        steps = self.adapter.steps(self.message(), seat.settings)
        assert steps[-1].publishes
        assert len({one.key for one in steps}) == len(steps)
        assert steps == self.adapter.steps(self.message(), seat.settings)

    def test_the_same_message_has_the_same_bytes(self) -> None:
        bodies = []
        for _ in range(2):
            with running(self.network()) as network:
                drive(self.adapter, self.message(), self.seat_at(network.url))
                bodies.append(
                    [one.body.replace(network.url.encode(), b"") for one in network.requests if one.body]
                )
        assert bodies[0] == bodies[1]

    def test_nobody_there_is_later_and_never_unsure(self) -> None:
        outcome = drive(self.adapter, self.message(), self.seat_at("http://127.0.0.1:9"))
        assert isinstance(outcome, Later), outcome

    def test_a_lost_answer_is_never_a_second_post(self, there: Network, seat: Seat) -> None:
        for behaviour in ("cut", "hang", "500_after"):
            there.ledger.clear()
            sent = replace(self.message(), key=KEY[:-2] + str(10 + len(behaviour)))
            made: dict[str, Data] = {}
            self.publishing_calls_only(there, behaviour)
            outcome = drive(self.adapter, sent, seat, made)
            assert isinstance(outcome, Later if self.deduplicates else Unsure), (behaviour, outcome)
            assert len(there.ledger) == 1, behaviour
            step = next(one for one in self.adapter.steps(sent, seat.settings) if one.key not in made)
            found = self.adapter.find(step, sent, seat, made)
            if self.deduplicates:
                assert isinstance(drive(self.adapter, sent, seat, made), Sent)
            elif self.adapter.can_find:
                assert isinstance(found, Sent | Done), (behaviour, found)
            else:
                assert isinstance(found, CannotTell), (behaviour, found)
            assert len(there.ledger) == 1, behaviour

    def test_what_did_not_arrive_is_found_missing(self, there: Network, seat: Seat) -> None:
        if not self.adapter.can_find:
            return
        made: dict[str, Data] = {}
        self.publishing_calls_only(there, "cut_before")
        drive(self.adapter, self.message(), seat, made)
        step = next(one for one in self.adapter.steps(self.message(), seat.settings) if one.key not in made)
        assert isinstance(self.adapter.find(step, self.message(), seat, made), Missing)
        assert there.ledger == []

    def test_a_quota_is_kept_to_the_second(self, there: Network, seat: Seat) -> None:
        self.publishing_calls_only(there, self.quota())
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, Later), outcome
        assert outcome.whole_account
        until = outcome.until or AT + timedelta(seconds=outcome.after or 0)
        assert until == AT + timedelta(seconds=self.quota_seconds)
        assert there.ledger == []

    quota_seconds: ClassVar[float] = 7  # of a network that does not tell: what its rules are known to ask for

    def quota(self) -> Any:
        """How this network says: wait seven seconds."""
        return ("429", {"Retry-After": "7"})

    def test_an_ended_token_pauses_the_account(self, there: Network, seat: Seat) -> None:
        self.publishing_calls_only(there, *[self.token_refused] * 6)
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, Paused), outcome
        assert there.ledger == []

    @pytest.mark.parametrize("status", ["302", "400", "403", "404", "500", "502"])
    def test_any_answer_is_an_outcome(self, there: Network, seat: Seat, status: str) -> None:
        html = b"<html><body>A page of a firewall</body></html>"
        self.publishing_calls_only(
            there, (status, {"Location": "http://127.0.0.1:9/", "Content-Type": "text/html"}, html)
        )
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, Later | Refused | Paused | Unsure), outcome
        assert there.ledger == []

    def test_a_web_page_instead_of_an_answer_is_not_success(self, there: Network, seat: Seat) -> None:
        if type(self).answers_mean_nothing:
            return
        self.publishing_calls_only(there, ("200", {"Content-Type": "text/html"}, b"<html>Welcome</html>"))
        assert not isinstance(drive(self.adapter, self.message(), seat), Sent)

    answers_mean_nothing: ClassVar[bool] = False  # any 2xx is success, whatever its body says

    def test_a_private_address_is_refused_without_being_asked(self) -> None:
        if not self.goes_anywhere():
            return
        with running(self.network()) as network:
            seat = self.seat_at(network.url, allow=False)
            outcome = drive(self.adapter, self.message(), seat)
            assert isinstance(outcome, Refused | Paused), outcome
            assert network.requests == []

    def goes_anywhere(self) -> bool:
        """Whether people type its address."""
        return any("{url}" in str(one) for one in self.settings.values())

    def test_no_secret_shows_in_what_is_said(self, there: Network, seat: Seat) -> None:
        said = [repr(seat)]
        for behaviour in ("cut", self.token_refused, ("400", {}, {"error": "no"})):
            self.publishing_calls_only(there, behaviour)
            said.append(repr(drive(self.adapter, self.message(), seat)))
        for secret in seat.secrets.values():
            assert not any(secret in one for one in said)

    def test_figures_are_those_it_says_it_counts(self, there: Network, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent), sent
        asked = len(there.requests)
        told = self.adapter.metrics(seat, [{**sent.data, "remote_id": sent.remote_id, "url": sent.url}])
        assert isinstance(told, Mapping), told
        if not self.adapter.counts:
            assert told == {}  # not available
            assert len(there.requests) == asked
        for figures in told.values():
            assert set(figures) <= set(self.adapter.counts)
            assert all(isinstance(one, int) and one >= 0 for one in figures.values())
        assert len(there.ledger) == 1

    def counted(self, sent: Sent) -> Data:
        """What was sent, so that figures of it can be asked for."""
        return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}

    def test_asking_for_figures_keeps_quotas_and_never_guesses(self, there: Network, seat: Seat) -> None:
        if not self.adapter.counts:
            return
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent), sent
        remotes = [self.counted(sent)]
        there.script(self.quota())
        later = self.adapter.metrics(seat, remotes)
        assert isinstance(later, Later), later
        until = later.until or AT + timedelta(seconds=later.after or 0)
        assert until == AT + timedelta(seconds=self.quota_seconds)
        there.script("cut")
        assert isinstance(self.adapter.metrics(seat, remotes), Later)
        there.script(*[self.token_refused] * 3)
        assert isinstance(self.adapter.metrics(seat, remotes), Later | Paused)

    def test_followers_are_told_or_not_available(self, there: Network, seat: Seat) -> None:
        told = self.adapter.followers(seat)
        assert told == (1204 if self.adapter.tells_followers else None)
        if self.adapter.tells_followers:
            there.script(self.quota())
            assert isinstance(self.adapter.followers(seat), Later)

    def test_what_it_composes_fits(self) -> None:
        limits = self.adapter.base_limits
        long = story(title="盐会慢慢腐蚀铜。" * 40, summary="Salt eats copper slowly. " * 400)
        for one in (story(), long):
            draft = self.adapter.compose(one, limits, self.settings)
            assert all(excess(part.text, limits) == 0 for part in draft.parts)
            assert limits.title is None or len(draft.title) <= limits.title

    def test_secret_fields_are_the_secrets(self) -> None:
        assert set(self.secrets) <= {one.name for one in self.adapter.fields if one.is_secret}
        assert set(self.settings) <= {one.name for one in self.adapter.fields if not one.is_secret}


Maker = Callable[[], Network]
