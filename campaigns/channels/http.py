"""How adapters reach their network: guarded, without redirects, within a time, and saying what surely did not happen."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cms.core.addresses import AddressRefused, OutboundProblem
from cms.core.outbound import Answer, TookTooLong, Upload, multipart

Fetch = Callable[..., Answer]
FindAddresses = Callable[[str, int, float], list[str]]


@dataclass(frozen=True)
class Reply:
    """What a network answered. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_ok(self) -> bool:
        """2xx. Some networks mean nothing by it: read their own word for it too."""
        return 200 <= self.status < 300

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is anything else (a page of a firewall, say)."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def items(self) -> list[Any] | None:
        """The body as a JSON list; None when it is anything else."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return None
        return found if isinstance(found, list) else None

    @property
    def text(self) -> str:
        """The beginning of the body, for people."""
        return self.body[:500].decode("utf-8", "replace")


class Lost(Exception):
    """No answer. `was_sent` tells whether the request may have reached the other side, `was_refused` that we did not
    even try, because the address is not one we go to."""

    def __init__(self, problem: OutboundProblem) -> None:
        super().__init__(str(problem.message))
        self.reason = str(problem.message)
        self.was_sent = problem.was_sent
        self.was_refused = isinstance(problem, AddressRefused)


class Http:
    """Requests of one account. `fetch` and `addresses` are the guarded client's."""

    def __init__(self, fetch: Fetch, *, seconds: float, addresses: FindAddresses | None = None) -> None:
        self._fetch = fetch
        self._addresses = addresses
        self.seconds = seconds  # of one call

    def addresses(self, host: str, port: int) -> list[str]:
        """Where a name leads, for what is not HTTP: connect to one of these and to nothing else. Raises `Lost`."""
        if self._addresses is None:
            raise Lost(AddressRefused())
        try:
            return self._addresses(host, port, self.seconds)
        except OutboundProblem as problem:
            raise Lost(problem) from problem

    def until(self, deadline: float) -> "Http":
        """The same, but nothing is asked after a deadline (of `time.monotonic`), and no answer awaited past it."""
        ask, find = self._fetch, self._addresses

        def fetch(url: str, **options: Any) -> Answer:
            return ask(url, **{**options, "seconds": min(options["seconds"], _left(deadline))})

        def addresses(host: str, port: int, seconds: float) -> list[str]:
            return find(host, port, min(seconds, _left(deadline))) if find else [host]

        return Http(fetch, seconds=self.seconds, addresses=addresses)

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | Sequence[tuple[str, str]] | None = None,
        body: object = None,
        form: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        content: bytes | None = None,
        files: Sequence[Upload] | None = None,
    ) -> Reply:
        """One request with at most one body: JSON (`body`, raw UTF-8), `form`, raw `content`, or `form` with `files`.

        Raises `Lost`.
        """
        sent = dict(headers or {})
        if query:
            url += ("&" if "?" in url else "?") + urlencode(query)
        if files is not None:
            content, sent["Content-Type"] = multipart(form or (), files)
        elif form is not None:
            content, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
            sent["Content-Type"] = kind
        elif body is not None:
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            sent.setdefault("Content-Type", "application/json; charset=utf-8")
        if content is None and method not in ("GET", "HEAD"):
            content = b""
        try:
            answer = self._fetch(
                url, method=method, headers=sent, content=content, redirects=0, seconds=self.seconds
            )
        except OutboundProblem as problem:
            raise Lost(problem) from problem
        return Reply(answer.status, answer.headers, answer.body)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TookTooLong
    return left
