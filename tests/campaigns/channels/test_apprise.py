"""Apprise: the contract of all networks, and that its plug-ins reach nothing but by our guarded client."""

import importlib
import sys
from dataclasses import replace
from typing import Any

import pytest
from apprise.manager_plugins import NotificationManager

from campaigns.channels.adapter import Disconnected, Later, Paused, Refused, Seat, Sent, Unsure
from campaigns.channels.apprise.adapter import Apprise, outcome_of
from campaigns.channels.apprise.running import Run, run
from campaigns.channels.apprise.schemes import ALLOWED
from campaigns.channels.catalogue import ADAPTERS
from campaigns.channels.http import Reply
from tests.campaigns.channels.contract import Contract, drive, message
from tests.networks import Network, running
from tests.networks.ntfy import GOTIFY_TOKEN, TOKEN, TOPIC, NtfyServer


class TestApprise(Contract):
    adapter = Apprise()
    secrets = {"url": "ntfy://{host}/" + TOPIC + "?token=" + TOKEN}
    token_refused = ("401", {}, {"code": 40101, "http": 401, "error": "unauthorized"})
    answers_mean_nothing = True  # most plug-ins take any 200 for a yes

    def network(self) -> Network:
        return NtfyServer()

    def seat_at(self, url: str, *, allow: bool = True, seconds: float = 1.0) -> Seat:
        seat = super().seat_at(url, allow=allow, seconds=seconds)
        host = url.removeprefix("http://")
        return replace(
            seat, secrets={name: one.replace("{host}", host) for name, one in seat.secrets.items()}
        )

    def goes_anywhere(self) -> bool:
        return True

    def test_a_wrong_token_is_told_when_connecting(self, there: Network, seat: Seat) -> None:
        """Not here: to ask is to show a message, so the service is not asked, and we say so."""
        who = self.adapter.connect(seat)
        assert len(who.notes) == 1
        assert there.requests == []

    def test_nobody_at_the_address_is_told_when_connecting(self) -> None:
        """Not here either; what Apprise does not understand is told."""
        seat = replace(self.seat_at("http://127.0.0.1:9"), secrets={"url": "gotifys://host.example.com/"})
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert told.value.field == "url"

    def test_it_tells_what_the_service_is_and_takes(self, seat: Seat) -> None:
        who = self.adapter.connect(seat)
        assert who.name == "ntfy"
        assert who.limits is not None
        assert who.limits.text == 1000

    def test_people_read_what_was_written(self, there: NtfyServer, seat: Seat) -> None:
        text = "Salt 盐 <b>*eats*</b> &amp; copper :smile: \\n\nhttps://example.com/l/abc12"
        assert drive(self.adapter, message(text), seat) == Sent()
        assert there.ledger[0].what == {"topic": TOPIC, "message": text}

    def test_another_service_is_another_plug_in(self, there: NtfyServer, seat: Seat) -> None:
        host = there.url.removeprefix("http://")
        other = replace(seat, secrets={"url": f"gotify://{host}/{GOTIFY_TOKEN}"})
        assert drive(self.adapter, self.message(), other) == Sent()
        assert there.ledger[0].what["message"] == self.message().text

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "dbus://",
            "syslog://",
            "json://127.0.0.1/",
            "xml://127.0.0.1/",
            "form://127.0.0.1/",
            "mailto://user:pass@example.com",
            "apprise://127.0.0.1/token",
            "mqtt://127.0.0.1/topic",
            "discord://1/2",
            "NTFYX://host/topic",
            "no address",
        ],
    )
    def test_other_services_are_not_even_loaded(self, there: NtfyServer, seat: Seat, url: str) -> None:
        other = replace(seat, secrets={"url": url})
        with pytest.raises(Disconnected):
            self.adapter.connect(other)
        outcome = drive(self.adapter, self.message(), other)
        assert isinstance(outcome, Paused)
        assert outcome.code == "address"

    @pytest.mark.parametrize(
        "option", ["retry=3", "overflow=split", "redirect=yes", "VERIFY=no", "store=yes", "wait=9"]
    )
    def test_what_parley_sees_to_itself_is_not_taken_from_the_address(self, seat: Seat, option: str) -> None:
        other = replace(seat, secrets={"url": f"{seat.secrets['url']}&{option}"})
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(other)
        assert option.partition("=")[0].lower() in str(told.value.sentence)

    def test_several_destinations_are_several_accounts(self, there: NtfyServer, seat: Seat) -> None:
        other = replace(seat, secrets={"url": seat.secrets["url"].replace(TOPIC, f"{TOPIC}/other")})
        with pytest.raises(Disconnected):
            self.adapter.connect(other)

    def test_a_part_that_arrived_leaves_the_whole_unsure(self, there: NtfyServer, seat: Seat) -> None:
        other = replace(seat, secrets={"url": seat.secrets["url"].replace(TOPIC, f"other/{TOPIC}")})
        outcome = drive(self.adapter, self.message(), other)
        assert len(there.ledger) == 1
        assert isinstance(outcome, Unsure)

    def test_redirects_are_not_followed(self, there: NtfyServer, seat: Seat) -> None:
        with running(NtfyServer()) as elsewhere:
            there.script(("307", {"Location": elsewhere.url + "/"}))
            outcome = drive(self.adapter, self.message(), seat)
            assert isinstance(outcome, Refused)
            assert elsewhere.requests == []

    def test_an_address_that_turns_private_is_refused(self, there: NtfyServer) -> None:
        for host in ("169.254.169.254", "10.0.0.1:80", "[::1]:80", "localhost"):
            seat = replace(self.seat_at("http://" + host, allow=False))
            outcome = drive(self.adapter, self.message(), seat)
            assert isinstance(outcome, Refused), host
            assert outcome.code == "address", host

    def test_a_plug_in_that_never_ends_is_ended(self, seat: Seat) -> None:
        with running(NtfyServer()) as slow:
            slow.script("hang")
            url = seat.secrets["url"]
            host = slow.url.removeprefix("http://")
            hanging = replace(
                self.seat_at(slow.url, seconds=0.4), secrets={"url": url.replace(url.split("/")[2], host)}
            )
            assert isinstance(drive(self.adapter, self.message(), hanging), Unsure)
        ended = run(seat, {"url": seat.secrets["url"], "text": "x"}, seconds=0.0)
        assert ended.told is None
        assert isinstance(outcome_of(ended, seat), Later)

    def test_the_childs_process_has_no_network_of_its_own(self, there: NtfyServer, seat: Seat) -> None:
        """A plug-in that opens a socket by itself fails, and nothing arrives."""
        host = there.url.removeprefix("http://")
        made = run(seat, {"url": f"rsyslog://{host}/", "text": "x"}, seconds=20)
        assert made.told is not None
        assert made.told["is_told"] is False
        assert made.asked == 0

    def test_its_process_has_none_of_our_environment(
        self, seat: Seat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("PYTHONSTARTUP", "/nonexistent")
        assert drive(self.adapter, self.message(), seat) == Sent()

    def test_apprise_says_yes_without_having_asked_anybody(self, seat: Seat) -> None:
        assert isinstance(outcome_of(Run(told={"is_told": True, "said": []}), seat), Refused)

    @pytest.mark.parametrize(
        ("made", "kind"),
        [
            (Run(told={"is_told": False}, said=["no topic"]), Refused),
            (Run(told={"is_told": False}, last=Reply(200, {}, b"")), Refused),
            (Run(told={"is_told": False}, last=Reply(500, {}, b""), wrote=1), Unsure),
            (Run(told=None, last=Reply(200, {}, b""), wrote=1), Unsure),
            (Run(told=None), Later),
        ],
    )
    def test_what_is_known_is_said_and_what_is_not_is_unsure(self, seat: Seat, made: Any, kind: type) -> None:
        assert isinstance(outcome_of(made, seat), kind)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of modules of Apprise that we do not use
def test_the_services_are_there_speak_http_and_have_no_adapter_here() -> None:
    plugins = NotificationManager()
    plugins.load_modules()
    native = {one.key for one in ADAPTERS} | {"tgram", "mailto", "bsky", "wecombot", "lark", "wechat"}
    for scheme in ALLOWED:
        module = plugins[scheme].__module__
        names = {one.partition(".")[0] for one in vars(importlib.import_module(module))}
        assert "requests" in names or "requests" in dir(sys.modules[module + ".base"]), scheme
        assert scheme not in native
