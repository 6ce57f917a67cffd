"""Signed webhooks: the contract of all networks, and what is particular to them."""

from datetime import timedelta

from campaigns.channels.adapter import Done, Paused, Seat, Sent
from campaigns.channels.webhook.adapter import Webhook
from tests.campaigns.channels.contract import AT, Contract, drive
from tests.networks import Network
from tests.networks.webhook import SECRET, WebhookReceiver


class TestWebhook(Contract):
    adapter = Webhook()
    settings = {"url": "{url}/hook"}
    secrets = {"secret": SECRET}
    deduplicates = True
    answers_mean_nothing = True

    def network(self) -> Network:
        return WebhookReceiver()

    def test_the_signature_is_what_the_specification_says(self, there: WebhookReceiver, seat: Seat) -> None:
        drive(self.adapter, self.message(), seat)
        request = there.requests[-1]
        assert request.headers["webhook-id"] == f"msg_{self.message().key}"
        assert request.headers["webhook-timestamp"] == str(int(AT.timestamp()))
        assert there.events[0]["type"] == "story.published"

    def test_the_id_stays_and_the_time_does_not(self, there: WebhookReceiver, seat: Seat) -> None:
        drive(self.adapter, self.message(), seat)
        later = Seat(**{**vars(seat), "now": lambda: AT + timedelta(hours=1)})
        assert isinstance(drive(self.adapter, self.message(), later), Sent)
        first, second = there.requests
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.body == second.body
        assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
        assert len(there.ledger) == 1

    def test_a_webhook_that_is_gone_pauses_the_account(self, there: WebhookReceiver, seat: Seat) -> None:
        there.script("410")
        assert isinstance(drive(self.adapter, self.message(), seat), Paused)

    def test_edits_and_deletions_are_told(self, there: WebhookReceiver, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        remote = {"remote_id": sent.remote_id}
        assert isinstance(self.adapter.edit(self.message(), seat, remote), Sent)
        assert isinstance(self.adapter.delete(seat, remote), Done)
        assert [one["type"] for one in there.events] == ["story.published", "story.edited", "story.deleted"]
