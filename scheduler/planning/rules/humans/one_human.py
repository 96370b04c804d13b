"""One human with several rows is at one place at a time, whichever rows are there. Pure.

What is said names the row it is about and the session that can give way, never the other: families
are strangers to each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.people_rules import when


@dataclass(frozen=True, slots=True)
class Place:
    """Where one row of a human is: in a session of the cohort, or (None) by something outside."""

    start: datetime
    end: datetime
    row: str
    session: PlannedSession | None
    as_guest: bool
    of_selves: bool = False


def humans(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return what puts a human with several rows in two places."""
    if not problem.bodies:
        return
    for places in _by_body(
        problem,
        sessions,
    ).values():
        ordered = sorted(
            places,
            key=lambda place: (place.start, place.end, place.row),
        )
        for number, place in enumerate(ordered):
            for later in ordered[number + 1 :]:
                if later.start >= place.end:
                    break
                yield from _twice(
                    place,
                    later,
                )


def _by_body(problem: Problem, sessions: Iterable[PlannedSession]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for session in sessions:
        for body, row in _rows(
            problem,
            session.people,
        ).items():
            found[body].append(
                Place(
                    session.start,
                    session.end,
                    row,
                    session,
                    as_guest=row in session.relatives,
                )
            )
    for busy in problem.busy:
        for body, row in _rows(
            problem,
            busy.people,
        ).items():
            found[body].append(
                Place(
                    busy.start,
                    busy.end,
                    row,
                    None,
                    as_guest=busy.as_guests,
                    of_selves=busy.of_selves,
                )
            )
    return found


def _rows(problem: Problem, people: Iterable[str]) -> dict[str, str]:
    """Return one row of each human among these people; in one session all are at one place."""
    rows: dict[str, str] = {}
    for key in people:
        body = problem.bodies.get(key)
        if body is not None:
            rows.setdefault(
                body,
                key,
            )
    return rows


def _twice(place: Place, later: Place) -> Iterator[Finding]:
    about, other = _gives_way(
        place,
        later,
    )
    session = about.session
    if session is None or _is_told_already(
        about,
        other,
    ):
        return
    seat_comes_first = other.session is None and other.as_guest and not about.as_guest
    if session.fixed and seat_comes_first:
        return
    yield Finding(
        Rule.PERSON_TWICE,
        f"{about.row} has another appointment at the time of {session.key} on {when(session)}",
        session=session.key,
        patient=session.patients[0] if len(session.patients) == 1 else None,
        week=session.week,
    )


def _gives_way(place: Place, later: Place) -> tuple[Place, Place]:
    """Return the place that can be another, an appointment before a group, and the one that
    stays.
    """
    later_gives = later.session is not None and not later.session.fixed
    place_gives = place.session is not None and not place.session.fixed
    if place.session is not None and (later.session is None or (place_gives and not later_gives)):
        return place, later
    return later, place


def _is_told_already(about: Place, other: Place) -> bool:
    """True if both are of one row and the rule of two places says it."""
    return about.row == other.row and not other.of_selves
