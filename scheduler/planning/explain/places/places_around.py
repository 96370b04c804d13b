"""Places around where a session stands, for who asks for another time: on several days, in
several parts of the day, earlier weeks last. Pure.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from scheduler.planning.explain.places.nearest_places import (
    Place,
    Trial,
    Wish,
    days_away,
    is_beside,
    possible,
)
from scheduler.planning.problem.plan import Plan
from scheduler.planning.problem.problem import Problem

NOON, EVENING = 12, 17
"""Hours at which the afternoon and the evening begin."""


def places_around(
    problem: Problem, standing: Plan, wish: Wish, *, most: int
) -> tuple[datetime, ...]:
    """Return places around where a session stands at which nothing new would be broken, those of
    its own week and later ones before earlier ones: first on days of their own, then in other parts
    of a day, then an hour apart.
    """
    by_key = {session.key: session for session in standing.sessions}
    wished = [by_key[key] for key in wish.keys if key in by_key]
    if not wished:
        return ()
    others = [session for session in standing.sessions if session.key not in wish.keys]
    trial = Trial(problem, standing, others, most=most)
    places = []
    for place in possible(problem, others, wished, wish):
        if not is_beside(place.start, wish.start):
            places.append(place)
    monday = wish.start.date() - timedelta(days=wish.start.weekday())
    places.sort(key=lambda place: _round_of(place.start, wish.start, monday))
    for apart in (_day_of, _part_of_day, _minute_of):
        _choose(trial, places, apart)
    return tuple(trial.found)


def _round_of(start: datetime, wish: datetime, monday: date) -> tuple[bool, int, timedelta]:
    """Return what orders places around a wish: earlier weeks last, then days and hours away."""
    days, hours = days_away(start, wish)
    return start.date() < monday, days, hours


def _day_of(start: datetime) -> tuple[date, int]:
    return start.date(), 0


def _part_of_day(start: datetime) -> tuple[date, int]:
    """Return the day, and whether it is the morning, the afternoon or the evening."""
    parts = (NOON, EVENING)
    return start.date(), sum(start.hour >= begins for begins in parts)


def _minute_of(start: datetime) -> tuple[date, int]:
    return start.date(), start.hour * 60 + start.minute


def _choose(
    trial: Trial, places: Iterable[Place], apart: Callable[[datetime], tuple[date, int]]
) -> None:
    """Judge places in order, leaving out what `apart` calls the same as one that was found."""
    taken = {apart(start) for start in trial.found}
    for place in places:
        if trial.is_over:
            return
        is_near_one = any(is_beside(place.start, start) for start in trial.found)
        if is_near_one or apart(place.start) in taken:
            continue
        trial.judge(place)
        if place.start in trial.found:
            taken.add(apart(place.start))
