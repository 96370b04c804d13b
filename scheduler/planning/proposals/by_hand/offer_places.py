"""What a person is offered whose change of sessions was refused: the nearest places that work."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from scheduler.planning.explain.places.nearest_places import Wish, nearest_places
from scheduler.planning.explain.places.places_around import places_around
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Problem
from scheduler.planning.proposals.by_hand.judge_edit import as_published
from scheduler.planning.proposals.queries import as_planned
from scheduler.sessions import made_up_in
from scheduler.sessions.models import Session, Status


def places_instead(
    sessions: Sequence[Session],
    *,
    to: datetime,
    minutes: int | None,
    other_days: bool = False,
    now: datetime,
) -> tuple[datetime, ...]:
    """Return at most three places (wall time of its zone) for the first of these sessions of one
    series, nearest to `to`, at which all of them could be, moved by as much; with `other_days` on
    days of their own where there are so many. Raises NotFound.

    The sessions are where they stand, or lay before they were cancelled: what was tried is undone
    before.
    """
    cohort_key = sessions[0].cohort.key
    problem, standing = as_published(cohort_key, now=now)
    keys = tuple(session.key for session in sessions)
    absent = []
    for session in sessions:
        if session.status is Status.CANCELLED:
            lay = _where_it_lay(session, problem)
            absent.append(lay)
    wish = Wish(
        keys,
        to,
        minutes,
        tuple(absent),
        other_days,
    )
    return nearest_places(problem, standing, wish)


def places_beside(session: Session, *, most: int, now: datetime) -> tuple[datetime, ...]:
    """Return at most so many places (wall time of its zone) at which a session that stands could
    be instead, around where it is: the first are on different days. Raises NotFound.
    """
    problem, standing = as_published(session.cohort.key, now=now)
    stands_at = datetime.fromisoformat(session.starts_local)
    wish = Wish((session.key,), stands_at, session.minutes)
    return places_around(problem, standing, wish, most=most)


def _where_it_lay(session: Session, problem: Problem) -> PlannedSession:
    """Return a cancelled session as it was, with the relatives who may come."""
    slots = frozenset(slot.key for slot in problem.template.slots)
    making_up = made_up_in([session.id])
    planned = as_planned(session, slots, making_up.get(session.id, ()))
    return replace(planned, relatives=problem.guests(planned))
