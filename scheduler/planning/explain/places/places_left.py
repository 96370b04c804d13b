"""Where an appointment that is due and has no time could be held, beside all that stands; else why
nowhere. Pure.

The places of two appointments are offered each for itself: taking one may take the other's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from scheduler.planning.explain.make_up_offers import Offer
from scheduler.planning.explain.make_up_sessions import best_start, board_of
from scheduler.planning.explain.unplaced import explain_unplaced
from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.minute_sets import DAY, WeekNumber, day_of, monday_in
from scheduler.planning.problem.plan import Plan, Unplaced
from scheduler.planning.problem.problem import Problem
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Timetable

MOST_PLACES = 3
"""Places named for one appointment, on a day each."""
MOST_EXPLAINED = 40
"""Appointments whose lack of a place is looked into; the others say what was known before."""


@dataclass(frozen=True, slots=True)
class PlacesLeft:
    """What has no time, with reasons as they are now, and by key the places where it could be."""

    unplaced: tuple[Unplaced, ...]
    offers: dict[str, tuple[Offer, ...]]


def places_left(problem: Problem, plan: Plan, due: Iterable[DueAppointment]) -> PlacesLeft:
    """Return where each of `plan.unplaced` could be held; `due` are all that are due."""
    if not plan.unplaced:
        return PlacesLeft((), {})
    alone = replace(problem, alongside=())
    board = board_of(alone, plan.sessions)
    owed = {appointment.key: appointment for appointment in due}
    unplaced = []
    offers = {}
    for number, left in enumerate(plan.unplaced):
        appointment = owed.get(left.key)
        if appointment is None or number >= MOST_EXPLAINED:
            unplaced.append(left)
            continue
        demand = board.conditions_of_standing.demand(appointment)
        places = _places(board, demand)
        if places:
            offers[left.key] = places
            unplaced.append(replace(left, remedies=()))
        else:
            unplaced.append(_without_place(alone, board, demand, left))
    return PlacesLeft(tuple(unplaced), offers)


def _without_place(problem: Problem, board: Timetable, demand: Domain, left: Unplaced) -> Unplaced:
    """Return why nothing is open now, after what is known of it already."""
    (found,) = explain_unplaced(problem, board, [demand])
    known = left.reasons if left.key in problem.called_off else ()
    return replace(found, reasons=(*known, *found.reasons))


def _places(board: Timetable, demand: Domain) -> tuple[Offer, ...]:
    """Return the best place of each day that has one, those that suit the patient best first."""
    found = []
    for week in demand.starts:
        open_starts = board.open_starts(demand, week)
        for weekday in range(7):
            of_day = open_starts & day_of(weekday)
            if of_day:
                start = best_start(board, demand, week, of_day)
                found.append(_offer(demand, week, start))
    return tuple(found[:MOST_PLACES])


def _offer(demand: Domain, week: WeekNumber, start: int) -> Offer:
    weekday, at = divmod(start, DAY)
    day = monday_in(week) + timedelta(days=weekday)
    return Offer(demand.kind, demand.clinician, day, at, demand.minutes)
