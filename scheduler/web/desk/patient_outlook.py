"""What lies before patients, for the desk: hours against the rule, what would make up for them, the
end of a stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.planning import (
    MakeUp,
    StaySummary,
    WeekHours,
    begin,
    cancelled_words,
    make_ups,
    missed_words,
    stay_summaries,
    stored_plan,
    week_hours,
)
from scheduler.programs.models import Cohort, Enrolment
from scheduler.web.desk.cohort_weeks import View
from scheduler.web.parts.time_words import day_words


@dataclass(frozen=True, slots=True)
class Repair:
    """A week's make-up offers and what the program itself cancelled in it."""

    cancelled: str
    offers: tuple[MakeUp, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """A patient's stay on their page: the course in words and the hours of each week."""

    cohort: str
    ends: str | None
    missed: str
    weeks: tuple[WeekHours, ...]


def repairs(view: View, weeks: Iterable[int], *, now: datetime) -> dict[int, Repair]:
    """Return what would make up for the short ones of these weeks; none without a plan."""
    short = [week for week in weeks if week in view.shortfalls]
    if view.plan is None or not short:
        return {}
    found = make_ups(begin(view.cohort.key, now=now).problem, view.plan, short)
    return {week: _repair([one for one in found if one.had.week == week]) for week in short}


def _repair(found: list[MakeUp]) -> Repair:
    cancelled = dict.fromkeys(one.cancelled for one in found if one.cancelled)
    return Repair("; ".join(cancelled_words(one) for one in cancelled), tuple(found))


def stay_of(patient: Person, *, now: datetime) -> Stay | None:
    """Return the stay of a patient by the open proposal, else by what was published; None before
    any plan.
    """
    wanted = select(Cohort.key).join(Enrolment).where(Enrolment.patient_id == patient.id)
    cohort = db.session.scalars(wanted).first()
    plan = stored_plan(cohort) if cohort else None
    if cohort is None or plan is None:
        return None
    problem = begin(cohort, now=now).problem
    course: StaySummary = next(
        one for one in stay_summaries(problem, plan) if one.patient == patient.key
    )
    weeks = tuple(one for one in week_hours(problem, plan.sessions) if one.patient == patient.key)
    ends = f"{day_words(course.ends)} {course.ends.year}" if course.ends else None
    return Stay(cohort, ends, missed_words(course.missed) if course.missed else "", weeks)
