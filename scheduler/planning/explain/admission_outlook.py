"""What a stay in a cohort holds before it is planned: where the week's hours cannot be reached, the
topics it does not see, its projected end. Pure.
"""

from dataclasses import dataclass
from datetime import date

from scheduler.planning.problem.due_appointments import DueAppointment, due_appointments
from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import Plan, Unplaced
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.stay_summary import Topic, stay_summaries
from scheduler.planning.rules.week_hours import week_hours


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
    left = [_without_time(owed) for owed in due]
    plan = Plan(problem.cohort, layout.sessions, unplaced=tuple(left))
    minutes = _minutes_by_week(due)
    short = []
    for hours in week_hours(problem, layout.sessions):
        if hours.patient != patient:
            continue
        most = hours.planned + minutes.get(hours.week, 0) / 60
        if most < hours.least:
            short.append(ShortWeek(hours.week, most, hours.least))
    for summary in stay_summaries(problem, plan):
        if summary.patient == patient:
            return AdmissionOutlook(summary.ends, summary.missed, tuple(short))
    return AdmissionOutlook(None, (), tuple(short))


def _without_time(owed: DueAppointment) -> Unplaced:
    return Unplaced(
        owed.key,
        owed.patient.key,
        owed.appointment.key,
        owed.weeks,
    )


def _minutes_by_week(due: list[DueAppointment]) -> dict[int, int]:
    """Return the minutes of all appointments that may lie in a week."""
    minutes: dict[int, int] = {}
    for owed in due:
        first, last = owed.weeks
        for week in range(first, last + 1):
            minutes[week] = minutes.get(week, 0) + owed.appointment.minutes
    return minutes
