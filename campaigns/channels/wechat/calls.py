"""Calls with an access token, which all workers share and which is asked for again when WeChat says that it ended.

`stable_token` gives the same token to everybody who asks, so that no worker takes it from another. It is forced to
change once in a call at most: only when it gives out the very token that was just refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from campaigns.channels import answers
from campaigns.channels.adapter import Outcome, Seat
from campaigns.channels.http import Lost, Reply
from campaigns.channels.robots import hidden
from campaigns.channels.wechat.meaning import ENDED, meaning, number
from cms.core.outbound import Upload

_MARGIN = timedelta(minutes=5)  # before its end WeChat gives out a new one


class NoToken(Exception):
    """There is no access token; `outcome` says why. What it was for has surely not been done."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(getattr(outcome, "reason", ""))
        self.outcome = outcome


@dataclass(frozen=True)
class Calls:
    """Calls for one account."""

    seat: Seat
    base: str

    def ask(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        files: Sequence[Upload] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Reply:
        """Once, and once more with another token. Raises `Lost` and `NoToken`."""
        token = self._kept() or self._renewed("")
        reply = self.ask_with(token, path, body, files=files, query=query)
        if number(reply) in ENDED:
            token = self._renewed(token)
            reply = self.ask_with(token, path, body, files=files, query=query)
        return reply

    def ask_with(
        self,
        token: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        files: Sequence[Upload] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Reply:
        """With this token. Letters are sent as they are: WeChat shows `\\u4f60` to its readers. Raises `Lost`."""
        reply = self.seat.http.ask(
            "POST",
            self.base + path,
            query={"access_token": token, **(query or {})},
            body=None if files else body or {},
            files=files,
        )
        plain = hidden(reply.body.decode("utf-8", "surrogateescape"), [token, *self.seat.secrets.values()])
        return Reply(reply.status, reply.headers, plain.encode("utf-8", "surrogateescape"))

    def new_token(self, *, is_forced: bool = False) -> tuple[str, datetime]:
        """A token, and until when it may be used. Raises `NoToken`."""
        asked = {
            "grant_type": "client_credential",
            "appid": str(self.seat.settings["appid"]).strip(),
            "secret": self.seat.secrets["secret"].strip(),
            "force_refresh": is_forced,
        }
        try:
            reply = self.seat.http.ask("POST", self.base + "/cgi-bin/stable_token", body=asked)
        except Lost as problem:
            raise NoToken(answers.lost(problem, publishes=False)) from problem
        token, lasts = reply.json.get("access_token"), reply.json.get("expires_in")
        if not isinstance(token, str) or not isinstance(lasts, int):
            raise NoToken(meaning(reply, now=self.seat.now(), publishes=False))
        return token, self.seat.now() + timedelta(seconds=lasts) - _MARGIN

    def _kept(self) -> str:
        kept = self.seat.secrets_now()
        ends = kept.get("access_ends", "")
        is_good = bool(ends) and datetime.fromisoformat(ends) > self.seat.now()
        return kept.get("access_token", "") if is_good else ""

    def _renewed(self, refused: str) -> str:
        """Another token than the refused one. Whoever waited for the lock takes what was found meanwhile."""
        with self.seat.renewing():
            kept = self._kept()
            if kept and kept != refused:
                return kept
            token, ends = self.new_token()
            if token == refused:
                token, ends = self.new_token(is_forced=True)
            self.seat.keep({"access_token": token, "access_ends": ends.isoformat()}, None)
            return token
