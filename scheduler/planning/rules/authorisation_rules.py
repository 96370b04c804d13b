"""Days of service against the days a payer agreed to. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.problem.time_phrases import listed, short_day
from scheduler.planning.rules.week_rules import points_by_day, service_days
from scheduler.programs import week_of


def authorisations(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return each week of a patient with service days that no payer agreed to; nothing for whom no
    payer asks.
    """
    asked = [patient for patient in problem.patients if patient.authorisations]
    if not asked:
        return
    points = points_by_day(problem, sessions)
    for patient in asked:
        days = points.get(patient.key, {})
        served = service_days(problem, days)
        yield from _of_patient(problem, patient, served)


def _of_patient(problem: Problem, patient: Patient, served: list[date]) -> Iterator[Finding]:
    weeks: dict[int, list[str]] = {}
    for day in _not_agreed(patient, served):
        week = week_of(problem.starts, day)
        weeks.setdefault(week, []).append(short_day(day))
    for week, days in weeks.items():
        said = f"no authorisation covers {patient.key} on {listed(days)}"
        yield Finding(
            Rule.AUTHORISATION,
            said,
            hard=False,
            patient=patient.key,
            week=week,
            figure=len(days),
        )


def _not_agreed(patient: Patient, served: list[date]) -> Iterator[date]:
    """Return the service days, in order, for which no authorisation has a unit left."""
    left = [agreed.units for agreed in patient.authorisations]
    for day in sorted(served):
        for number, agreed in enumerate(patient.authorisations):
            if agreed.covers(day) and left[number] > 0:
                left[number] -= 1
                break
        else:
            yield day
