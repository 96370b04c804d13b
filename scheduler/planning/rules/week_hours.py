"""Each patient's weeks as hours against the program's rule, in all three ways of counting. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scheduler.planning.problem.hour_counting import hours_of
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.rules.week_rules import points_by_day, weekdays_stayed
from scheduler.programs import HourCounts, week_of

COUNTED = {
    HourCounts.CLOCK: "clock time",
    HourCounts.NET: "session time without breaks",
    HourCounts.UNITS: "units of 50 minutes",
}
"""How the hours of a figure were counted, in words that stand beside it."""


@dataclass(frozen=True, slots=True)
class WeekHours:
    """What is planned for a patient in a week, counted each way, beside what the program asks in
    its own.
    """

    patient: str
    week: int
    hours: Mapping[HourCounts, float]
    counts: HourCounts
    least: float
    most: float
    weekdays: int
    """Days Monday to Friday that the stay covers."""
    phase: str = ""
    """The phase of the program the week lies in; empty: in none."""

    @property
    def planned(self) -> float:
        """The hours as the program counts them."""
        return self.hours[self.counts]

    @property
    def short(self) -> float:
        """The hours that lack; 0 when there are enough."""
        return max(self.least - self.planned, 0)

    @property
    def words(self) -> str:
        """The figure with the rule it was counted by: "9.5 of 9 hours, clock time"; in a phase
        with its name before: "Step-down: 3 of 3 hours, clock time".
        """
        said = f"{round(self.planned, 2):g} of {self.least:g} hours, {COUNTED[self.counts]}"
        if self.phase:
            return f"{self.phase}: {said}"
        return said


def week_hours(problem: Problem, sessions: Iterable[PlannedSession]) -> tuple[WeekHours, ...]:
    """Return each patient's weeks that the stay covers at least in part, in order of patients and
    weeks.
    """
    sessions = tuple(sessions)
    points = {counts: _by_week(problem, sessions, counts) for counts in HourCounts}
    found: list[WeekHours] = []
    for patient in problem.patients:
        found += _of_patient(problem, patient, points)
    return tuple(found)


PointsByWeek = Mapping[HourCounts, Mapping[tuple[str, int], int]]


def _of_patient(problem: Problem, patient: Patient, points: PointsByWeek) -> Iterable[WeekHours]:
    for week in range(1, problem.template.weeks + 1):
        rules = problem.template.rules_in(week)
        phase = problem.template.phase_in(week)
        covered = weekdays_stayed(problem, patient, week)
        if not covered:
            continue
        hours = {}
        for counts, by_week in points.items():
            counted = by_week.get((patient.key, week), 0)
            hours[counts] = hours_of(counted, counts)
        yield WeekHours(
            patient.key,
            week,
            hours,
            rules.hour_counts,
            rules.week_hours_min,
            rules.week_hours_max,
            covered,
            phase.name if phase else "",
        )


def _by_week(
    problem: Problem, sessions: Iterable[PlannedSession], counts: HourCounts
) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = defaultdict(int)
    by_day = points_by_day(problem, sessions, counts)
    for patient in problem.patients:
        for day, points in by_day.get(patient.key, {}).items():
            found[patient.key, week_of(problem.starts, day)] += points
    return found
