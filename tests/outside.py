"""What a test run let out, read as the outside would: every letter written, every letter carried,
every feed.

People's words for the field and names are looked for in all of it, and the ways into rooms (their
addresses and telephone numbers); foreign parsers read every calendar part.
"""

import email
import json
import re
from collections.abc import Iterator
from email import policy
from urllib.parse import urlsplit

from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from fakes.post_office import PostOffice
from foreign import accepted
from scheduler.feeds.models import Feed
from scheduler.invitations import lint, names_to_keep_in
from scheduler.kernel.database import db
from scheduler.outbox.models import Channel, Letter
from scheduler.people.models import Person, Practice
from scheduler.programs.models import VideoRoom
from scheduler.sms import MOST_SEGMENTS, segments


def given_away(office: PostOffice | None) -> list[str]:
    """Return every word of the field and every name that stands in anything outward; an empty list
    is right.
    """
    if not _anything_out(office) or not _can_be_read():
        return []
    _let_others_read(office)
    names = [*db.session.scalars(select(Person.name)), *db.session.scalars(select(Practice.name))]
    secrets = names_to_keep_in(names)
    words = [
        f"{what}: {finding}"
        for what, content, reader in _outward(office)
        for finding in lint(content, secrets, recipient=reader)
    ]
    return [*words, *_poor_texts(), *ways_into_rooms(office)]


def _anything_out(office: PostOffice | None) -> bool:
    """True if there is anything to read; most tests let nothing out, and some take the tables
    away.
    """
    if office is not None and office.messages:
        return True
    try:
        return any(db.session.scalar(select(row.id).limit(1)) for row in (Letter, Feed))
    except DBAPIError:
        db.session.rollback()
        if _can_be_read():
            raise
        return False


def _can_be_read() -> bool:
    """True if the tables of what is let out are there."""
    return {"letters", "feeds", "people"} <= set(inspect(db.session.connection()).get_table_names())


def _poor_texts() -> Iterator[str]:
    """Every text message carries its link, and two messages at most hold it."""
    for letter in db.session.scalars(select(Letter).where(Letter.channel == Channel.TEXT)):
        if not letter.mime.startswith(b'{"'):
            continue  # made up by a test of the outbox
        words = str(json.loads(letter.mime).get("text", ""))
        if words and not LINK.search(words):
            yield f"{letter.kind} by text has no link"
        if segments(words) > MOST_SEGMENTS:
            yield f"{letter.kind} by text is {segments(words)} messages"


def ways_into_rooms(office: PostOffice | None) -> list[str]:
    """Return every room's address and telephone number that stands in anything outward."""
    keys = set()
    for room in db.session.scalars(select(VideoRoom)):
        keys.add(urlsplit(room.url).netloc.lower())
        keys |= {_digits(room.dial_in)[-10:]} if room.dial_in else set()
    if not keys:
        return []
    found = []
    for what, content, _ in _outward(office):
        text = _plain(content)
        said = {key for key in keys if key in text.lower() or key in _digits(text)}
        found += [f"{what}: the way into a room, {key}" for key in sorted(said)]
    return found


def _digits(text: str) -> str:
    """Return a text without what people put between the digits of a telephone number."""
    return re.sub(r"[ ().\u00a0-]", "", text)


def _plain(content: bytes) -> str:
    """Return all that a letter or feed says, decoded and unfolded."""
    if content.startswith(b"BEGIN:VCALENDAR"):
        return _unfolded(content)
    letter = email.message_from_bytes(content, policy=policy.default)
    said = [str(value) for value in letter.values()]
    for part in letter.walk():
        if not part.is_multipart():
            said.append(_unfolded(bytes(part.get_payload(decode=True))))  # type: ignore[arg-type]
    return "\n".join(said)


def _unfolded(content: bytes) -> str:
    return re.sub(r"\r?\n[ \t]", "", content.decode("utf-8", "replace"))


def _outward(office: PostOffice | None) -> Iterator[tuple[str, bytes, str]]:
    for letter in db.session.scalars(select(Letter)):
        yield f"{letter.kind} queued", letter.mime, letter.address
    for arrived in office.messages if office else ():
        yield "letter carried", arrived.content, arrived.recipients[0]
    for body in db.session.scalars(select(Feed.body)):
        yield "feed", body, ""


LINK = re.compile(r"https?://\S+/(j/[A-Za-z]{14})?(\s|$)")
"""The short link of a door, or of everybody's own pages."""
_RANDOM = re.compile(rb"[0-9a-f]{32}|/[ij]/[\w-]{43}|DTSTAMP:\w+|LAST-MODIFIED:\w+")
"""What differs from one run of a test to the next, and between persons told the same."""
_read: set[bytes] = set()
_seen: set[int] = set()


def _let_others_read(office: PostOffice | None) -> None:
    """Let every foreign parser read every calendar part. Those that differ in random names alone
    are read once.
    """
    for _, content, _ in _outward(office):
        if hash(content) in _seen:
            continue
        _seen.add(hash(content))
        for part in _parts(content):
            shape = _RANDOM.sub(b"", part.replace(b"\r\n ", b""))
            if shape not in _read:
                accepted(part)
                _read.add(shape)


def _parts(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"BEGIN:VCALENDAR"):
        yield content
    elif b"text/calendar" in content:
        for part in email.message_from_bytes(content, policy=policy.default).walk():
            if part.get_content_type() == "text/calendar":
                yield bytes(part.get_payload(decode=True))  # type: ignore[arg-type]
