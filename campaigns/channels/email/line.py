"""The line to a mail server: guarded like all ways out, encrypted before a password goes over it.

`deliver` hands over one letter and tells what came of it. Only once the content is on its way can an outcome be
unknown: until the final dot is answered, a server that says nothing has promised nothing.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from flask_babel import gettext

from campaigns.channels.adapter import Seat
from campaigns.channels.http import Lost
from cms.core.pages import config

_LOST = (OSError, smtplib.SMTPServerDisconnected, ssl.SSLError)


@dataclass(frozen=True)
class Where:
    """A mail server as somebody wrote it: `smtp://` with STARTTLS, `smtps://` with TLS from the first byte."""

    host: str
    port: int
    is_secure: bool
    user: str = ""
    password: str = ""
    is_ours: bool = False  # the operator's setting, which may be anywhere


class NoLine(Exception):
    """The server was not reached, or did not let us in: nothing was handed over. `kind` says whose matter it is."""

    def __init__(self, kind: Literal["line", "address", "login", "sender"], reason: str) -> None:
        super().__init__(reason)
        self.kind, self.reason = kind, reason


@dataclass(frozen=True)
class Handed:
    """What came of one letter."""

    verdict: Literal["sent", "refused", "content", "later", "unsure"]
    words: str = ""


def where(seat: Seat) -> Where:
    """The server of the account's settings, else the site's. Raises `NoLine`."""
    typed = str(seat.settings.get("server") or "").strip()
    url = typed or config().smtp_url
    if not url:
        raise NoLine("address", gettext("This site has no mail server, and the account names none."))
    try:
        parts = urlsplit(url if "://" in url else f"smtp://{url}")
        port = parts.port
    except ValueError:
        port, parts = None, urlsplit("")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise NoLine(
            "address",
            gettext("This is not the address of a mail server. It looks like smtps://mail.example.com"),
        )
    is_secure = parts.scheme == "smtps"
    port = port or (465 if is_secure else 587 if typed else 25)
    if typed:
        return Where(
            parts.hostname,
            port,
            is_secure,
            str(seat.settings.get("user") or "").strip(),
            seat.secrets.get("password", ""),
        )
    return Where(
        parts.hostname, port, is_secure, unquote(parts.username or ""), unquote(parts.password or ""), True
    )


@contextmanager
def opened(seat: Seat, name: str) -> Iterator[smtplib.SMTP]:
    """A line on which we are known; `name` is the domain we greet with. Raises `NoLine`."""
    place = where(seat)
    try:
        addresses = [place.host] if place.is_ours else seat.http.addresses(place.host, place.port)
    except Lost as problem:
        raise NoLine("address" if problem.was_refused else "line", problem.reason) from problem
    server = _let_in(place, addresses, name, seat.http.seconds)
    try:
        yield server
    finally:
        with suppress(*_LOST):
            server.quit()
        server.close()


def deliver(server: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Handed:
    """Hand over one letter. Raises `NoLine` when the line broke before its content went over it."""
    try:
        code, words = server.mail(sender)
        if code != 250:
            raise NoLine("line" if code < 500 else "sender", _said(code, words))
        code, words = server.rcpt(recipient)
        if code == 421:  # it hangs up
            raise NoLine("line", _said(code, words))
        if code not in (250, 251):
            server.rset()
            return Handed("refused" if code >= 500 else "later", _said(code, words))
        code, words = server.docmd("DATA")
        if code != 354:
            server.rset()
            return Handed("content" if code >= 500 else "later", _said(code, words))
    except (*_LOST, smtplib.SMTPException, UnicodeError) as error:
        raise NoLine("line", str(error) or type(error).__name__) from error
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", content).rstrip(b"\r\n") + b"\r\n.\r\n")
        code, words = server.getreply()
    except (*_LOST, smtplib.SMTPException) as error:
        return Handed("unsure", str(error) or type(error).__name__)
    if code == 250:
        return Handed("sent")
    return Handed("content" if code >= 500 else "later", _said(code, words))


def _let_in(place: Where, addresses: list[str], name: str, seconds: float) -> smtplib.SMTP:
    kind = _SecureLine if place.is_secure else _Line
    try:
        server = kind(place.host, place.port, addresses, name, seconds)
    except smtplib.SMTPResponseException as error:
        raise NoLine("line", _said(error.smtp_code, error.smtp_error)) from error
    except (*_LOST, smtplib.SMTPException, UnicodeError) as error:
        raise NoLine("line", str(error) or type(error).__name__) from error
    try:
        _greet(server, place)
    except NoLine:
        server.close()
        raise
    return server


def _greet(server: smtplib.SMTP, place: Where) -> None:
    """Say who we are, encrypted when a password is said. Raises `NoLine`."""
    try:
        server.ehlo_or_helo_if_needed()
        if not place.is_secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif not place.is_secure and place.password:
            raise NoLine(
                "address",
                gettext("This mail server offers no encryption, so the password is not sent to it."),
            )
        if place.user:
            server.login(place.user, place.password)
    except smtplib.SMTPAuthenticationError as error:
        said = _said(error.smtp_code, error.smtp_error)
        raise NoLine("login" if error.smtp_code >= 500 else "line", said) from error
    except smtplib.SMTPResponseException as error:
        raise NoLine("line", _said(error.smtp_code, error.smtp_error)) from error
    except (*_LOST, smtplib.SMTPException, UnicodeError) as error:
        raise NoLine("line", str(error) or type(error).__name__) from error


class _Line(smtplib.SMTP):
    """Connects to the checked addresses, whatever the name means by now; the certificate must be for the name."""

    def __init__(self, host: str, port: int, addresses: list[str], name: str, seconds: float) -> None:
        self._addresses = addresses
        super().__init__(host, port, name, timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        problem: OSError = OSError("no address")
        for address in self._addresses:
            try:
                return socket.create_connection((address, port), timeout)
            except OSError as error:
                problem = error
        raise problem


class _SecureLine(_Line):
    """TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"[:500]
