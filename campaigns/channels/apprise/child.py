"""A process of its own, in which Apprise runs and from which nothing reaches the network.

It is started by `running.py` as a plain script, with Python's isolated mode. Every request that a plug-in would make is
written to standard output and answered on standard input by the parent, which asks by the guarded client. Sockets are
taken away besides, for whatever would go another way. One line is one JSON object:

    <- {"url": "ntfys://…", "text": "…"}            what to do; without a text, only say what it would be
    -> {"ask": {"method": …, "url": …, "headers": {…}, "body": base64}}
    <- {"status": 200, "headers": {…}, "body": base64}   or {"lost": true}
    -> {"is_told": true, "said": ["…"]}              or {"service": "ntfy", "longest": 7800, "targets": 1}, or {}
"""

import base64
import json
import logging
import socket
import sys
from typing import Any

import apprise
import requests
from requests.structures import CaseInsensitiveDict

_NOT_OURS = ("content-length", "host", "connection", "accept-encoding")
_out, sys.stdout = sys.stdout, sys.stderr  # nothing that a plug-in prints is taken for ours


class Said(logging.Handler):
    """What Apprise logs as it goes: its only word about why something failed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage()[:300])


def main() -> None:
    """One notification, or the description of one."""
    said = Said()
    logging.getLogger("apprise").handlers = [said]
    wanted = json.loads(sys.stdin.readline())
    _close_other_ways()
    service = _service(wanted["url"])
    if service is None:
        _tell({})
    elif "text" not in wanted:
        told = {
            "service": str(service.service_name),
            "longest": int(service.body_maxlen),
            "targets": len(service),
        }
        _tell(told)
    else:
        _tell({"is_told": _notify(service, wanted["text"], said), "said": said.lines})


def _notify(service: Any, text: str, said: Said) -> bool:
    try:
        return bool(service.notify(body=text, title="", notify_type="info", body_format="text"))
    except Exception as error:  # the edge: whatever a plug-in raises when its ways are closed
        said.lines.append(type(error).__name__)
        return False


def _service(url: str) -> Any:
    """The plug-in of an address, without retries, waits, pictures of Apprise, or anything kept on disk."""
    asset = apprise.AppriseAsset(app_id="Parley", app_desc="Parley", app_url="", storage_mode="memory")
    service: Any = apprise.Apprise.instantiate(url, asset=asset)
    if service is not None:
        service.retry = service.wait = service.request_rate_per_sec = 0
        if hasattr(service, "include_image"):
            service.include_image = False
    return service


def _close_other_ways() -> None:
    requests.Session.send = _send  # type: ignore[method-assign, assignment]

    def refuse(*_arguments: object, **_options: object) -> Any:
        raise OSError("this process has no network")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        setattr(socket.socket, name, refuse)
    socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse


def _send(
    _session: requests.Session, request: requests.PreparedRequest, **_options: Any
) -> requests.Response:
    """A request, made by the parent. Redirects are not followed: they come back as they are."""
    body = request.body or b""
    if not isinstance(body, bytes | str):
        raise requests.ConnectionError("files are not sent")
    headers = {name: _text(value) for name, value in request.headers.items() if name.lower() not in _NOT_OURS}
    content = body.encode() if isinstance(body, str) else body
    asked = {"method": request.method, "url": request.url, "headers": headers, "body": _packed(content)}
    _tell({"ask": asked})
    answer = json.loads(sys.stdin.readline())
    if "status" not in answer:
        raise requests.ConnectionError("no answer")
    response = requests.Response()
    response.status_code = answer["status"]
    response.headers = CaseInsensitiveDict(answer["headers"])
    response.url, response.request, response.encoding = str(request.url), request, "utf-8"
    response._content = base64.b64decode(answer["body"])
    return response


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _packed(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _tell(what: dict[str, Any]) -> None:
    _out.write(json.dumps(what) + "\n")
    _out.flush()


if __name__ == "__main__":
    main()
