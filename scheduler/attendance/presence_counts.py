"""Who came, for figures: many sessions at once, without a row of each."""

from collections.abc import Collection
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from scheduler.attendance.attendance_rules import AWAY
from scheduler.attendance.models import AttendanceMark
from scheduler.kernel.database import db
from scheduler.people.models import Relative
from scheduler.sessions.models import Session, Status


def came_to(people: Collection[str]) -> set[tuple[str, str]]:
    """Return by relative and session (ids) where these people came, as the newest word says."""
    wanted = select(
        AttendanceMark.turn,
        AttendanceMark.person_id,
        AttendanceMark.session_id,
        _is_away(),
    ).where(AttendanceMark.person_id.in_(select(Relative.person_id)))
    rows = db.session.execute(wanted).all()
    found: set[tuple[str, str]] = set()
    for _turn, relative, session_id, is_away in sorted(rows, key=itemgetter(0)):
        key = (relative, session_id)
        if is_away:
            found.discard(key)
        elif relative in people:
            found.add(key)
    return found


def counts_by_patient(cohort_id: str | None) -> dict[str, tuple[int, int]]:
    """Return by person (id) of how many sessions somebody said whether they came, and to how many
    they did; of one cohort (id) or all. What was cancelled is not counted.

    Counted are all words, by an index alone, less those that do not count: few are corrected, of
    cancelled sessions, or of who was away.
    """
    found = _all_words(cohort_id)
    away = db.session.execute(_not_there(cohort_id))
    for person_id, taken_back, many in away:
        said, came = found[person_id]
        found[person_id] = said - many * taken_back, came - many
    weightless = db.session.execute(_without_weight(cohort_id))
    for person_id, state in weightless:
        said, came = found.get(person_id, (0, 0))
        found[person_id] = said - 1, came - (state not in AWAY)
    return found


def _all_words(cohort_id: str | None) -> dict[str, tuple[int, int]]:
    person_id = AttendanceMark.person_id
    wanted = _in_cohort(select(person_id, func.count()).group_by(person_id), cohort_id)
    return {person_id: (said, said) for person_id, said in db.session.execute(wanted)}


def _not_there(cohort_id: str | None) -> Any:
    """Ask for how many words of each person say that they were away, or were taken back."""
    person_id = AttendanceMark.person_id
    taken_back = AttendanceMark.taken_back
    wanted = (
        select(person_id, taken_back, func.count())
        .where(_is_away())
        .group_by(person_id, taken_back)
    )
    return _in_cohort(wanted, cohort_id)


def _is_away() -> ColumnElement[bool]:
    """A word that somebody was away, or that the word before it no longer counts."""
    return or_(AttendanceMark.taken_back, AttendanceMark.state.in_(sorted(AWAY)))


def _in_cohort(wanted: Any, cohort_id: str | None) -> Any:
    if cohort_id is None:
        return wanted
    of_cohort = Session.id == AttendanceMark.session_id
    return wanted.join(Session, of_cohort).where(Session.cohort_id == cohort_id)


def _without_weight(cohort_id: str | None) -> Any:
    """Ask for the words that another stands after, and for those about cancelled sessions."""
    ids = _of_cancelled()
    corrected = select(AttendanceMark.id).where(AttendanceMark.turn > 1).limit(1)
    if db.session.scalar(corrected) is not None:
        ids = or_(ids, _overtaken())
    wanted = select(AttendanceMark.person_id, AttendanceMark.state).where(
        AttendanceMark.taken_back.is_(False), ids
    )
    return _in_cohort(wanted, cohort_id)


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
