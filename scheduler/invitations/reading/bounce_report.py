"""What a report of a mail server says: whether a letter has failed for good, and which. Pure.

Standard reports are read by RFC 3464, 6522 and 6533; what servers write in shapes of their own is
read by `flufl.bounce`, which Mailman has gathered for it.
"""

import base64
import email
import html
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message

import flufl.bounce

from scheduler.invitations.reading.lasting_failure import is_for_good
from scheduler.invitations.reading.mail_parts import attached, field, storable, walk
from scheduler.kernel.logs import silence

# Its detectors stumble over hostile bytes often, and each time at length.
silence("flufl.bounce")

STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
"""RFC 3464, and RFC 6533 for addresses beyond ASCII."""
NOTIFICATION = "message/disposition-notification"
REJECTED = "5.7.1"
"""Delivery not authorized, message refused (RFC 3463 3.8): what a rule would say to a server."""
ENCODED = frozenset({"base64", "quoted-printable"})
_MEANT = {"5": "failed", "4": "delayed", "2": "delivered"}
ORIGINAL_TYPES = frozenset({"message/rfc822", "message/global"})
HEADER_TYPES = frozenset({"text/rfc822-headers", "message/global-headers"})
ROBOTS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "maildaemon"})
FATES = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
"""What may be done with a letter (RFC 3464 2.3.3)."""
MOST_ADDRESSES = 5
MOST_IDS = 20
MOST_SAID = 4_000
MOST_TEXT = 64 * 1024

_ID = re.compile(r"<([^<>\s@]{1,200}@[^<>\s]{1,200})>")
_ID_LINE = re.compile(r"(?im)^[ >|\t]*(?:x-)?(?:original-)?message-id:\s*(<[^<>\s]{3,400}>)")
_ADDRESS = re.compile(r"[^\s<>\[\]()\"',;:]{1,64}@[\w.-]{3,255}")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_TAG = re.compile(r"</?[a-zA-Z][^<>@]{0,2000}>")
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Report:
    """A report: whether it says that a letter `failed` for good, with its status code.

    `message_ids` are all that could name the letter, `addresses` those that took nothing. Nothing
    is known of a report that says neither that a letter failed nor that it waits or arrived
    (`understood` is False).
    """

    understood: bool
    failed: bool
    status: str
    message_ids: tuple[str, ...]
    addresses: tuple[str, ...]
    for_good: bool = False
    """Whether the failure means the address itself, rather than this letter or this hour."""


def is_report(message: EmailMessage) -> bool:
    """True if a mail is a report about another, or comes from no mailbox at all."""
    if message.get_content_type() == "multipart/report":
        kind = str(message.get_param("report-type", "")).lower()
        return kind != "disposition-notification" or bool(_rejections(message))
    if any(part.get_content_type() in STATUS_TYPES for part in walk(message)):
        return True
    return is_from_robot(message)


def is_from_robot(message: EmailMessage) -> bool:
    """True if the mail system itself wrote it, as far as From says."""
    sender = field(message, "From").lower()
    return any(f"{robot}@" in sender or sender.strip() == robot for robot in ROBOTS)


def read_report(message: EmailMessage, data: bytes) -> Report:
    """Return what a report says; `data` is the same mail as it came."""
    blocks = list(_blocks(message))
    rejections = _rejections(message)
    ids = _message_ids(message, blocks + rejections)
    if any(_action(block) in FATES for block in blocks):
        return _by_fields(blocks, ids)
    if rejections:
        addresses = tuple(_recipient(block) for block in rejections)
        return Report(True, True, REJECTED, ids, addresses)
    passing, lasting = _by_shape(data)
    status = _first_status(message)
    said = _text(message)
    if not passing and not lasting and status.startswith("5"):
        lasting = _addresses_in(said)  # in words and a code of RFC 3463, as Exchange writes them
    failed = bool(lasting)
    for_good = failed and is_for_good(status, said[:MOST_SAID])
    understood = bool(passing or lasting)
    return Report(understood, failed, status, ids, lasting, for_good)


def _by_fields(blocks: list[Message], ids: tuple[str, ...]) -> Report:
    """Return what the blocks of a standard report say."""
    broken = [block for block in blocks if _action(block) == "failed"]
    status = ""
    said = ""
    addresses = []
    for block in broken:
        status = status or _status(block)
        said += field(block, "Diagnostic-Code")
        address = _address(block)
        if address:
            addresses.append(address)
    failed = bool(broken)
    for_good = failed and is_for_good(status, said)
    return Report(True, failed, status, ids, tuple(addresses), for_good)


def _blocks(message: EmailMessage) -> Iterator[Message]:
    """Yield the blocks of fields of a standard report: one of the whole, then one a recipient."""
    for part in walk(message):
        if part.get_content_type() not in STATUS_TYPES:
            continue
        inside = attached(part)
        encoding = field(part, "Content-Transfer-Encoding").strip().lower()
        if encoding in ENCODED:
            # The library takes it apart before it is decoded; RFC 3464 allows no such encoding.
            raw = b"\n\n".join(_octets(block).strip() for block in inside)
            yield from _apart(_decoded(raw, encoding))
            continue
        if len(inside) > 1:
            yield from inside
            continue
        # The library takes apart message/delivery-status alone.
        whole = _octets(inside[0]) if inside else part.get_payload(decode=True)
        if isinstance(whole, bytes):
            yield from _apart(whole)


