"""The blocks of a board: each meeting that stands, was cancelled or is proposed; one that would
move has two, at its old and its new time.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.i18n import catalog
from scheduler.planning import PlannedSession
from scheduler.programs import Seats
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import when_words
from scheduler.web.desk.truth.struck_words import moved_words
from scheduler.web.parts.board import Item
from scheduler.web.parts.time_words import day_words, hours_words, title_words


@dataclass(frozen=True, slots=True)
class BoardRows:
    """What stands, what was cancelled and whose day is not over, and what is proposed (None:
    nothing).
    """

    published: list[Session]
    struck: list[Session]
    proposed: Sequence[PlannedSession] | None

    @property
    def written(self) -> list[Session]:
        """The sessions that were ever published."""
        return [*self.struck, *self.published]

    @property
    def all(self) -> list[Session | PlannedSession]:
        """All of them."""
        return [*self.written, *(self.proposed or ())]


def blocks_of(
    rows: BoardRows, names: Mapping[str, str], movable: Collection[str], *, today: date
) -> Iterator[Item]:
    """Yield each block; `movable` are the keys of what whoever asks may move."""
    _ = catalog(reader_language())
    proposed = rows.proposed
    after = {planned.key: planned for planned in proposed or ()}
    for session in rows.struck:
        yield _published(session, "struck")
    for session in rows.published:
        may_move = session.key in movable
        planned = after.pop(session.key, None)
        if proposed is None or (planned and _is_unmoved(session, planned)):
            note = moved_words(session, today=today)
            yield _published(session, "published", note, may_move=may_move)
        elif planned is None:
            yield _published(session, "going", may_move=may_move)
        else:
            goes_to = _("to {when}").format(when=_planned_words(planned))
            comes_from = _("from {when}").format(when=when_words(session))
            yield _published(session, "moving", goes_to, may_move=may_move)
            yield _planned(planned, names, "moved", comes_from)
    for planned in after.values():
        yield _planned(planned, names, "proposed")


def _is_unmoved(session: Session, planned: PlannedSession) -> bool:
    return (session.starts_at, session.minutes) == (planned.start, planned.minutes)


def _published(session: Session, state: str, note: str = "", *, may_move: bool = False) -> Item:
    local = datetime.fromisoformat(session.starts_local)
    leads = tuple(clinician.name for clinician in session.leads)
    patients = tuple(patient.name for patient in session.patients)
    is_of_one = len(patients) == 1 and session.seats is not Seats.FAMILIES
    people = [person.key for person in (*session.leads, *session.patients)]
    return Item(
        key=session.key,
        kind=session.kind,
        title=title_words(session.kind, session.title, session.topic, reader_language()),
        day=local.date(),
        at=local.hour * 60 + local.minute,
        minutes=session.minutes,
        hours=hours_words(session.starts_at, session.ends_at, session.zone),
        who=leads + (patients if is_of_one else ()),
        state=state,
        week=session.week,
        note=note,
        leads=leads,
        patients=patients,
        room=session.room.key if session.room else "",
        people=frozenset(people),
        may_move=may_move,
    )


def _planned(planned: PlannedSession, names: Mapping[str, str], state: str, note: str = "") -> Item:
    leads = tuple(names.get(key, key) for key in planned.clinicians)
    patients = tuple(names.get(key, key) for key in planned.patients)
    is_of_one = len(patients) == 1 and planned.seats is not Seats.FAMILIES
    return Item(
        key=planned.key,
        kind=planned.kind,
        title=title_words(planned.kind, planned.title, planned.topic, reader_language()),
        day=planned.day,
        at=planned.at,
        minutes=planned.minutes,
        hours=hours_words(planned.start, planned.end, planned.zone),
        who=leads + (patients if is_of_one else ()),
        state=state,
        week=planned.week,
        note=note,
        leads=leads,
        patients=patients,
        room=planned.room or "",
        people=frozenset((*planned.clinicians, *planned.patients)),
    )


def _planned_words(planned: PlannedSession) -> str:
    return f"{day_words(planned.day)}, {hours_words(planned.start, planned.end, planned.zone)}"
