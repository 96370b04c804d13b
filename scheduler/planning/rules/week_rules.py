"""Checks of a patient's week: too much is a broken rule, too little a fact with its figure.
Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from scheduler.planning.problem.due_appointments import stretches_within
from scheduler.planning.problem.hour_counting import (
    Points,
    Span,
    day_points,
    hours_of,
    minutes_of,
    points_of_hour,
)
from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.problem.stays.within_stay import seated_within_stay
from scheduler.planning.problem.time_phrases import short_day
from scheduler.programs import HourCounts, week_of, weekdays_here

Days = Mapping[date, int]
"""Points a day."""


def weeks(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return each patient's days and weeks that hold too much or too little."""
    points = points_by_day(problem, sessions)
    for patient in problem.patients:
        days = points.get(patient.key, {})
        yield from _too_much(problem, patient, days)
        yield from _too_little(problem, patient, days)
        yield from _gaps(problem, patient, days)


def too_much(
    problem: Problem, sessions: Iterable[PlannedSession], patients: Iterable[Patient]
) -> Iterator[Finding]:
    """Return the days and weeks of these patients that hold too much."""
    points = points_by_day(problem, sessions)
    for patient in patients:
        yield from _too_much(problem, patient, points.get(patient.key, {}))


def points_by_day(
    problem: Problem, sessions: Iterable[PlannedSession], counts: HourCounts | None = None
) -> dict[str, dict[date, int]]:
    """Count what seats each patient within their stay, day by day, in points of `counts`; None: as
    the program counts.

    Groups go on without who left: they count for nobody whose stay is over.
    """
    spans: dict[str, dict[date, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for session in sessions:
        begin = int(session.start.timestamp()) // 60
        for key in seated_within_stay(problem, session):
            spans[key][session.day].append((begin, begin + session.minutes))
    counts = counts or problem.template.rules.hour_counts
    return {
        key: {day: day_points(spans_of, counts) for day, spans_of in sorted(days.items())}
        for key, days in spans.items()
    }


def service_days(problem: Problem, days: Days) -> list[date]:
    """Return the days that reach `day_minutes_min`."""
    rules = problem.template.rules
    least = max(rules.day_minutes_min or 0, 1)
    found = []
    for day, points in days.items():
        if minutes_of(points, rules.hour_counts) >= least:
            found.append(day)
    return found


def _too_much(problem: Problem, patient: Patient, days: Days) -> Iterator[Finding]:
    rules = problem.template.rules
    scale = points_of_hour(rules.hour_counts)
    counts = rules.hour_counts
    for day, points in days.items():
        if points > rules.day_hours_max * scale:
            hours = hours_of(points, counts)
            said = (
                f"{patient.key} has {hours:g} hours on {short_day(day)}, more than "
                f"{rules.day_hours_max:g}"
            )
            week = week_of(problem.starts, day)
            yield Finding(
                Rule.DAY_HOURS_MAX,
                said,
                patient=patient.key,
                week=week,
                figure=hours,
            )
    for week, points in _by_week(problem, days).items():
        most = problem.template.rules_in(week).week_hours_max
        if points > most * scale:
            hours = hours_of(points, counts)
            said = f"{patient.key} has {hours:g} hours in week {week}, more than {most:g}"
            yield Finding(
                Rule.WEEK_HOURS_MAX,
                said,
                patient=patient.key,
                week=week,
                figure=hours,
            )


def _too_little(problem: Problem, patient: Patient, days: Days) -> Iterator[Finding]:
    by_week = _by_week(problem, days)
    served = [week_of(problem.starts, day) for day in service_days(problem, days)]
    for week in range(1, problem.template.weeks + 1):
        covered = weekdays_stayed(problem, patient, week)
        if not covered:
            continue
        when = f"week {week}"
        if covered < 5:
            when += f" (the stay covers {covered} of its weekdays)"
        yield from _too_few_hours(
            problem,
            patient,
            week,
            by_week.get(week, 0),
            when,
        )
        yield from _too_few_days(
            problem,
            patient,
            week,
            served.count(week),
            when,
        )


def _too_few_hours(
    problem: Problem, patient: Patient, week: int, points: Points, when: str
) -> Iterator[Finding]:
    rules = problem.template.rules_in(week)
    least = rules.week_hours_min
    if points >= least * points_of_hour(rules.hour_counts):
        return
    hours = round(hours_of(points, rules.hour_counts), 2)
    yield Finding(
        Rule.WEEK_HOURS_MIN,
        f"{patient.key} has {hours:g} of at least {least:g} hours in {when}",
        hard=False,
        patient=patient.key,
        week=week,
        figure=hours,
    )


def _too_few_days(
    problem: Problem, patient: Patient, week: int, days: int, when: str
) -> Iterator[Finding]:
    least = problem.template.rules.week_days_min
    if least is None or days >= least:
        return
    yield Finding(
        Rule.WEEK_DAYS_MIN,
        f"{patient.key} has {days} of at least {least} days in {when}",
        hard=False,
        patient=patient.key,
        week=week,
        figure=days,
    )


def weekdays_stayed(problem: Problem, patient: Patient, week: int) -> int:
    """Return how many days Monday to Friday of a program week the stay covers."""
    return weekdays_here(problem.starts, week, stretches_within(problem, patient))


def _gaps(problem: Problem, patient: Patient, days: Days) -> Iterator[Finding]:
    """Days without service between two service days."""
    most = problem.template.rules.days_gap_max
    if most is None:
        return
    served = service_days(problem, days)
    for before, after in pairwise(served):
        gap = (after - before - timedelta(days=1)).days
        if gap > most:
            said = (
                f"{patient.key} has {gap} days without service after {short_day(before)}, "
                f"more than {most}"
            )
            week = week_of(problem.starts, before)
            yield Finding(
                Rule.DAYS_GAP_MAX, said, False, patient=patient.key, week=week, figure=gap
            )


def _by_week(problem: Problem, days: Days) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for day, points in days.items():
        found[week_of(problem.starts, day)] += points
    return found
