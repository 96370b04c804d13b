"""Who came, for figures: many sessions at once, without a row of each."""

from collections.abc import Collection

from sqlalchemy import Integer, Select, and_, cast, func, select
from sqlalchemy.orm import aliased

from scheduler.attendance.attendance_rules import AWAY
from scheduler.attendance.models import AttendanceMark
from scheduler.kernel.database import db
from scheduler.people.models import Patient, Relative
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
    """Return by patient (id) of how many sessions somebody said whether they came, and to how many
    they did; of one cohort (id) or all. What was cancelled is not counted.
    """
    rows = db.session.execute(_counted(cohort_id))
    return {person_id: (said, int(came)) for person_id, said, came in rows}


def _counted(cohort_id: str | None) -> Select[str, int, int]:
    later = aliased(AttendanceMark)
    is_newer = and_(
        later.session_id == AttendanceMark.session_id,
        later.person_id == AttendanceMark.person_id,
        later.turn == AttendanceMark.turn + 1,
    )
    came = cast(AttendanceMark.state.not_in(sorted(AWAY)), Integer)
    wanted = (
        select(AttendanceMark.person_id, func.count(), func.sum(came))
        .join(Patient, Patient.person_id == AttendanceMark.person_id)
        .join(Session, Session.id == AttendanceMark.session_id)
        .outerjoin(later, is_newer)
        .where(
            later.id.is_(None),
            AttendanceMark.taken_back.is_(False),
            Session.status != Status.CANCELLED,
        )
        .group_by(AttendanceMark.person_id)
    )
    return wanted if cohort_id is None else wanted.where(Session.cohort_id == cohort_id)
