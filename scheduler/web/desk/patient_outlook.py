"""What lies before patients, for the desk: hours against the rule, what would make up for them, the
end of a stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduler.people.models import Person
from scheduler.planning import (
    MakeUp,
    Standing,
    StaySummary,
    WeekHours,
    cancelled_words,
    make_ups,
    missed_words,
    standing_plan,
    stay_summaries,
    waiting_plan,
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
    is_proposed: bool
    """Nothing is published yet: it is what the proposal has."""


def repairs(view: View, weeks: Iterable[int]) -> dict[int, Repair]:
    """Return what would make up for the short ones of these weeks; none without a plan."""
    short = [week for week in weeks if week in view.shortfalls]
    if view.shown is None or not short:
        return {}
    found = make_ups(view.shown.problem, view.shown.plan, short)
    by_week = {}
    for week in short:
        by_week[week] = _repair([make_up for make_up in found if make_up.had.week == week])
    return by_week


def _repair(offers: list[MakeUp]) -> Repair:
    cancelled = dict.fromkeys(offer.cancelled for offer in offers if offer.cancelled)
    words = [cancelled_words(sessions) for sessions in cancelled]
    return Repair("; ".join(words), tuple(offers))


def stay_of(patient: Person, *, now: datetime) -> Stay | None:
    """Return the stay of a patient by the sessions that stand; before any publication by the
    proposal that waits; None before any plan, and for who waits for a place.
    """
    cohort = cohort_of(patient)
    if cohort is None:
        return None
    stands = standing_plan(cohort.key, now=now)
    found = stands or waiting_plan(cohort.key, now=now)
    if found is None:
        return None
    course = _course(found, patient)
    if course is None:
        return None
    weeks = week_hours(found.problem, found.plan.sessions)
    return Stay(
        cohort=cohort.key,
        ends=f"{day_words(course.ends)} {course.ends.year}" if course.ends else None,
        missed=missed_words(course.missed) if course.missed else "",
        weeks=tuple(week for week in weeks if week.patient == patient.key),
        is_proposed=stands is None,
    )


def _course(found: Standing, patient: Person) -> StaySummary | None:
    for summary in stay_summaries(found.problem, found.plan):
        if summary.patient == patient.key:
            return summary
    return None
