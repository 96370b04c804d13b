"""A finished message as bytes, ready for every retry (RFC 6047, RFC 2822). Pure."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from scheduler.kernel.errors import InputError
from scheduler.kernel.mail_address import wire_form


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, as the outside may see it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iTIP object that goes with the words, and its method."""

    content: bytes
    method: str


def compose(
    *,
    sender: Sender,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    now: datetime,
    calendar: CalendarPart | None = None,
    belongs_to: str | None = None,
) -> bytes:
    """Return the whole message: words, HTML, and the calendar part last, as calendar programs want
    it (RFC 6047 2.4).

    `belongs_to` is the Message-ID of a letter that mail programs show this one with (RFC 5322
    3.6.4). Raises InputError for an address or header that would break the message.
    """
    message = _addressed(sender, recipient, subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    if belongs_to is not None:
        message["References"] = belongs_to
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    if calendar is not None:
        said = {
            "charset": "UTF-8",
            "method": calendar.method,
            "component": "VEVENT",
        }
        message.add_alternative(
            calendar.content,
            maintype="text",
            subtype="calendar",
            cte="base64",
            params=said,
        )
        _show_inline(message)
    return message.as_bytes()


def _addressed(sender: Sender, recipient: str, subject: str) -> EmailMessage:
    try:
        our_address = wire_form(sender.address)
        their_address = wire_form(recipient)
        plain = our_address.isascii() and their_address.isascii()
        message = EmailMessage(policy=SMTP if plain else SMTPUTF8)
        message["From"] = _address(our_address, sender.name)
        message["To"] = _address(their_address)
        message["Subject"] = subject
    except (ValueError, IndexError) as error:
        raise InputError("a header of this message cannot be written") from error
    return message


def _address(address: str, name: str = "") -> Address:
    """Return an address as the library wants it, which reads ASCII alone (RFC 6531 3.3 allows
    letters beyond).
    """
    if any(sign.isspace() or not sign.isprintable() for sign in address):
        raise ValueError("a space or control character in an address")
    Address(addr_spec="".join(sign if sign.isascii() else "x" for sign in address))
    local, _, domain = address.rpartition("@")
    return (
        Address(name, local, domain) if not address.isascii() else Address(name, addr_spec=address)
    )


def message_id_for(letter_id: str, sender: Sender) -> str:
    """Return the Message-ID of a letter, under the sender's own domain."""
    _, _, domain = wire_form(sender.address).rpartition("@")
    return f"<{letter_id}@{domain}>"


def _show_inline(message: EmailMessage) -> None:
    """Leave the calendar part without a disposition: as an attachment some programs show no
    invitation.
    """
    for part in message.iter_parts():
        del part["Content-Disposition"]
