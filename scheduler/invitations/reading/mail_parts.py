"""The parts of a mail that may say something: calendar parts, reports, words. Pure.

This runs in a child process: nothing here may be believed to end.
"""

import re
from collections.abc import Iterator
from email.message import EmailMessage, Message

MOST_PARTS = 20
TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
CALENDARS = frozenset({"text/calendar", "application/ics"})
_BEGINS = re.compile(rb"(?i)\A(\xef\xbb\xbf)?\s*BEGIN:VCALENDAR\s")


def field(message: Message, name: str) -> str:
    """Return a header field as text, "" for none; one that the library chokes on as it came."""
    return next(iter(fields(message, name)), "")


def fields(message: Message, name: str) -> list[str]:
    """Return every header field of this name as text, in order."""
    try:
        return [storable(str(value)) for value in message.get_all(name, [])]
    except Exception:  # the library's header parser raises whatever hostile bytes lead it to
        raw = message.raw_items()
        return [storable(str(value)) for key, value in raw if key.lower() == name.lower()]


def storable(text: str) -> str:
    """Return text with U+FFFD for what no database keeps or is asked for: octets that were no text
    (the library keeps them as surrogates), and NUL, which PostgreSQL refuses.
    """
    octets = text.encode("utf-8", "surrogatepass")
    return octets.decode("utf-8", "replace").replace("\0", "\ufffd")


def walk(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts of a mail; what is inside a letter attached to it was not said by its
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


def calendars(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Yield the calendar parts in UTF-8, each with the method its type says; found by type (G1), or
    by how they begin where a program or a mail server on the way has lost that.
    """
    for part in walk(message):
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content.strip():
            continue
        if _is_calendar(part) or _BEGINS.match(content):
            yield _method(part), in_utf8(content, part.get_content_charset())


def in_utf8(content: bytes, charset: str | None) -> bytes:
    """Return text in UTF-8, whatever its charset parameter says (RFC 6047 2.4) or leaves out."""
    for name in (charset, "utf-8", "cp1252"):
        try:
            if name:
                return content.decode(name).encode()
            return content.decode().encode()
        except (LookupError, ValueError):
            continue
    return content


def is_outlooks_own(message: EmailMessage) -> bool:
    """True if a part is in the format that only Outlook reads (winmail.dat)."""
    return any(
        part.get_content_type() in TNEF or name(part) == "winmail.dat" for part in walk(message)
    )


def attached(part: EmailMessage) -> list[Message]:
    """Return the messages, or blocks of header fields, inside a part."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return []
    return [item for item in payload if isinstance(item, Message)]


def name(part: EmailMessage) -> str:
    """Return the file name of a part in lower case, "" for none."""
    return (part.get_filename() or "").lower()


def _is_calendar(part: EmailMessage) -> bool:
    kind = part.get_content_type()
    named = kind == "application/octet-stream" and name(part).endswith(".ics")
    return kind in CALENDARS or named


def _method(part: EmailMessage) -> str:
    header = part["Content-Type"]
    if header:
        return str(header.params.get("method", ""))
    return ""
