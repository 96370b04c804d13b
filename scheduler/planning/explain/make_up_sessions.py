"""Sessions that would make up for hours lacking in a week still to come: where everybody is free
and rules hold. Pure.

A make-up lies in the same program week (Monday to Sunday) and is at least as broad as what was
lost: an individual session makes up for any hour a patient sits in. Those offered can all be booked
together, for all patients.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from scheduler.planning.explain.make_up_offers import MakeUp, Offer
from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.hour_counting import day_points, hours_of
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    WEEK,
    MinuteOfWeek,
    MinuteSet,
    WeekNumber,
    each,
    monday_in,
    span,
    week_number,
)
from scheduler.planning.problem.once_a_day import days_left
from scheduler.planning.problem.plan import DroppedSlot, Plan, PlannedSession
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.problem.wall_time import local
from scheduler.planning.rules.week_hours import WeekHours, week_hours
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Timetable
from scheduler.programs import Appointment, Kind, Seats, monday_of

MOST = 3
"""Sessions offered for one week at most."""
WEEKDAYS_STAYED = 4
"""A week that the stay covers less is short by itself and is not made up for."""
USUAL_MINUTES = 50


def make_ups(
    problem: Problem, plan: Plan, weeks: Iterable[int] | None = None
) -> tuple[MakeUp, ...]:
    """Return the offers for each patient's short week that is still to come, of these `weeks` or
    (None) of all.
    """
    chosen = None if weeks is None else set(weeks)
    short = []
    for had in week_hours(problem, plan.sessions):
        if chosen is not None and had.week not in chosen:
            continue
        if had.short > 0 and had.weekdays >= WEEKDAYS_STAYED and left_of(problem, had.week):
            short.append(had)
    if not short:
        return ()
    board = board_of(problem, plan.sessions)
    return tuple(
        _make_up(
            problem,
            plan,
            board,
            had,
        )
        for had in short
    )


def board_of(problem: Problem, sessions: tuple[PlannedSession, ...]) -> Timetable:
    """Let everything stand that is planned; the assessment of a patient comes before any
    make-up.
    """
    alone = replace(problem, alongside=())
    board = Timetable(alone, sessions)
    for session in sorted(sessions, key=lambda session: session.start, reverse=True):
        if session.kind is not Kind.ASSESSMENT:
            continue
        week = week_number(session.day)
        midnight = session.day.weekday() * DAY
        end = midnight + session.at + session.minutes
        board.gate |= dict.fromkeys(session.seated, (week, end))
    return board


def left_of(problem: Problem, week: int) -> int:
    """Return the minutes of a week that are still to come."""
    monday = monday_of(problem.starts, week)
    if problem.now is None:
        return ALL
    day, minute = local(problem.now, problem.zone)
    return span((day - monday).days * DAY + minute + 1, WEEK)


def _make_up(problem: Problem, plan: Plan, board: Timetable, had: WeekHours) -> MakeUp:
    patient = problem.patient_by_key[had.patient]
    offers: list[Offer] = []
    kinds = []
    for session in plan.sessions:
        if session.week == had.week and had.patient in session.seated:
            kinds.append((session.kind, session.day.weekday()))
    after = had.planned
    while after < had.least and len(offers) < MOST:
        found = _offer(
            problem,
            board,
            patient,
            had.week,
            kinds,
            len(offers),
        )
        if found is None:
            break
        offers.append(found)
        kinds.append((found.kind, found.day.weekday()))
        after = _hours(problem, board, had)
    offers.sort(key=lambda offer: offer.local_start)
    return MakeUp(
        had=had,
        cancelled=_cancelled(
            problem,
            plan,
            patient,
            had.week,
        ),
        offers=tuple(offers),
        after=after,
    )


def _hours(problem: Problem, board: Timetable, had: WeekHours) -> float:
    """Return the hours of a week as the board has them."""
    week = week_number(monday_of(problem.starts, had.week))
    points = 0
    for spans in board.days[had.patient, week]:
        points += day_points(spans, had.counts)
    return hours_of(points, had.counts)


def _offer(
    problem: Problem,
    board: Timetable,
    patient: Patient,
    week: int,
    kinds: list[tuple[Kind, int]],
    number: int,
) -> Offer | None:
    """Return the place nearest to the patient's hours with the first clinician who has one; it is
    taken off the board.
    """
    calendar_week = week_number(monday_of(problem.starts, week))
    to_come = left_of(problem, week)
    for clinician in _clinicians(problem, patient):
        due = _obligation(
            problem,
            patient,
            clinician,
            week,
            number,
        )
        demand = board.conditions_of_standing.demand(due)
        starts = board.open_starts(demand, calendar_week) & to_come
        starts &= days_left(
            problem.template.rules,
            demand.kind,
            kinds,
        )
        if not starts:
            continue
        start = best_start(
            board,
            demand,
            calendar_week,
            starts,
        )
        board.put(demand, (calendar_week, start))
        weekday, at = divmod(start, DAY)
        day = monday_in(calendar_week) + timedelta(days=weekday)
        return Offer(
            demand.kind,
            clinician,
            day,
            at,
            demand.minutes,
        )
    return None


def best_start(
    board: Timetable, demand: Domain, week: WeekNumber, starts: MinuteSet
) -> MinuteOfWeek:
    """Return the one of `starts` that suits the patient best."""

    def distance(start: MinuteOfWeek) -> tuple[bool, int, int]:
        return nearness(
            board,
            demand,
            week,
            start,
        )

    return min(each(starts), key=distance)


def nearness(
    board: Timetable, demand: Domain, week: WeekNumber, start: MinuteOfWeek
) -> tuple[bool, int, int]:
    """Return what sorts the places of a patient: a day the patient comes anyway first, then near
    what they have, then an early one.
    """
    weekday, at = divmod(start, DAY)
    end = at + demand.minutes
    days = board.days[demand.patient, week]
    is_extra_day = not days[weekday]
    spans = days[weekday]
    if is_extra_day:
        spans = []
        for day in days:
            spans += day
    near = _distance(at, end, spans)
    hours_away = near // 120
    return is_extra_day, hours_away, start


def _distance(at: int, end: int, spans: Iterable[tuple[int, int]]) -> int:
    """Return the minutes between a place and the nearest of what a patient has, 0 of nothing."""
    nearest = None
    for begin, finish in spans:
        before = begin - end
        after = at - finish
        minutes = max(before, after, 0)
        if nearest is None or minutes < nearest:
            nearest = minutes
    return nearest or 0


def _clinicians(problem: Problem, patient: Patient) -> Iterator[str]:
    """Return the patient's own clinician, then whoever leads the cohort's slots."""
    found = {patient.clinician: None}
    for leaders in problem.leads.values():
        found |= dict.fromkeys(leaders)
    yield from found


def _obligation(
    problem: Problem, patient: Patient, clinician: str, week: int, number: int
) -> DueAppointment:
    minutes = [
        appointment.minutes
        for appointment in problem.template.appointments
        if appointment.kind is Kind.INDIVIDUAL
    ]
    appointment = Appointment(
        "make-up",
        Kind.INDIVIDUAL,
        max(minutes, default=USUAL_MINUTES),
    )
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
    """Return what would have seated the patient in that week had the program not dropped it."""
    seating = {slot.key for slot in problem.template.slots if slot.seats is not Seats.FAMILIES}
    monday = monday_of(problem.starts, week)
    sunday = monday + timedelta(days=6)
    found = []
    for dropped in plan.dropped:
        if dropped.slot not in seating or not patient.is_here(dropped.day):
            continue
        if monday <= dropped.day <= sunday:
            found.append(dropped)
    return tuple(found)
