"""A colleague in a leader's place, by hand: only one who could, else those who could are named."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.kernel.errors import Conflict
from scheduler.people.models import Person
from scheduler.planning.explain.colleagues import colleagues_who_could, why_not
from scheduler.planning.problem.plan import Plan, PlannedSession
from scheduler.planning.problem.problem import Problem
from scheduler.planning.proposals.by_hand.judge_edit import as_published
from scheduler.sessions import put_in_place, sessions_from
from scheduler.sessions.models import Session


@dataclass(frozen=True, slots=True)
class _Place:
    problem: Problem
    sessions: tuple[PlannedSession, ...]
    session: PlannedSession


@dataclass(frozen=True, slots=True)
class Onward:
    """The sessions of a series that another one leads, and why they could not lead the rest."""

    done: list[Session]
    left: tuple[str, ...]


def colleagues_for(session: Session, *, now: datetime) -> tuple[str, ...]:
    """Return at most three clinicians (keys) who could lead a session that stands, instead of who
    leads it; those first who lead most of its cohort.
    """
    place = _place(session, now)
    if place is None:
        return ()
    return colleagues_who_could(place.problem, place.sessions, place.session)


def let_lead(
    session: Session, *, leaves: Person, comes: Person, by: str, now: datetime
) -> list[Session]:
    """Let `comes` lead a session instead of `leaves`; give it. It stays so in every later plan,
    until the same is done the other way round.

    Raises InputError when `leaves` does not lead it, Conflict when `comes` could not.
    """
    place = _place(session, now)
    if place is not None and comes.key in place.problem.clinician_by_key:
        refusal = why_not(place.problem, place.sessions, place.session, comes.key)
        if refusal is not None and comes.key not in place.session.clinicians:
            raise Conflict(refusal)
    return put_in_place(session, leaves=leaves, comes=comes, by=by, now=now)


def let_lead_onward(
    session: Session, *, leaves: Person, comes: Person, by: str, now: datetime
) -> Onward:
    """Let `comes` lead a session and all that follow in its series, wherever they could, instead
    of `leaves`; give these, and why not the rest.

    Raises as `let_lead`, also where `comes` could lead none of them.
    """
    problem, standing = as_published(session.cohort.key, now=now)
    done = []
    left = []
    for row in sessions_from(session, onward=True, now=now):
        if leaves not in row.leads or comes in row.leads:
            continue
        refusal = _why_not(problem, standing, row.key, comes)
        if refusal is not None:
            left.append(refusal)
            continue
        done += put_in_place(
            row,
            leaves=leaves,
            comes=comes,
            by=by,
            now=now,
        )
    if not done:
        raise Conflict("; ".join(left[:3]) or f"{leaves.key} leads none of these")
    return Onward(done, tuple(left))


def _why_not(problem: Problem, standing: Plan, key: str, comes: Person) -> str | None:
    """Return why somebody could not lead a session (key) of those that stand; None: they could."""
    others = []
    own = None
    for planned in standing.sessions:
        if planned.key == key:
            own = planned
        else:
            others.append(planned)
    if own is None or comes.key not in problem.clinician_by_key:
        return f"{comes.key} cannot lead {key}"
    return why_not(
        problem,
        others,
        own,
        comes.key,
    )


def _place(session: Session, now: datetime) -> _Place | None:
    """Return a session among those that stand; None when it does not."""
    problem, standing = as_published(session.cohort.key, now=now)
    others = []
    own = None
    for planned in standing.sessions:
        if planned.key == session.key:
            own = planned
        else:
            others.append(planned)
    if own is None:
        return None
    return _Place(problem, tuple(others), own)
