"""A mail server (aiosmtpd): STARTTLS, a user, and its own mind about recipients.

Its script has a word for each letter: "450", "550" … answers the recipient so, "data 552" the content, "535" the password;
"cut" and "hang" keep the letter and say nothing, "cut_before" ends the line before the content was sent.
"""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes import free_port
from tests.networks import Behaviour, Network, Request

USER, PASSWORD = "mast", "correct horse battery"


class MailServer(Network):
    """Keeps what it accepts in the ledger, by recipient; `letters` are read."""

    has_tls = True
    has_users = True

    @property
    def letters(self) -> list[EmailMessage]:
        """All that were accepted."""
        return [one.what for one in self.ledger]

    def is_refused(self) -> bool:
        """Whether the next word is about the password."""
        with self.lock:
            if not self._script or _word(self._script[0][1]) != "535":
                return False
            self._script.pop(0)
            return True

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve SMTP."""
        usual: dict[str, Any] = {"hostname": "127.0.0.1", "port": free_port()}
        if self.has_tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate())
            usual["tls_context"] = context
        if self.has_users:
            usual |= {"authenticator": self._known, "auth_required": True}
        controller = _Controller(_Handler(self), **usual)
        controller.start()
        self.url = f"smtp://127.0.0.1:{controller.port}"
        try:
            yield
        finally:
            self.shut()
            asyncio.run_coroutine_threadsafe(controller.hang_up(), controller.loop).result()
            controller.stop()

    def _known(self, server: SMTP, session: Session, envelope: Envelope, kind: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        knows = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        refused = getattr(session, "is_refused", False) or self.is_refused()
        session.is_refused = refused  # clients try one mechanism after the other
        return AuthResult(success=knows and not refused, handled=False)


class _Controller(Controller):
    def factory(self) -> SMTP:
        made = super().factory()
        self.lines = [*getattr(self, "lines", []), made]
        return made

    async def hang_up(self) -> None:
        """End every line, so that none outlives the server."""
        for one in getattr(self, "lines", []):
            if one.transport is not None:
                one.transport.abort()
        await asyncio.sleep(0.05)


class _Handler:
    def __init__(self, network: MailServer) -> None:
        self.network = network
        self.word = "ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.word = _word(self.network.next_behaviour(Request("RCPT", address, {}, {}, b"")))
        if self.word == "cut_before":
            server.transport.abort()
            return "421 gone"
        if self.word[:3].isdigit():
            return self.word if " " in self.word else f"{self.word} no such luck"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content
        with self.network.lock:
            self.network.requests.append(Request("DATA", envelope.rcpt_tos[0], {}, {}, content))
        if self.word.startswith("data "):
            return f"{self.word[5:]} no such luck"
        message = message_from_bytes(content, policy=policy.default)
        self.network.accept(envelope.rcpt_tos[0], message)
        if self.word == "cut":
            server.transport.abort()
        while self.word == "hang" and not self.network.is_shut:
            await asyncio.sleep(0.02)
        return "250 kept"


def _word(said: Behaviour) -> str:
    return said if isinstance(said, str) else said[0]


@cache
def certificate() -> Path:
    """A file with a key and the certificate of 127.0.0.1, to be trusted as SSL_CERT_FILE."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = Path(mkdtemp()) / "mail.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
