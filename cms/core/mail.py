"""Mail: written as a row in the transaction that causes it, sent by the worker.

A row is claimed, sent with no transaction open, and its outcome recorded. A claim left by a crash is tried again: a
second copy of a message is a smaller harm than a lost link. A permanent refusal (5xx) ends it with a reason;
anything else is tried again, more slowly each time.
"""

import logging
import random
import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import Select, func, null, or_, select, update

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.models import OutgoingMail
from cms.core.pages import config
from cms.core.worker import Job, Outcome

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
CLAIM = timedelta(minutes=10)
TIMEOUT = 20  # seconds for each step of talking to the mail server
BATCH = 50  # messages in one run of the job
BODY_KEPT = timedelta(days=7)  # bodies hold one-time links; what was sent is forgotten after that
_said_waiting = 0


def queue_mail(
    to: str, subject: str, text: str, html: str | None = None, *, headers: dict[str, str] | None = None
) -> OutgoingMail:
    """Note a message to be sent, inside the running transaction; `headers` stand beside the usual ones."""
    now = clock.now()
    subject = " ".join(subject.split())[:300]
    row = OutgoingMail(recipient=to, subject=subject, text=text, html=html, created_at=now, due_at=now)
    if headers:
        row.headers = headers
    db.session.add(row)
    db.session.flush()
    return row


def queue_template(
    to: str,
    template: str,
    headers: dict[str, str] | None = None,
    /,
    *,
    subject: str,
    locale: str,
    **context: object,
) -> OutgoingMail:
    """Note a message made from `templates/emails/TEMPLATE.txt` and `.html`, in the recipient's language."""
    with force_locale(locale):
        context |= {"subject": subject, "locale": locale}
        # Not `pages.page`: mail is also written where there is no request.
        text, html = (
            current_app.jinja_env.get_template(f"emails/{template}.{form}").render(context)
            for form in ("txt", "html")
        )
    return queue_mail(to, subject, text, html, headers=headers)


def send_due_mail() -> Outcome:
    """The worker's job: send what is due, one message at a time."""
    if config().smtp_url is None:
        return _say_what_waits()
    outcome: Outcome = {}
    for _ in range(BATCH):
        row = _claim()
        if row is None:
            break
        word = _record(row.id, row.attempts, _send(row))
        outcome[word] = outcome.get(word, 0) + 1
    return outcome


def forget_sent_bodies() -> int:
    """Empty the bodies of messages that are over, inside a transaction; gives their number."""
    before = clock.now() - BODY_KEPT
    done = update(OutgoingMail).where(
        or_(OutgoingMail.sent_at < before, OutgoingMail.failed_at < before), OutgoingMail.text != ""
    )
    return int(db.session.execute(done.values(text="", html=None, headers=null())).rowcount)  # type: ignore[attr-defined]


def _say_what_waits() -> Outcome:
    """Without a mail server messages stay listed for the operator; the log says so once for each new number."""
    global _said_waiting
    waiting = db.session.scalar(
        select(func.count()).select_from(OutgoingMail).where(OutgoingMail.due_at.is_not(None))
    )
    db.session.rollback()
    if waiting and waiting != _said_waiting:
        log.warning("%d messages wait: PARLEY_SMTP_URL is not set; `parley mail` shows them", waiting)
    _said_waiting = waiting or 0
    return {"waiting": waiting} if waiting else {}


class Refused(Exception):
    """The mail server will never take this message."""


def _due(now: datetime) -> Select[int]:
    lost = (
        (OutgoingMail.claimed_until < now) & OutgoingMail.sent_at.is_(None) & OutgoingMail.failed_at.is_(None)
    )
    return (
        select(OutgoingMail.id)
        .where(or_(OutgoingMail.due_at <= now, lost))
        .order_by(OutgoingMail.id)
        .limit(BATCH)
    )


def _claim() -> OutgoingMail | None:
    """Take one due message; two workers never take the same one."""
    now = clock.now()
    for id in db.session.scalars(_due(now)).all():
        with transaction():
            taken = db.session.execute(
                update(OutgoingMail)
                .where(
                    OutgoingMail.id == id,
                    or_(OutgoingMail.due_at <= now, OutgoingMail.claimed_until < now),
                    OutgoingMail.sent_at.is_(None),
                    OutgoingMail.failed_at.is_(None),
                )
                .values(due_at=None, claimed_until=now + CLAIM, attempts=OutgoingMail.attempts + 1)
            )
        if taken.rowcount == 1:  # type: ignore[attr-defined]
            row = db.session.get(OutgoingMail, id, populate_existing=True)
            if row is not None:
                db.session.expunge(row)
                db.session.rollback()  # no read stays open while we talk to the mail server
            return row
    return None


def _send(row: OutgoingMail) -> Exception | None:
    """Hand one message to the mail server; what went wrong is a value."""
    try:
        with _connect() as server:
            server.send_message(_message(row), from_addr=_sender_address(), to_addrs=[row.recipient])
    except (
        smtplib.SMTPAuthenticationError
    ) as error:  # 535, but it is the setting that is wrong, not the message
        return error
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _classified(code, words)
    except smtplib.SMTPResponseException as error:
        return _classified(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
        return error
    except ValueError as error:  # an address or a header that cannot be written
        return Refused(str(error))
    return None


def _classified(code: int, words: bytes | str) -> Exception:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    reason = f"{code} {said}"
    return Refused(reason) if 500 <= code < 600 else RuntimeError(reason)


def _record(id: int, attempts: int, problem: Exception | None) -> str:
    """Write down how it went: `sent`, `refused`, `later` or `given_up`."""
    now = clock.now()
    with transaction():
        row = db.session.get(OutgoingMail, id)
        if row is None or row.attempts != attempts:
            return "lost_claim"  # we took so long that somebody else took over
        row.claimed_until = None
        if problem is None:
            row.sent_at, row.failure = now, None
            return "sent"
        row.failure = f"{type(problem).__name__}: {problem}"[:500]
        if isinstance(problem, Refused):
            row.failure, row.failed_at = str(problem)[:500], now
            return "refused"
        if row.attempts >= MOST_ATTEMPTS:
            row.failed_at = now
            return "given_up"
        row.due_at = now + pause_after(row.attempts)
        return "later"


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubling, with jitter, so that a thousand messages do not return at once."""
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return timedelta(seconds=pause.total_seconds() * random.uniform(0.75, 1.25))  # noqa: S311 - not a secret


def _connect() -> smtplib.SMTP:
    url = urlsplit(config().smtp_url or "")
    host, name = url.hostname or "localhost", config().host
    if url.scheme == "smtps":
        secure = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, name, timeout=TIMEOUT, context=secure)
    else:
        server = smtplib.SMTP(host, url.port or 25, name, timeout=TIMEOUT)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif url.password:
            server.close()
            raise smtplib.SMTPException("the mail server offers no TLS, so the password is not sent to it")
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def _message(row: OutgoingMail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = config().mail_from
    message["To"] = row.recipient
    message["Subject"] = row.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(idstring=str(row.id), domain=config().host)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (row.headers or {}).items():
        message[name] = value
    message.set_content(row.text)
    if row.html:
        message.add_alternative(row.html, subtype="html")
    return message


def _sender_address() -> str:
    probe = EmailMessage()
    probe["From"] = config().mail_from
    return str(probe["From"].addresses[0].addr_spec)


JOBS = [Job("send mail", send_due_mail, every=5)]
