"""One letter for one difference: the neutral envelope and the calendar part, handed to the outbox.

RFC 5546 3.2.2 allows one UID a message, and Gmail and Outlook act on the first calendar part of a
mail alone; so a change of many entries is a letter each, of which the first tells all and the
others only keep the calendar right. One of those that asks for nothing says so in its subject.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from scheduler.consents import is_for_one
from scheduler.i18n import catalog, neutral_title
from scheduler.ical import Entry, Known, Party, cancel, cancel_dates, request
from scheduler.invitations.letters import message_body
from scheduler.invitations.letters.bulk import Bulk
from scheduler.invitations.letters.change_summary import Role, changes_between
from scheduler.invitations.letters.message_body import Envelope, Notice, Reader
from scheduler.invitations.letters.moved_letter import is_at_address, moved
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.dates import original_starts
from scheduler.invitations.model.itip import Message, Method, News
from scheduler.invitations.model.links import join_link, link
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.model.standing_answers import dates_told
from scheduler.outbox import CalendarPart, Ground, MailWords, Posting, Sender, post
from scheduler.outbox.models import Basis
from scheduler.people import practice, sender_name, whom_to_ask
from scheduler.people.models import Person, Practice
from scheduler.programs import Kind
from scheduler.sessions import calendar_entry


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on its way: to whom and where, as what kind of letter, for which purpose, how far
    its grant reaches.

    Without a purpose it is the recipient's own affair: the database takes that for nobody's
    relative.
    """

    invitation: Invitation
    person: Person
    address: str
    kind: str
    purpose: Kind | None
    covers_until: datetime | None
    message: Message
    bulk: Bulk


def send(sending: Sending, *, now: datetime) -> str | None:
    """Write the letter, queue it and return its id; None when the outbox has nothing to take
    back.
    """
    row, person, message, bulk = sending.invitation, sending.person, sending.message, sending.bulk
    house = practice()
    envelope = _envelope(sending, house, now)
    method = "REQUEST" if message.method is Method.REQUEST else "CANCEL"
    content = calendar_part(message, uid=row.uid, to=sending, house=house, now=now)
    words = MailWords(
        envelope.subject,
        envelope.text,
        envelope.html,
        calendar=CalendarPart(content, method),
        belongs_to=bulk.lead,
    )
    sender = Sender(sender_name(person), house.outward_email)
    letter = post(_posting(sending, now), words, sender=sender, now=now)
    if letter is None:
        return None
    if bulk.lead is None:
        bulk.lead = letter.message_id
        bulk.lead_id = letter.id
        bulk.subject = envelope.subject
    return letter.id


def _envelope(sending: Sending, house: Practice, now: datetime) -> Envelope:
    row, person, message, bulk = sending.invitation, sending.person, sending.message, sending.bulk
    is_moved = bulk.role is Role.ALONE and is_at_address(message, person, now)
    return envelope_of(
        message,
        bulk,
        uid=row.uid,
        person=person,
        house=house,
        asks=_asks(message, row, now),
        is_moved=is_moved,
    )


def _posting(sending: Sending, now: datetime) -> Posting:
    row, person, message = sending.invitation, sending.person, sending.message
    is_follower = sending.bulk.role is Role.FOLLOWER
    return Posting(
        kind=sending.kind,
        key=f"{sending.kind}:{row.uid}:{message.sequence}:{person.id}",
        recipient_id=person.id,
        address=sending.address,
        ground=_ground(sending, now),
        due_at=_this_minute(now),
        needed_by=None if is_follower else _first_ahead(message, now),
        uid=row.uid,
        sequence=message.sequence,
        follows=sending.bulk.lead_id if is_follower else None,
    )


def _first_ahead(message: Message, now: datetime) -> datetime | None:
    """Return when the first thing a message tells of begins, None when all of it has begun."""
    told = (*message.before, *message.fresh())
    return min((meeting.begins_at for meeting in told if meeting.begins_at > now), default=None)


def _ground(sending: Sending, now: datetime) -> Ground:
    row, purpose = sending.invitation, sending.purpose
    until = sending.covers_until or now
    if purpose is None:
        return Ground(covers_until=until)
    asks = sending.message.method is Method.REQUEST
    return Ground(
        Basis.GRANT if asks else Basis.RETRACTION,
        grant_id=row.grant_id,
        subject_id=row.patient_id,
        purpose=purpose.value,
        covers_until=until,
    )


def _this_minute(now: datetime) -> datetime:
    # Two machines' clocks differ by seconds; a letter for now must not be one for later on another
    # node.
    return now.replace(second=0, microsecond=0)


