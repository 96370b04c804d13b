"""One mail that came in, read with suspicion: from whom, by what machine, and the answers in it.
Pure.

This runs in a child process: nothing here may be believed to end.
"""

import email
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.utils import getaddresses
from enum import StrEnum

from scheduler import ical
from scheduler.ical import Reply, Unreadable

LARGEST = 256 * 1024
"""Octets of a mail that is read at all (G13)."""
MOST_PARTS = 20
TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
LISTED = frozenset({"bulk", "junk", "list", "auto_reply"})


class Nature(StrEnum):
    """What wrote a mail, as far as it says so (RFC 3834)."""

    PERSON = "a person or their calendar"
    MACHINE = "an automatic answer"
    BOUNCE = "a report about a letter of ours"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as far as answers go; `sender` is the one bare address of From, "" for none or
    several.

    `server` and `dmarc` are what the topmost Authentication-Results says (RFC 8601): who judged,
    and the verdict. `key` is the same for the same mail, however often it comes. `trouble` says in
    words for staff why there is none.
    """

    sender: str
    nature: Nature
    server: str
    dmarc: str
    key: str
    replies: tuple[Reply, ...] = ()
    trouble: str = ""
    answer_meant: bool = False
    """Whether a calendar answer was meant, readable or not."""
    returned: tuple[str, ...] = ()
    """Message-IDs of the letters that a report says have failed for good (RFC 3464); `trouble` is
    then its status.
    """


def read_mail(data: bytes) -> Mail:
    """Read one mail, whatever it is; raises nothing for what is in it that a child process would
    not survive.
    """
    message = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    server, dmarc = _judged(message)
    about = (_sender(message), _nature(message), server, dmarc, _key(message, data))
    if about[1] is Nature.BOUNCE:
        status = _failed(message)
        return Mail(
            *about,
            trouble=status or "",
            returned=tuple(_returned(message)) if status is not None else (),
        )
    parts = list(_calendars(message))
    if not parts:
        tnef = any(
            part.get_content_type() in TNEF or _name(part) == "winmail.dat"
            for part in _walk(message)
        )
        trouble = (
            "an answer in Outlook's own format (winmail.dat), which only Outlook reads"
            if tnef
            else ""
        )
        return Mail(
            *about,
            trouble=trouble or "the mail has no calendar part",
            answer_meant=tnef,
        )
    method, content = parts[0]
    try:
        return Mail(
            *about,
            replies=ical.parse_replies(content, method=method),
            answer_meant=True,
        )
    except Unreadable as error:
        return Mail(
            *about,
            trouble=str(error),
            answer_meant=True,
        )


def _walk(message: EmailMessage) -> Iterator[EmailMessage]:
    """Return the parts of a mail; what is inside a letter attached to it was not said by its
    sender.
    """
    left = [message]
    for _ in range(MOST_PARTS):
        if not left:
            return
        part = left.pop(0)
        yield part
        if part.get_content_maintype() == "multipart":
            left += [child for child in part.iter_parts() if isinstance(child, EmailMessage)]


def _calendars(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Return the calendar parts with the method their type says, by type rather than by name
    (G1).
    """
    for part in _walk(message):
        kind = part.get_content_type()
        named = kind == "application/octet-stream" and _name(part).endswith(".ics")
        if kind in {"text/calendar", "application/ics"} or named:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield (
                    str(part["Content-Type"].params.get("method", ""))
                    if part["Content-Type"]
                    else "",
                    payload,
                )


def _failed(message: EmailMessage) -> str | None:
    """Return the status of a report that says a letter failed for good (RFC 3464 2.3.3), None when
    it says none.
    """
    for part in _walk(message):
        for block in _inside(part) if part.get_content_type() == "message/delivery-status" else ():
            if str(block.get("Action", "")).strip().lower() == "failed":
                return str(block.get("Status", ""))[:20]
    return None


def _returned(message: EmailMessage) -> Iterator[str]:
    """Return the Message-ID of what a report carries back, whole or as its headers alone."""
    for part in _walk(message):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            yield from (str(original.get("Message-ID", "")) for original in _inside(part))
        elif kind == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            headers = email.message_from_bytes(
                content if isinstance(content, bytes) else b"", policy=policy.default
            )
            yield str(headers.get("Message-ID", ""))


def _inside(part: EmailMessage) -> list[Message]:
    payload = part.get_payload()
    return (
        [item for item in payload if isinstance(item, Message)] if isinstance(payload, list) else []
    )


def _name(part: EmailMessage) -> str:
    return (part.get_filename() or "").lower()


def _sender(message: EmailMessage) -> str:
    found = {
        ical.bare_address(address)
        for _, address in getaddresses([str(v) for v in message.get_all("From", [])])
    }
    return found.pop() if len(found) == 1 else ""


def _nature(message: EmailMessage) -> Nature:
    """Tell machines from people; calendar programs of people say auto-generated, only auto-replied
    is nobody's.
    """
    if (
        message.get_content_type() == "multipart/report"
        or str(message.get("Return-Path", "")).strip() == "<>"
    ):
        return Nature.BOUNCE
    said = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    listed = str(message.get("Precedence", "")).strip().lower() in LISTED or "List-Id" in message
    machine = said not in {"no", "auto-generated"} or listed or "X-Autoreply" in message
    return Nature.MACHINE if machine else Nature.PERSON


def _judged(message: EmailMessage) -> tuple[str, str]:
    """Return judge and DMARC verdict of the topmost Authentication-Results: those below may be the
    sender's own.
    """
    first, *results = str(message.get("Authentication-Results", "")).split(";")
    words = first.split()
    verdicts = [
        result.strip().lower() for result in results if result.strip().lower().startswith("dmarc=")
    ]
    return (words[0].lower() if words else ""), (verdicts[0][6:].split()[0] if verdicts else "")


def _key(message: EmailMessage, data: bytes) -> str:
    known = str(message.get("Message-ID", "")).strip()
    return hashlib.sha256(known.encode(errors="replace") if known else data).hexdigest()
