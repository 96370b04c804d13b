"""What lies before patients, for the desk: hours against the rule, what would make up for them, the
end of a stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
from scheduler.programs import cohort_of
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
    problem = begin(view.cohort.key, now=now).problem
    found = make_ups(problem, view.plan, short)
    by_week = {}
    for week in short:
        by_week[week] = _repair([make_up for make_up in found if make_up.had.week == week])
    return by_week


def _repair(offers: list[MakeUp]) -> Repair:
    cancelled = dict.fromkeys(offer.cancelled for offer in offers if offer.cancelled)
    words = [cancelled_words(sessions) for sessions in cancelled]
    return Repair("; ".join(words), tuple(offers))


def stay_of(patient: Person, *, now: datetime) -> Stay | None:
    """Return the stay of a patient by the open proposal, else by what was published; None before
    any plan.
    """
    cohort = cohort_of(patient)
    plan = stored_plan(cohort.key) if cohort else None
    if cohort is None or plan is None:
        return None
    problem = begin(cohort.key, now=now).problem
    summaries = {summary.patient: summary for summary in stay_summaries(problem, plan)}
    course: StaySummary = summaries[patient.key]
    weeks = week_hours(problem, plan.sessions)
    return Stay(
        cohort=cohort.key,
        ends=f"{day_words(course.ends)} {course.ends.year}" if course.ends else None,
        missed=missed_words(course.missed) if course.missed else "",
        weeks=tuple(week for week in weeks if week.patient == patient.key),
    )
