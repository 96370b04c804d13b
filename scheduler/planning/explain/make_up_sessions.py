"""Sessions that would make up for hours lacking in a week still to come: where everybody is free
and rules hold. Pure.

A make-up lies in the same program week (Monday to Sunday) and is at least as broad as what was
lost: an individual session makes up for any hour a patient sits in. Those offered can all be booked
together, for all patients.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.hour_counting import day_points, hours_of
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    WEEK,
    each,
    monday_in,
    span,
    week_number,
)
from scheduler.planning.problem.once_a_day import days_left
from scheduler.planning.problem.plan import DroppedSlot, Plan, PlannedSession
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.problem.time_phrases import listed
from scheduler.planning.problem.wall_time import clock, local
from scheduler.planning.rules.week_hours import WeekHours, week_hours
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Timetable
from scheduler.programs import Appointment, Kind, Seats, monday_of

MOST = 3
"""Sessions offered for one week at most."""
WEEKDAYS_STAYED = 4
"""A week that the stay covers less is short by itself and is not made up for."""
USUAL_MINUTES = 50
NO_TIME = "no time in that week at which all rules hold"


@dataclass(frozen=True, slots=True)
class Offer:
    """A place for a make-up session: `at` is minutes after midnight, wall time of the cohort's
    zone.
    """

    kind: Kind
    clinician: str
    day: date
    at: int
    minutes: int

    @property
    def words(self) -> str:
        """The place as people say it."""
        when = f"{self.day:%a} {self.day.day} {self.day:%B} {clock(self.at)}"
        return f"{when} {self.kind.replace('_', ' ')} with {self.clinician}, {self.minutes} minutes"

    @property
    def local_start(self) -> str:
        """`YYYY-MM-DDTHH:MM`, wall time of the cohort's zone."""
        return f"{self.day.isoformat()}T{clock(self.at)}"


@dataclass(frozen=True, slots=True)
class MakeUp:
    """A patient's week that is short, what the program itself cancelled in it, and the offers that
    repair it.
    """

    had: WeekHours
    cancelled: tuple[DroppedSlot, ...]
    """Never counts against the patient."""
    offers: tuple[Offer, ...]
    after: float
    """The hours of the week with all offers."""

    @property
    def words(self) -> str:
        """One sentence: the shortfall and what would repair it."""
        said = f"{self.had.patient} week {self.had.week}, {self.had.words}"
        if not self.offers:
            return f"{said}: {NO_TIME}"
        lacking = round(max(self.had.least - self.after, 0), 2)
        result = f"makes {round(self.after, 2):g} hours" + (
            f", still {lacking:g} short" if lacking else ""
        )
        return f"{said}: {'; '.join(one.words for one in self.offers)}: {result}"


def make_ups(
    problem: Problem, plan: Plan, weeks: Iterable[int] | None = None
) -> tuple[MakeUp, ...]:
    """Return the offers for each patient's short week that is still to come, of these `weeks` or
    (None) of all.
    """
    chosen = None if weeks is None else set(weeks)
    short = [
        one
        for one in week_hours(problem, plan.sessions)
        if one.short > 0
        and one.weekdays >= WEEKDAYS_STAYED
        and (chosen is None or one.week in chosen)
    ]
    if not short:
        return ()
    board = _board(problem, plan.sessions)
    to_come = [one for one in short if _left(problem, one.week)]
    return tuple(_make_up(problem, plan, board, one) for one in to_come)


def _board(problem: Problem, sessions: tuple[PlannedSession, ...]) -> Timetable:
    """Everything that is planned stands; the assessment of a patient comes before any make-up."""
    board = Timetable(replace(problem, alongside=()), sessions)
    for one in sorted(sessions, key=lambda each_: each_.start, reverse=True):
        if one.kind is Kind.ASSESSMENT:
            end = one.day.weekday() * DAY + one.at + one.minutes
            board.gate.update({key: (week_number(one.day), end) for key in one.seated})
    return board


def _left(problem: Problem, week: int) -> int:
    """The minutes of a week that are still to come."""
    monday = monday_of(problem.starts, week)
    if problem.now is None:
        return ALL
    day, minute = local(problem.now, problem.zone)
    return span((day - monday).days * DAY + minute + 1, WEEK)


