"""One neutral letter about all that changed for somebody who is not invited by calendar, and the
same as a text message where that was agreed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler import sms
from scheduler.i18n import N_, catalog
from scheduler.invitations.letters.change_summary import (
    BACK,
    BACK_OPENING,
    CHANGED,
    OPENINGS,
    Role,
    named,
    sections_of,
)
from scheduler.invitations.letters.message_body import (
    GONE,
    GONE_OPENING,
    Envelope,
    Reader,
    Section,
    rendered,
)
from scheduler.invitations.letters.sms_change import change_text
from scheduler.invitations.letters.what_changed import Changed, is_all_lost
from scheduler.invitations.model.links import desk_link, front_link, home_link
from scheduler.outbox import Ground, MailWords, Posting, Sender, gateway, post
from scheduler.people import practice, whom_to_ask
from scheduler.people.models import Person, PersonKind, Practice

KIND = "change"
NEW = N_("New: {title} {first}")
NEW_OPENING = N_("This is new on your calendar.")
SEVERAL = N_("{sender} has changed several things on your calendar.")
EARLIEST, LATEST = time(8), time(20)
"""Wall time of the reader between which a text message may disturb them (domain 6.2)."""


@dataclass(frozen=True, slots=True)
class ChangeLetter:
    """To whom, about what; `key` is nominal, `first` the soonest start it speaks of, and `last` the
    latest end.
    """

    person: Person
    parts: Sequence[Changed]
    key: str
    first: datetime
    last: datetime


def send_changes(about: ChangeLetter, *, now: datetime) -> str | None:
    """Queue the letter, and the text message where that was agreed; return the letter's id, None
    when the same was queued before.
    """
    person, house = about.person, practice()
    reader = Reader(person.language, person.zone or house.zone, whom_to_ask())
    said = change_envelope(
        about.parts,
        reader,
        sender=house.outward_name,
        link=way_in(person),
    )
    words = MailWords(
        said.subject,
        said.text,
        said.html,
    )
    sender = Sender(house.outward_name, house.outward_email)
    posting = _posting(about, person.email, now.replace(second=0, microsecond=0))
    letter = post(posting, words, sender=sender, now=now)
    if letter is None:
        return None
    _send_text(about, reader, house, now)
    return letter.id


def key_of(person: Person, words: Sequence[str]) -> str:
    """Return the nominal key of a letter that says `words`, in any order."""
    said = " ".join(sorted(words))
    digest = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
    return f"{KIND}:{person.id}:{digest}"


def way_in(person: Person) -> str:
    """Return the address that leads a person to their own pages, after sign-in."""
    if person.kind is PersonKind.RELATIVE:
        return front_link()
    return desk_link() if person.kind is PersonKind.CLINICIAN else home_link()


def change_envelope(
    parts: Sequence[Changed], reader: Reader, *, sender: str, link: str
) -> Envelope:
    """Write what changed: how it was, how it is; it asks for nothing."""
    _ = catalog(reader.language)
    subject, opening = _subject_and_opening(parts)
    return rendered(
        reader,
        named(_(subject), parts[0], reader),
        _(opening),
        list(sections_of(parts, reader)),
        sender=sender,
        link=link,
    )


def changes_section(parts: Sequence[Changed], reader: Reader) -> list[Section]:
    """Return what changed for a letter that tells other things, too; nothing for no parts."""
    if not parts:
        return []
    heading = Section(catalog(reader.language).gettext("What has changed:"), ())
    return [heading, *sections_of(parts, reader)]


def _subject_and_opening(parts: Sequence[Changed]) -> tuple[str, str]:
    if is_all_lost(parts):
        return GONE, GONE_OPENING
    found = _kinds_of_change(parts)
    opening = OPENINGS[Role.ALONE] if len(found) == 1 else SEVERAL
    if found == {NEW}:
        return NEW, NEW_OPENING
    if found == {BACK}:
        return BACK, BACK_OPENING
    return CHANGED, opening


def _kinds_of_change(parts: Sequence[Changed]) -> set[str]:
    """Return the subjects of what parts say: something is new, back, or otherwise changed."""
    found = set()
    for part in parts:
        if part.added:
            found.add(NEW)
        if part.back:
            found.add(BACK)
        if part.is_other:
            found.add(CHANGED)
    return found


def _posting(about: ChangeLetter, address: str, due_at: datetime) -> Posting:
    return Posting(
        kind=KIND,
        key=about.key,
        recipient_id=about.person.id,
        address=address,
        ground=Ground(covers_until=about.last),
        due_at=due_at,
        needed_by=about.first if about.first > due_at else None,
    )


def _send_text(about: ChangeLetter, reader: Reader, house: Practice, now: datetime) -> None:
    """Queue the text message for an hour at which it disturbs nobody, unless it is too late then
    or the number has had enough.
    """
    person = about.person
    due_at = undisturbed(now.replace(second=0, microsecond=0), reader.zone)
    is_too_late = now < about.first <= due_at
    if is_too_late or gateway() is None:
        return
    if not sms.may_text(person, reader.zone, now=due_at):
        return
    words = change_text(about.parts, reader, sender=house.outward_name, link=way_in(person))
    posting = Posting(
        kind=KIND,
        key=f"{about.key}:text",
        recipient_id=person.id,
        address=person.phone or "",
        ground=Ground(covers_until=about.last),
        due_at=due_at,
        not_after=about.last,
    )
    sender = Sender(house.outward_name, house.outward_email)
    post(posting, words, sender=sender, now=now)


def undisturbed(at: datetime, zone: str) -> datetime:
    """Return `at`, or the UTC instant at which the night at `zone` ends."""
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    if EARLIEST <= local.time() < LATEST:
        return at
    day = local.date()
    if local.time() >= LATEST:
        day += timedelta(days=1)
    return datetime.combine(day, EARLIEST, there).astimezone(UTC)
