"""One letter of a message, for one recipient: the same bytes at every try."""

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urljoin, urlsplit

from flask_babel import force_locale, gettext
from markupsafe import escape

from campaigns.channels.letters import DECOY, ENDING, PICTURE
from campaigns.channels.messages import Message

_POLICY = SMTP.clone(cte_type="7bit")  # bytes that no server in between has to change


def letter(
    message: Message, sender: str, recipient: tuple[int, str, str], *, says_opened: bool = False
) -> bytes:
    """The letter as it is sent. `recipient` is number, address and the address that ends it. Raises `ValueError`.

    With `says_opened` it holds a picture that tells when it is opened, the same for everybody.
    """
    number, address, stop = recipient
    name, from_address = parseaddr(sender)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(name, addr_spec=from_address)
    mail["To"] = Address(addr_spec=address)
    mail["Subject"] = _subject(message)
    mail["Date"] = format_datetime(message.planned_at)
    mail["Message-ID"] = message_id(message, sender, number)
    mail["List-Id"] = f"<stories.{domain_of(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    if stop:
        mail["List-Unsubscribe"] = f"<{stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with force_locale("zh" if message.language.startswith("zh") else "en"):
        mail.set_content(_text(message, stop))
        mail.add_alternative(_html(message, stop, says_opened=says_opened), subtype="html")
    mail.set_boundary(hashlib.sha256(f"{message.key} {number}".encode()).hexdigest()[:40])
    return mail.as_bytes()


def message_id(message: Message, sender: str, number: int | None = None) -> str:
    """Made of the delivery's key, so that a mailbox that drops what it has can do so."""
    return f"<{message.key}{'' if number is None else f'.{number}'}@{domain_of(sender)}>"


def domain_of(sender: str) -> str:
    """Of a sender's address."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _subject(message: Message) -> str:
    said = message.title or message.text.partition("\n")[0]
    return " ".join(said.split())[:200]


def _text(message: Message, stop: str) -> str:
    said = [message.text]
    if message.link and message.link not in message.text:
        said.append(gettext("Read it on the web: %(link)s", link=message.link))
    if stop:
        said.append("-- \n" + gettext("No more letters like this: %(link)s", link=stop))
    return "\n\n".join(said) + "\n"


def _html(message: Message, stop: str, *, says_opened: bool) -> str:
    body = message.html or "".join(f"<p>{escape(one)}</p>" for one in message.text.split("\n\n"))
    title = f"<h1>{escape(message.title)}</h1>" if message.title else ""
    read = _anchor(message.link, gettext("Read it on the web")) if message.link else ""
    stopping = _anchor(stop, gettext("No more letters like this")) if stop else ""
    picture = _picture(message.link) if says_opened else ""
    return (
        f'<!doctype html>\n<html lang="{escape(message.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(_subject(message))}</title></head>\n'
        f"<body>{_decoy(message.link)}{title}{body}\n<hr>{read}{stopping}{picture}</body></html>\n"
    )


def _decoy(link: str) -> str:
    """Before all other links: a mail scanner that follows every link follows this one, which no person can see."""
    if not link:
        return ""
    return f'<a href="{escape(urljoin(link, DECOY))}" rel="nofollow" tabindex="-1" aria-hidden="true" hidden></a>'


def _picture(link: str) -> str:
    """Last, so that nothing waits for it. Without a link of ours there is nothing to count it for."""
    if not link:
        return ""
    code = urlsplit(link).path.rpartition("/")[2]
    source = urljoin(link, f"{PICTURE}{code}{ENDING}")
    return f'<img src="{escape(source)}" alt="" width="1" height="1">'


def _anchor(address: str, words: str) -> str:
    return f'<p><a href="{escape(address)}">{escape(words)}</a></p>'