def calendar_part(
    message: Message, *, uid: str, to: Sending, house: Practice, now: datetime
) -> bytes:
    """Return the bytes of the calendar part; the recipient is the only attendee."""
    words: dict[str, str | None] = {}
    if message.method is Method.REQUEST:
        words = _entry_words(message, uid, to.person)
    title = neutral_title(message.content.title, to.person.language)
    entry = entry_of(
        replace(message.content, title=title),
        uid=uid,
        sequence=message.sequence,
        stamp=now,
        **words,
    )
    organizer = Party(house.outward_email, sender_name(to.person))
    attendee = Party(to.address)
    if message.method is Method.REQUEST:
        return request(
            entry,
            organizer=organizer,
            attendee=attendee,
            counters=is_for_one(to.invitation.series),
            known=known_answers(message, to.invitation),
        )
    if message.method is Method.CANCEL:
        return cancel(entry, organizer=organizer, attendee=attendee, whole=message.whole)
    return cancel_dates(
        entry,
        message.dates,
        organizer=organizer,
        attendee=attendee,
        whole=message.whole,
    )


def known_answers(message: Message, row: Invitation) -> Known:
    """Return what the person has answered to each date of a message, by its original start; a date
    that moved is open again (RFC 5546 2.1.4, 3.2.2).
    """
    said = {}
    for date in dates_told([row]):
        if date.answer is not None and date.current:
            said[date.session_id] = date.answer.value
    original = original_starts(message.content)
    answers = {}
    for meeting in message.content.meetings:
        name = original.get(meeting.start, meeting.start)
        if meeting.session_id in said:
            answers[name] = said[meeting.session_id]
    return Known(answers, asks=message.may_ask)


def _entry_words(message: Message, uid: str, person: Person) -> dict[str, str | None]:
    """Return description and link of an entry that stands."""
    _ = catalog(person.language)
    said = _(
        "With this link you join, from 15 minutes before the start. Your own page, to see details "
        "and to answer:"
    )
    return {
        "description": f"{said}\n{link(uid)}",
        "link": join_link(uid),
        "link_label": _("Join"),
        "place": _("Online"),
    }


def entry_of(
    content: Content, *, uid: str, sequence: int, stamp: datetime, **words: str | None
) -> Entry:
    """Return the calendar entry that says `content`; `words` are its description, link and
    the label.

    Raises ValueError for a series that no rule says.
    """
    meetings = [(meeting.start, meeting.minutes) for meeting in content.meetings]
    return calendar_entry(
        meetings,
        zone=content.zone,
        series=content.series,
        uid=uid,
        sequence=sequence,
        stamp=stamp,
        changed=stamp,
        title=content.title,
        **words,
    )


def _asks(message: Message, row: Invitation, now: datetime) -> bool:
    """True if a date ahead is open and its answer is asked for."""
    if not message.may_ask:
        return False
    ahead = {meeting.session_id for meeting in message.content.ahead(now)}
    for date in dates_told([row]):
        if date.session_id in ahead and not (date.answer and date.current):
            return True
    return False


def envelope_of(
    message: Message,
    bulk: Bulk,
    *,
    uid: str,
    person: Person,
    house: Practice,
    asks: bool,
    is_moved: bool,
) -> Envelope:
    """Return subject and bodies in the person's language and zone; the first letter of many tells
    all of it. What `is_moved` stands at their calendar address from now on.
    """
    reader = Reader(person.language, person.zone or house.zone, whom_to_ask())
    role = bulk.role_of(message)
    where = link(uid) if message.method is Method.REQUEST else None
    if role is not Role.ALONE or _tells_a_change(message):
        about = bulk.messages if role is Role.LEAD else (message,)
        words = changes_between(
            about,
            reader,
            sender=sender_name(person),
            link=where,
            role=role,
            asks=asks,
        )
        if role is Role.FOLLOWER and not _is_companion(message):
            return replace(words, subject=bulk.subject)
        return words
    notice = Notice(
        title=message.content.title,
        sender=sender_name(person),
        zone=message.content.zone,
        link=where,
        now=_spans(message.after),
        gone=_spans(message.before),
    )
    if is_moved:
        return moved(notice, reader)
    write = message_body.invitation if message.news is News.NEW else message_body.cancellation
    return write(notice, reader)


def _tells_a_change(message: Message) -> bool:
    return message.news is News.CHANGED or bool(message.back)


def _is_companion(message: Message) -> bool:
    """True if all that it tells is what stays."""
    return bool(message.after) and not message.fresh()


def _spans(meetings: tuple[Meeting, ...]) -> tuple[message_body.Span, ...]:
    return tuple((meeting.begins_at, meeting.minutes) for meeting in meetings)