def _rejections(message: EmailMessage) -> list[Message]:
    """Return the fields by which a reader's rule says that it took nothing (RFC 5429 2.2): a
    notification that nobody asked for, of a letter deleted by no hand (RFC 8098 3.2.6).
    """
    found = []
    for part in walk(message):
        if part.get_content_type() != NOTIFICATION:
            continue
        for block in attached(part):
            said = _COMMENT.sub(" ", field(block, "Disposition")).lower()
            modes, _, kind = said.partition(";")
            words = kind.partition("/")[0]
            if modes.strip().startswith("automatic-action") and words.strip() == "deleted":
                found.append(block)
    return found[:MOST_ADDRESSES]


def _apart(whole: bytes) -> Iterator[Message]:
    for block in re.split(rb"\r?\n\r?\n", whole):
        yield email.message_from_bytes(block.strip())


def _decoded(raw: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(raw)
    try:
        return base64.b64decode(raw)
    except ValueError:
        return b""


def _octets(block: Message) -> bytes:
    """Return fields and what follows them, as far as they can be written again."""
    try:
        return block.as_bytes()
    except (UnicodeError, ValueError, LookupError, IndexError, AttributeError):
        return b""


def _action(block: Message) -> str:
    """Return what was done, without the comments that RFC 3464 2.1.1 allows; where that is missing
    or none of its words, what the status means. "" for a block about no recipient.
    """
    said = _COMMENT.sub(" ", field(block, "Action")).split()
    word = said[0].lower() if said else ""
    if word in FATES:
        return word
    return _MEANT.get(_status(block)[:1], word)


def _status(block: Message) -> str:
    found = _STATUS.search(_COMMENT.sub(" ", field(block, "Status")))
    return found.group(1) if found else ""


def _address(block: Message) -> str:
    """Return a failed recipient: what stands after the type of the address."""
    if _action(block) != "failed":
        return ""
    return _recipient(block)


def _recipient(block: Message) -> str:
    recipient = field(block, "Original-Recipient") or field(block, "Final-Recipient")
    return _COMMENT.sub(" ", recipient).rpartition(";")[2].strip().strip("<>")


def _by_shape(data: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses that fail for now and for good, by the shapes servers are known for."""
    message = email.message_from_bytes(data)
    sender = str(message.get("From", "")).encode("ascii", "replace").decode().split()
    del message["From"]  # some detectors know no sender beyond ASCII, or none at all
    message["From"] = " ".join(sender) or "unknown@invalid"
    try:
        passing, lasting = flufl.bounce.all_failures(message)
    except Exception:  # whatever a detector makes of hostile bytes, it has understood nothing
        return (), ()
    return _texts(passing), _texts(lasting)


def _texts(addresses: frozenset[bytes]) -> tuple[str, ...]:
    return tuple(sorted(storable(address.decode("utf-8", "replace")) for address in addresses))


def _addresses_in(words: str) -> tuple[str, ...]:
    found = [address.strip(".") for address in _ADDRESS.findall(words)]
    return tuple(dict.fromkeys(found))[:MOST_ADDRESSES]


def _first_status(message: EmailMessage) -> str:
    found = _STATUS.search(_text(message))
    return found.group(1) if found else ""


def _message_ids(message: EmailMessage, blocks: list[Message]) -> tuple[str, ...]:
    """Return every Message-ID by which the report may mean the letter, the surest first."""
    found: list[str] = []
    for part in walk(message):
        kind = part.get_content_type()
        if kind in ORIGINAL_TYPES | HEADER_TYPES:
            found += [field(original, "Message-ID") for original in attached(part)]
            found.append(_header_id(part))
    for block in blocks:
        for name, value in block.raw_items():
            if "message-id" in name.lower():
                found.append(storable(str(value)))
    found.append(field(message, "In-Reply-To"))
    found.append(field(message, "References"))
    found += _ID_LINE.findall(_text(message))
    ids: list[str] = []
    for text in found:
        ids += _ID.findall(storable(text))
    return tuple(dict.fromkeys(ids))[:MOST_IDS]


def _header_id(part: EmailMessage) -> str:
    """Return the Message-ID of a part that holds headers alone."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    headers = email.message_from_bytes(content, policy=policy.default)
    return field(headers, "Message-ID")


def _text(message: EmailMessage) -> str:
    """Return the words of all text parts, as far as they may name a letter."""
    words = []
    for part in walk(message):
        content = part.get_payload(decode=True)
        if part.get_content_maintype() == "text" and isinstance(content, bytes):
            said = content[:MOST_TEXT].decode("utf-8", "replace")
            if part.get_content_subtype() == "html":
                said = html.unescape(_TAG.sub(" ", said))
            words.append(said)
    return "\n".join(words)