def _make_up(problem: Problem, plan: Plan, board: Timetable, had: WeekHours) -> MakeUp:
    patient = problem.patient_by_key[had.patient]
    offers: list[Offer] = []
    kinds = [(one.kind, one.day.weekday()) for one in plan.sessions if _sits(one, had)]
    after = had.planned
    while after < had.least and len(offers) < MOST:
        found = _offer(problem, board, patient, had.week, kinds, len(offers))
        if found is None:
            break
        offers.append(found)
        kinds.append((found.kind, found.day.weekday()))
        after = _hours(problem, board, had)
    return MakeUp(
        had,
        _cancelled(problem, plan, patient, had.week),
        tuple(sorted(offers, key=lambda one: (one.day, one.at))),
        after,
    )


def _sits(session: PlannedSession, had: WeekHours) -> bool:
    return session.week == had.week and had.patient in session.seated


def _hours(problem: Problem, board: Timetable, had: WeekHours) -> float:
    days = board.days[had.patient, week_number(monday_of(problem.starts, had.week))]
    return hours_of(sum(day_points(spans, had.counts) for spans in days if spans), had.counts)


def _offer(
    problem: Problem,
    board: Timetable,
    patient: Patient,
    week: int,
    kinds: list[tuple[Kind, int]],
    number: int,
) -> Offer | None:
    """The place nearest to the patient's hours with the first clinician who has one; it is taken
    off the board.
    """
    for clinician in _clinicians(problem, patient):
        demand = board.conditions_of_standing.demand(
            _obligation(problem, patient, clinician, week, number)
        )
        calendar_week = week_number(monday_of(problem.starts, week))
        starts = board.open_starts(demand, calendar_week) & _left(problem, week)
        starts &= days_left(problem.template.rules, demand.obligation.kind, kinds)
        if starts:
            start = min(each(starts), key=lambda one: _distance(board, demand, calendar_week, one))
            board.put(demand, (calendar_week, start))
            weekday, at = divmod(start, DAY)
            day = monday_in(calendar_week) + timedelta(days=weekday)
            return Offer(demand.obligation.kind, clinician, day, at, demand.minutes)
    return None


def _distance(board: Timetable, demand: Domain, week: int, start: int) -> tuple[int, int, int]:
    """A day the patient comes anyway first, then within two hours of what they have, then early."""
    weekday, at = divmod(start, DAY)
    days = board.days[demand.patient, week]
    spans = days[weekday] or [one for day in days for one in day] or [(at, at)]
    near = min(max(begin - at - demand.minutes, at - end, 0) for begin, end in spans)
    return int(not days[weekday]), near // 120, start


def _clinicians(problem: Problem, patient: Patient) -> Iterator[str]:
    """The patient's own clinician, then whoever leads the cohort's slots."""
    leaders = (key for keys in problem.leads.values() for key in keys)
    yield from dict.fromkeys((patient.clinician, *leaders))


def _obligation(
    problem: Problem, patient: Patient, clinician: str, week: int, number: int
) -> DueAppointment:
    minutes = [one.minutes for one in problem.template.appointments if one.kind is Kind.INDIVIDUAL]
    appointment = Appointment("make-up", Kind.INDIVIDUAL, max(minutes, default=USUAL_MINUTES))
    series = f"{problem.cohort}.make-up.{patient.key}"
    return DueAppointment(
        f"{series}.w{week}.{number}",
        problem.cohort,
        series,
        appointment,
        patient,
        clinician,
        (week, week),
    )


def _cancelled(
    problem: Problem, plan: Plan, patient: Patient, week: int
) -> tuple[DroppedSlot, ...]:
    """What would have seated the patient in that week had the program not dropped it."""
    seating = {one.key for one in problem.template.slots if one.seats is not Seats.FAMILIES}
    monday = monday_of(problem.starts, week)
    return tuple(
        one
        for one in plan.dropped
        if one.slot in seating and patient.is_here(one.day) and 0 <= (one.day - monday).days < 7
    )


def cancelled_words(dropped: Iterable[DroppedSlot]) -> str:
    """Say what the program itself cancelled, and why: it never counts against a patient."""
    by_day: dict[tuple[date, str], list[str]] = {}
    for one in dropped:
        by_day.setdefault((one.day, one.reason), []).append(one.title)
    return listed(
        f"{listed(titles)} on {day:%a} {day.day} {day:%B} ({reason})"
        for (day, reason), titles in by_day.items()
    )
