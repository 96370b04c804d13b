"""What a stay in a cohort holds before it is planned: where the week's hours cannot be reached, the
topics it does not see, its projected end. Pure.
"""

from dataclasses import dataclass
from datetime import date

from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import Plan, Unplaced
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.stay_summary import Topic, stay_summaries
from scheduler.planning.rules.week_hours import WeekHours, week_hours


@dataclass(frozen=True, slots=True)
class ShortWeek:
    """A week whose hours cannot be reached: what it holds with every appointment that is due, and
    what the program asks.
    """

    week: int
    hours: float
    least: float


@dataclass(frozen=True, slots=True)
class AdmissionOutlook:
    """What lies before one patient; `ends` None: nothing is due in the stay."""

    ends: date | None
    missed: tuple[Topic, ...]
    short: tuple[ShortWeek, ...]


def admission_outlook(problem: Problem, patient: str) -> AdmissionOutlook:
    """Return what lies before a patient (key) of a problem, with all groups laid out and every
    appointment due; who waits for a place has nothing before them.
    """
    layout = lay_out_fixed_slots(problem)
    due = [owed for owed in due_appointments(problem)[0] if owed.patient.key == patient]
    minutes: dict[int, int] = {}
    left = []
    for owed in due:
        first, last = owed.weeks
        for week in range(first, last + 1):
            minutes[week] = minutes.get(week, 0) + owed.appointment.minutes
        unplaced = Unplaced(
            owed.key,
            patient,
            owed.appointment.key,
            owed.weeks,
        )
        left.append(unplaced)
    plan = Plan(problem.cohort, layout.sessions, unplaced=tuple(left))
    ends = None
    missed: tuple[Topic, ...] = ()
    for summary in stay_summaries(problem, plan):
        if summary.patient == patient:
            ends, missed = summary.ends, summary.missed
    short = []
    for week in week_hours(problem, layout.sessions):
        if week.patient == patient and _lacks(week, minutes):
            hours = _most(week, minutes)
            short.append(ShortWeek(week.week, hours, week.least))
    return AdmissionOutlook(ends, missed, tuple(short))


def _most(week: WeekHours, minutes: dict[int, int]) -> float:
    """Return the hours of a week with every appointment that may lie in it."""
    return week.planned + minutes.get(week.week, 0) / 60


def _lacks(week: WeekHours, minutes: dict[int, int]) -> bool:
    return _most(week, minutes) < week.least
