"""The dates of an invitation as its person may read them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduler.consents import Information, agenda, is_placed
from scheduler.i18n import N_, catalog
from scheduler.invitations import ToldDate, dates_of_page
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions import moved_from
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import language_of, reader_language
from scheduler.web.family.room_hours import is_open
from scheduler.web.parts.answer_words import your_old_answer
from scheduler.web.parts.family_times import moved_words, time_words
from scheduler.web.parts.kind_words import kind_in, marked_title

OWN = frozenset({Information.TOPIC, Information.CLINICIAN})
"""What patients read of their own appointments beside the time."""
SAID = {Answer.ACCEPTED: "yes", Answer.DECLINED: "no", Answer.TENTATIVE: "maybe"}
BEGUN = N_(
    "It has begun, so there is nothing to answer any more. Your earlier answer stays as it was."
)
EACH_ALONE = N_("You answered each date by itself. Change your answer there.")
WAITING = timedelta(hours=1)
"""Who opens their page this long before a meeting is led to its door; the dates are a tap away."""


@dataclass(frozen=True, slots=True)
class Date:
    """One meeting of an invitation: its name within it, the words of its time, the answer to it so
    far, and what was answered to an earlier time, in words.
    """

    name: str
    begins_at: datetime
    words: str
    answer: str | None
    before: str | None
    may_answer: bool
    what: str
    topic: str | None = None
    leads: tuple[str, ...] = ()
    names_patient: bool = False
    dial_in: str | None = None
    at_the_door: bool = False
    """Whether who opens the page now most likely wants to go in."""
    moved: str | None = None
    alone: bool = False
    """Whether the answer was given to this date by itself: one to all leaves it as it is."""
    may_move: bool = False
    """Whether it is for one family alone: another time may be asked for."""
    session_id: str = ""


def dates_of(row: Invitation, person: Person, moment: datetime) -> list[Date]:
    """Return the dates of an invitation that stand, are not over, and that this person may know of
    at this moment.
    """
    live = {}
    for session, recipient in agenda(person, now=moment, since=moment):
        if recipient.about_id == row.patient_id:
            live[session.id] = session, recipient
    found = []
    for told in dates_of_page(row):
        if told.session_id in live:
            session, recipient = live[told.session_id]
            says = recipient.says if recipient.patient_id else OWN
            found.append(_date(told, session, says, person, moment))
    return _with_moves(
        found,
        [session for session, _ in live.values()],
        person,
    )


def dates_for_all(dates: list[Date]) -> list[Date]:
    """Return the dates that an answer to all is for: those not answered by themselves."""
    answerable = [date for date in dates if date.may_answer]
    if len(dates) == 1:
        return answerable
    return [date for date in answerable if not date.alone]


def has_single(dates: list[Date]) -> bool:
    """True if one of several dates was answered by itself."""
    return len(dates) > 1 and any(date.alone for date in dates)


def why_no_answer(chosen: Date | None, dates: list[Date]) -> str:
    """Return in words why nothing can be answered, to the date `chosen` or to all; else ""."""
    _ = catalog(reader_language())
    if not any(date.may_answer for date in dates):
        return _(BEGUN)
    return "" if chosen or dates_for_all(dates) else _(EACH_ALONE)


def _with_moves(dates: list[Date], sessions: list[Session], person: Person) -> list[Date]:
    """Return the dates, each that moved with where it was."""
    before = moved_from(sessions)
    language = language_of(person)
    reader = person.zone or practice().zone
    words = {}
    for session in sessions:
        if session.id in before:
            was = before[session.id]
            begins_at = session.starts_at
            words[begins_at] = moved_words(
                language,
                was,
                begins_at,
                session.zone,
                reader,
            )
    return [replace(date, moved=words.get(date.begins_at)) for date in dates]


def _topic(session: Session, says: Collection[Information], language: str) -> str | None:
    """Return the topic in the reader's language, None where the consent does not name it."""
    if session.topic is None or Information.TOPIC not in says:
        return None
    return marked_title(language, session.topic)


def _date(
    told: ToldDate,
    session: Session,
    says: Collection[Information],
    person: Person,
    moment: datetime,
) -> Date:
    """Return a date with what the consent lets be said of it; what it does not name stays out."""
    language = language_of(person)
    reader = person.zone or practice().zone
    leads = [lead.name for lead in session.leads] if Information.CLINICIAN in says else []
    return Date(
        name=told.recurrence.isoformat(),
        begins_at=session.starts_at,
        words=time_words(
            language,
            session.starts_at,
            session.ends_at,
            session.zone,
            reader,
        ),
        answer=SAID[told.answer] if told.answer and told.current else None,
        alone=told.stands_alone,
        before=your_old_answer(told, language, reader),
        may_answer=session.starts_at > moment,
        what=kind_in(language, session.kind),
        topic=_topic(session, says, language),
        leads=tuple(leads),
        names_patient=Information.PARTICIPATION in says,
        dial_in=session.room.dial_in if session.room and is_open(session, moment) else None,
        may_move=is_placed(session),
        at_the_door=session.room is not None and session.starts_at - WAITING <= moment,
        session_id=session.id,
    )
