"""Who came, for figures: many sessions at once, without a row of each."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Integer, Select, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from scheduler.attendance.attendance_rules import AWAY
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.kernel.database import db
from scheduler.people.models import Relative
from scheduler.sessions.models import Session, Status


def came_to(people: Collection[str]) -> set[tuple[str, str]]:
    """Return by relative and session (ids) where these people came, as the newest word says."""
    wanted = (
        select(
            AttendanceMark.person_id,
            AttendanceMark.session_id,
            AttendanceMark.state,
            AttendanceMark.taken_back,
        )
        .join(Relative, Relative.person_id == AttendanceMark.person_id)
        .order_by(AttendanceMark.turn)
    )
    found: set[tuple[str, str]] = set()
    for person_id, session_id, state, taken_back in db.session.execute(wanted):
        key = (person_id, session_id)
        if state in AWAY or taken_back:
            found.discard(key)
        elif person_id in people:
            found.add(key)
    return found


def counts_by_patient(cohort_id: str | None) -> dict[str, tuple[int, int]]:
    """Return by person (id) of how many sessions somebody said whether they came, and to how many
    they did; of one cohort (id) or all. What was cancelled is not counted.

    Counted are all words, less those that do not count: few are corrected or of cancelled sessions.
    """
    found = _all_words(cohort_id)
    for person_id, state in db.session.execute(_without_weight(cohort_id)):
        said, came = found.get(person_id, (0, 0))
        found[person_id] = said - 1, came - (state not in AWAY)
    return found


def _all_words(cohort_id: str | None) -> dict[str, tuple[int, int]]:
    came = cast(AttendanceMark.state.not_in(sorted(AWAY)), Integer)
    wanted = (
        select(AttendanceMark.person_id, func.count(), func.sum(came))
        .where(AttendanceMark.taken_back.is_(False))
        .group_by(AttendanceMark.person_id)
    )
    if cohort_id is not None:
        wanted = wanted.join(Session, Session.id == AttendanceMark.session_id)
        wanted = wanted.where(Session.cohort_id == cohort_id)
    rows = db.session.execute(wanted)
    return {person_id: (said, int(present)) for person_id, said, present in rows}


def _without_weight(cohort_id: str | None) -> Select[str, AttendanceState]:
    """Ask for the words that another stands after, and for those about cancelled sessions."""
    ids = _of_cancelled()
    corrected = select(AttendanceMark.id).where(AttendanceMark.turn > 1).limit(1)
    if db.session.scalar(corrected) is not None:
        ids = or_(ids, _overtaken())
    wanted = select(AttendanceMark.person_id, AttendanceMark.state).where(
        AttendanceMark.taken_back.is_(False), ids
    )
    if cohort_id is None:
        return wanted
    of_cohort = Session.id == AttendanceMark.session_id
    return wanted.join(Session, of_cohort).where(Session.cohort_id == cohort_id)


def _of_cancelled() -> ColumnElement[bool]:
    cancelled = select(Session.id).where(Session.status == Status.CANCELLED)
    return AttendanceMark.session_id.in_(cancelled)


def _overtaken() -> ColumnElement[bool]:
    later = aliased(AttendanceMark)
    follows = (
        later.session_id == AttendanceMark.session_id,
        later.person_id == AttendanceMark.person_id,
        later.turn == AttendanceMark.turn + 1,
    )
    return exists().where(*follows)
