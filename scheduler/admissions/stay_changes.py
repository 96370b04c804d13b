"""What the desk does with a patient's stays: a later one added, days changed, one that has not
begun taken back, another cohort from a day on, a pause; and the last of these undone.
"""

from collections.abc import Callable
from datetime import date, datetime

from scheduler import audit
from scheduler.admissions.settle_stays import (
    StayOutcome,
    cohort_runs,
    settle_stays,
    stay_line,
    stay_of_line,
    stays_now,
)
from scheduler.admissions.stay_days import (
    Runs,
    StayDays,
    Stays,
    added,
    moved_on,
    paused,
    with_days,
    without,
)
from scheduler.kernel.errors import Conflict
from scheduler.people import practice
from scheduler.people.models import Person

ADDED = "stay.added"
CHANGED = "stay.changed"
TAKEN_BACK = "stay.taken_back"
MOVED = "stay.moved"
PAUSED = "stay.paused"
ENDED = "stay.ended"
UNDONE = "stay.undone"
DEEDS = (ADDED, CHANGED, TAKEN_BACK, MOVED, PAUSED, ENDED, UNDONE)
LOOKED_AT = 100
"""Entries of the record in which the last change of the stays is looked for."""


def add_stay(patient: Person, new: StayDays, *, by: str, now: datetime) -> StayOutcome:
    """Add a stay in a cohort; who has one of that id already was sent twice, and nothing is done.

    These deeds raise InvalidFile by field: `cohort`, `from`, `to`, `until`, `stay`.
    """

    def change(stays: Stays, runs: Runs) -> Stays:
        if any(stay.id == new.id for stay in stays):
            return stays
        return added(stays, new, runs)

    return _settle(
        patient,
        change,
        ADDED,
        by=by,
        now=now,
    )


def change_stay(
    patient: Person, stay_id: str, first: date, last: date | None, *, by: str, now: datetime
) -> StayOutcome:
    """Change the days of a stay."""

    def change(stays: Stays, runs: Runs) -> Stays:
        return with_days(stays, stay_id, first, last, runs)

    return _settle(
        patient,
        change,
        CHANGED,
        by=by,
        now=now,
    )


def take_back_stay(patient: Person, stay_id: str, *, by: str, now: datetime) -> StayOutcome:
    """Take back a stay that has not begun."""
    today = practice().day_at(now)

    def change(stays: Stays, _: Runs) -> Stays:
        return without(stays, stay_id, today)

    return _settle(
        patient,
        change,
        TAKEN_BACK,
        by=by,
        now=now,
    )


def move_to_cohort(
    patient: Person, cohort: str, first: date, new_id: str, *, by: str, now: datetime
) -> StayOutcome:
    """Let a patient go on in another cohort (key) from the day `first` on."""

    def change(stays: Stays, runs: Runs) -> Stays:
        return moved_on(stays, cohort, first, new_id, runs)

    return _settle(
        patient,
        change,
        MOVED,
        by=by,
        now=now,
    )


def pause_stay(
    patient: Person, first: date, until: date, new_id: str, *, by: str, now: datetime
) -> StayOutcome:
    """Interrupt a stay from the day `first` to the day `until`, both included."""

    def change(stays: Stays, runs: Runs) -> Stays:
        return paused(stays, first, until, new_id, runs)

    return _settle(
        patient,
        change,
        PAUSED,
        by=by,
        now=now,
    )


def stays_before(patient: Person) -> Stays | None:
    """Return the stays as they were before they were changed last; None where that touched a
    session or a consent, of which somebody may have been told, or where they are others by now.
    """
    rows = audit.search(about=[f"person {patient.id}"], limit=LOOKED_AT)
    last = next((row for row in rows if row.deed in DEEDS), None)
    if last is None or last.deed == UNDONE or last.details.get("touched") != 0:
        return None
    if last.details["after"] != [stay_line(stay) for stay in stays_now(patient)]:
        return None
    return tuple(stay_of_line(line) for line in last.details["before"])


def undo_stays(patient: Person, *, by: str, now: datetime) -> StayOutcome:
    """Undo the last change of the stays. Raises Conflict where somebody may have been told."""
    before = stays_before(patient)
    if before is None:
        raise Conflict("this cannot be undone: people were told, or it was changed since")
    return settle_stays(
        patient,
        before,
        UNDONE,
        by=by,
        now=now,
    )


def _settle(
    patient: Person, change: Callable[[Stays, Runs], Stays], deed: str, *, by: str, now: datetime
) -> StayOutcome:
    wanted = change(stays_now(patient), cohort_runs())
    return settle_stays(
        patient,
        wanted,
        deed,
        by=by,
        now=now,
    )
