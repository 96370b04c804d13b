"""One letter for one difference: the neutral envelope and the calendar part, handed to the outbox.

RFC 5546 3.2.2 allows one UID a message, and Gmail and Outlook act on the first calendar part of a
mail alone; so a change of many entries is a letter each, of which the first tells all and the
others only keep the calendar right.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.consents import is_for_one
from scheduler.i18n import catalog, neutral_title
from scheduler.ical import Entry, Party, cancel, cancel_dates, request
from scheduler.invitations.letters import message_body
from scheduler.invitations.letters.change_summary import Role, changes_between
from scheduler.invitations.letters.message_body import Envelope, Notice, Reader
from scheduler.invitations.model.itip import Content, Meeting, Message, Method, News
from scheduler.invitations.model.links import join_link, link
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.ids import new_id
from scheduler.outbox import CalendarPart, Draft, Sender, compose, enqueue, message_id_for
from scheduler.outbox.models import Basis
from scheduler.people import practice
from scheduler.people.models import Person, Practice
from scheduler.programs import Kind
from scheduler.sessions import calendar_entry


@dataclass(slots=True)
class Bulk:
    """All that one person is told at once under one grant.

    `lead` (a Message-ID), `lead_id` and `subject` are of the letter that tells it all, which leaves
    before the others.
    """

    messages: tuple[Message, ...]
    lead: str | None = None
    lead_id: str | None = None
    subject: str = ""

    @property
    def role(self) -> Role:
        """What the next letter of these is."""
        if len(self.messages) == 1 or all(each.news is News.NEW for each in self.messages):
            return Role.ALONE
        return Role.LEAD if self.lead is None else Role.FOLLOWER


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
    """Write the letter and queue it; give its id, None when the outbox has nothing to take back."""
    row, person, message = sending.invitation, sending.person, sending.message
    house = practice()
    sender = Sender(house.outward_name, house.outward_email)
    letter_id = new_id()
    words = envelope_of(message, sending.bulk, uid=row.uid, person=person, house=house)
    content = calendar_part(message, uid=row.uid, to=sending, house=house, now=now)
    method = "REQUEST" if message.method is Method.REQUEST else "CANCEL"
    message_id = message_id_for(letter_id, sender)
    mime = compose(
        sender=sender,
        recipient=sending.address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=message_id,
        now=now,
        calendar=CalendarPart(content, method),
        belongs_to=sending.bulk.lead,
    )
    draft = Draft(
        id=letter_id,
        dedupe_key=f"{sending.kind}:{row.uid}:{message.sequence}:{person.id}",
        kind=sending.kind,
        recipient_id=person.id,
        address=sending.address,
        mime=mime,
        message_id=message_id,
        due_at=_this_minute(now),
        covers_until=sending.covers_until or now,
        uid=row.uid,
        sequence=message.sequence,
        follows=sending.bulk.lead_id if sending.bulk.role is Role.FOLLOWER else None,
        **_basis(sending),
    )
    letter = enqueue(draft, now=now)
    if letter is not None and sending.bulk.lead is None:
        sending.bulk.lead, sending.bulk.lead_id, sending.bulk.subject = (
            message_id,
            letter_id,
            words.subject,
        )
    return letter.id if letter else None


def _basis(sending: Sending) -> dict[str, Any]:
    row, purpose = sending.invitation, sending.purpose
    if purpose is None:
        return {"basis": Basis.SELF}
    basis = Basis.GRANT if sending.message.method is Method.REQUEST else Basis.RETRACTION
    return {
        "basis": basis,
        "grant_id": row.grant_id,
        "subject_id": row.patient_id,
        "purpose": purpose.value,
    }


def _this_minute(now: datetime) -> datetime:
    # Two machines' clocks differ by seconds; a letter for now must not be one for later on another
    # node.
    return now.replace(second=0, microsecond=0)


def calendar_part(
    message: Message, *, uid: str, to: Sending, house: Practice, now: datetime
) -> bytes:
    """Give the bytes of the calendar part; the recipient is the only attendee."""
    _ = catalog(to.person.language)
    phone = message.content.phone or None
    said = _(
        "With this link you join, from 15 minutes before the start. Your own page, to see details "
        "and to answer:"
    )
    said = f"{said}\n{link(uid)}"
    if phone:
        said = _("By phone: {phone}").format(phone=phone) + f"\n\n{said}"
    title = neutral_title(message.content.title, to.person.language)
    ways: dict[str, str | None] = {}
    if message.method is Method.REQUEST:
        ways = {
            "description": said,
            "link": join_link(uid),
            "phone": phone,
            "link_label": _("Join"),
            "phone_label": _("Dial in"),
        }
    entry = entry_of(
        replace(message.content, title=title),
        uid=uid,
        sequence=message.sequence,
        stamp=now,
        **ways,
    )
    parties = {
        "organizer": Party(house.outward_email, house.outward_name),
        "attendee": Party(to.address),
    }
    if message.method is Method.REQUEST:
        return request(entry, **parties, counters=is_for_one(to.invitation.series))
    if message.method is Method.CANCEL:
        return cancel(entry, **parties, whole=message.whole)
    return cancel_dates(entry, message.dates, **parties, whole=message.whole)


def entry_of(
    content: Content, *, uid: str, sequence: int, stamp: datetime, **words: str | None
) -> Entry:
    """Give the calendar entry that says `content`; `words` are its description, link, phone
    and their labels.

    Raises ValueError for a series that no rule says.
    """
    meetings = [(one.start, one.minutes) for one in content.meetings]
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


def envelope_of(
    message: Message, bulk: Bulk, *, uid: str, person: Person, house: Practice
) -> Envelope:
    """Return subject and bodies in the person's language and zone; the first letter of many tells
    all of it.
    """
    reader, role = Reader(person.language, person.zone or house.zone), bulk.role
    gone = message.method is not Method.REQUEST
    about = bulk.messages if role is Role.LEAD else (message,)
    if role is not Role.ALONE or message.news is News.CHANGED:
        words = changes_between(
            about, reader, sender=house.outward_name, link=None if gone else link(uid), role=role
        )
        return replace(words, subject=bulk.subject) if role is Role.FOLLOWER else words
    notice = Notice(
        title=message.content.title,
        sender=house.outward_name,
        zone=message.content.zone,
        link=None if gone else link(uid),
        now=_spans(message.after),
        gone=_spans(message.before),
    )
    write = message_body.invitation if message.news is News.NEW else message_body.cancellation
    return write(notice, reader)


def _spans(meetings: tuple[Meeting, ...]) -> tuple[message_body.Span, ...]:
    return tuple((one.begins_at, one.minutes) for one in meetings)
