"""What the relatives say to a patient's sessions, and who is not invited yet."""

from collections.abc import Collection
from datetime import datetime
from operator import attrgetter

from markupsafe import Markup, escape

from scheduler import homes
from scheduler.consents import Reason, audiences, standing_grants, untold
from scheduler.i18n import N_, catalog
from scheduler.invitations import ToldDate, answered_dates
from scheduler.invitations.model.models import Answer
from scheduler.people.models import Person, PersonKind
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions.models import Session, Status

ANSWERS = {
    Answer.ACCEPTED: N_("{name}: yes"),
    Answer.DECLINED: N_("{name}: no"),
    Answer.TENTATIVE: N_("{name}: maybe"),
}
NO_ANSWER = N_("{name}: no answer yet")
INVITED = N_("{name} knows the time")
NOT_READY = N_("{name} is not yet invited: your clinician will talk with them first.")
MOST = 12
"""Sessions of which it is looked up; the rest of a long stay is folded away."""


def who_comes(
    patient: Person, sessions: Collection[Session], language: str, *, now: datetime
) -> dict[str, list[str]]:
    """Return by session (id) a line for each relative who is invited or waits to be, the patient's
    own alone.
    """
    ahead = []
    for session in sessions:
        is_standing = session.status is not Status.CANCELLED and session.starts_at > now
        if is_standing and session.kind in FAMILY_KINDS:
            ahead.append(session)
    with homes.as_if_unsaid(patient, now=now):
        return _lines_of(patient, ahead[:MOST], language, now)


def _lines_of(
    patient: Person, ahead: Collection[Session], language: str, now: datetime
) -> dict[str, list[str]]:
    family = _family(patient, ahead, now)
    ids = {person.id for people in family.values() for person in people}
    said = {(date.person_id, date.session_id): date for date in answered_dates(ids)}
    found = {}
    for session in ahead:
        lines = []
        for person in family[session.id]:
            lines.append(
                _line(
                    person,
                    said.get((person.id, session.id)),
                    language,
                )
            )
        found[session.id] = lines + _waiting_lines(patient, session, language, now)
    return found


def _family(
    patient: Person, sessions: Collection[Session], now: datetime
) -> dict[str, list[Person]]:
    """Return by session (id) the relatives of a patient who may know of it, by name."""
    found = {}
    for session_id, recipients in audiences(sessions, now=now).items():
        people = []
        for recipient in recipients:
            is_own = recipient.patient_id == patient.id
            if recipient.role is PersonKind.RELATIVE and is_own:
                people.append(recipient.person)
        found[session_id] = sorted(people, key=attrgetter("name"))
    return found


def _line(person: Person, told: ToldDate | None, language: str) -> str:
    words = INVITED
    if told is not None:
        is_answered = told.answer is not None and told.current
        words = ANSWERS[told.answer] if is_answered and told.answer else NO_ANSWER
    return _named(catalog(language)(words), person)


def _waiting_lines(patient: Person, session: Session, language: str, now: datetime) -> list[str]:
    _ = catalog(language)
    lines = []
    for waiting in untold(session, now=now):
        if waiting.patient_id != patient.id:
            continue
        if waiting.reason is Reason.NOT_READY:
            lines.append(_named(_(NOT_READY), waiting.person))
        elif waiting.reason is Reason.BARRED and _may_know(waiting.person, patient, session):
            # that somebody asked for silence is told to nobody but staff
            lines.append(_named(_(NO_ANSWER), waiting.person))
    return lines


def _named(words: str, person: Person) -> str:
    """Return words with a name that keeps its own direction."""
    name = Markup("<bdi>{}</bdi>").format(person.name)
    return escape(words).format(name=name)


def _may_know(person: Person, patient: Person, session: Session) -> bool:
    return bool(standing_grants(person, patient, [session.kind]))
