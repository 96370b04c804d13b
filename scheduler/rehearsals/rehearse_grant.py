"""Rehearsing a consent: it is given, everything until its end is done by the code that does it, and
all is undone.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from email import message_from_bytes, policy

from scheduler import feeds
from scheduler.consents import Information, agenda
from scheduler.consents.model.models import Grant
from scheduler.invitations import Told, announce, told_dates
from scheduler.kernel.database import db
from scheduler.outbox import letter_subject, letter_words, letters_waiting
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.people import marked_hours, people_by_address
from scheduler.people.models import Person
from scheduler.rehearsals.rehearsal import Entry, PageDate, Rehearsal, ShownLetter
from scheduler.rehearsals.steps import known_ahead, walk
from scheduler.reminders import remind_of_endings, sweep

BY = "rehearsal"
Give = Callable[[], Sequence[Grant]]
Look = Callable[[Sequence[Told]], object]
ENDING = "ending"


def rehearse(
    give: Give,
    person: Person,
    patient: Person,
    *,
    now: datetime,
    look: Look | None = None,
) -> Rehearsal:
    """Return all that the grants which `give` writes would cause until their end, if nobody answers
    and the plan stays; nothing of it is kept.

    `look` is called once, as everything stands after the first letters, with what they tell. Raises
    what `give` raises.
    """
    key, patient_key = person.key, patient.key
    trial = db.session.begin_nested()
    try:
        grants = list(give())
        _set_hours_aside(person, now)
        names = {person.id: key, patient.id: patient_key}
        return _walked(
            person,
            patient,
            grants,
            names,
            look,
            now,
        )
    finally:
        trial.rollback()
        db.session.expire_all()


def _set_hours_aside(person: Person, now: datetime) -> None:
    """Let no marked hours hold: they are told to nobody, and what comes later because of them would
    tell.
    """
    for owner in (person, *people_by_address(person.email)):
        for hours in marked_hours(owner):
            hours.ended_at = now
    db.session.flush()


def _walked(
    person: Person,
    patient: Person,
    grants: Sequence[Grant],
    names: dict[str, str],
    look: Look | None,
    now: datetime,
) -> Rehearsal:
    ids = {grant.id for grant in grants}
    known = known_ahead(person, grants, now) if grants else [now]
    waited = {letter.id for letter in letters_waiting(list(names))}
    letters: list[ShownLetter] = []
    pages: tuple[PageDate, ...] = ()
    entries: list[Entry] = []
    for moment in walk(known, [person.id], now):
        told = _do_deeds(
            person,
            patient,
            moment,
        )
        if moment == now:
            pages = _pages(
                person,
                patient,
                now,
            )
            entries = _entries(person, now)
            if look is not None:
                look(told)
        letters += _leave(names, ids, waited, moment)
    address = feeds.may_have_address(person)
    return Rehearsal(
        letters=tuple(letters),
        pages=pages,
        feed=tuple(entries),
        has_address=address,
    )


def _do_deeds(person: Person, patient: Person, moment: datetime) -> list[Told]:
    """Do for one person what the worker's turn does."""
    people = {person.id}
    told = announce(
        by=BY,
        now=moment,
        people=people,
    )
    sweep(
        by=BY,
        now=moment,
        relatives=people,
    )
    remind_of_endings(now=moment, patients={patient.id})
    return told


def _leave(
    names: dict[str, str], grants: Collection[str], waited: Collection[str], moment: datetime
) -> list[ShownLetter]:
    """Let what is due leave but for what `waited` before, and give what of it stands on these
    grants.
    """
    found = []
    for letter in letters_waiting(list(names)):
        if letter.due_at > moment or letter.id in waited:
            continue
        letter.state, letter.sent_at = LetterState.SENT, moment
        if letter.grant_id in grants or letter.kind == ENDING:
            found.append(_shown(letter, names[letter.recipient_id], moment))
    db.session.flush()
    return sorted(found, key=_rank)


def _rank(letter: ShownLetter) -> tuple[str, str, str, str]:
    return letter.to, letter.kind, letter.subject, letter.words


def _shown(letter: Letter, to: str, moment: datetime) -> ShownLetter:
    return ShownLetter(
        moment,
        to,
        letter.channel.value,
        letter.kind,
        letter_subject(letter),
        letter_words(letter),
        _calendar(letter),
    )


def _calendar(letter: Letter) -> str:
    """Return the calendar part of a letter, "" without one."""
    if letter.channel is Channel.TEXT:
        return ""
    message = message_from_bytes(letter.mime, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            return bytes(content).decode("utf-8")
    return ""


def _pages(person: Person, patient: Person, now: datetime) -> tuple[PageDate, ...]:
    """Return the dates that their pages would show, with what the consent lets be said of each."""
    told = {date.session_id for date in told_dates([person.id])}
    found = []
    for session, recipient in agenda(person, now=now, since=now):
        if session.id not in told or recipient.about_id != patient.id:
            continue
        says = recipient.says
        leads = [lead.name for lead in session.leads] if Information.CLINICIAN in says else []
        date = PageDate(
            session=session.key,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            kind=session.kind.value,
            topic=session.topic if Information.TOPIC in says else None,
            leads=tuple(leads),
            names_patient=Information.PARTICIPATION in says,
        )
        found.append(date)
    return tuple(found)


def _entries(person: Person, now: datetime) -> list[Entry]:
    """Return what their calendar address would show of what lies ahead."""
    if not feeds.may_have_address(person):
        return []
    entries = []
    for known in feeds.shown_to(person, now=now):
        is_ahead = known.ends_at > now
        if is_ahead and known.struck_until is None:
            entry = Entry(
                known.starts_at,
                known.ends_at,
                known.title,
            )
            entries.append(entry)
    return entries
