"""Which published sessions a disruption concerns, in all cohorts, and what is proposed for each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.day_bounds import refuse_far
from scheduler.people import Absence, all_clinicians, person_by_key, practice
from scheduler.planning.explain.disruptions.disruption import Disruption
from scheduler.planning.explain.disruptions.least_disturbance import DisruptedSession, Proposing
from scheduler.planning.problem.plan import in_order
from scheduler.planning.problem.problem import Clinician, Problem
from scheduler.planning.proposals.by_hand.judge_edit import as_published
from scheduler.sessions import sessions_between
from scheduler.sessions.models import Session

MOST_DAYS = 62
"""Days that are met together; who is away for longer is planned anew without."""
MOST = 200
"""Sessions that are met together."""
MOST_MOVED = 24
"""Of these as many are shown other places for."""
A_DAY = timedelta(days=1)
GONE = Absence(date.min, date.max)
"""Whoever left the house is away for good."""


def disrupted_lines(disruption: Disruption, *, now: datetime) -> tuple[DisruptedSession, ...]:
    """Return a line for each published session ahead that a disruption concerns, in order of time.
    Raises InputError for days that are none or too many, for too many sessions, and for whom
    nobody knows.
    """
    rows = disrupted_sessions(disruption, now=now)
    proposing = Proposing(disruption, most_moved=MOST_MOVED)
    lines: list[DisruptedSession] = []
    for cohort in cohorts_of(rows):
        problem, standing = as_published(cohort, now=now)
        known = without_gone(problem)
        lines += proposing.lines_of(known, standing)
    lines.sort(key=_in_order)
    return tuple(lines)


def disrupted_sessions(disruption: Disruption, *, now: datetime) -> list[Session]:
    """Return the published sessions ahead that a disruption concerns. Raises as
    `disrupted_lines`.
    """
    refuse_days(disruption, now=now)
    leader = None
    if disruption.clinician is not None:
        leader = person_by_key(disruption.clinician).id
    begins = datetime.combine(disruption.first - A_DAY, time(), UTC)
    ends = datetime.combine(disruption.last + 2 * A_DAY, time(), UTC)
    rows = sessions_between(
        max(begins, now + timedelta(microseconds=1)),
        ends,
        led_by=leader,
        limit=2 * MOST,
    )
    found = [row for row in rows if disruption.holds_on(_day(row))]
    if len(found) > MOST:
        raise InputError(f"more than {MOST} sessions are concerned: say fewer days")
    return found


def refuse_days(disruption: Disruption, *, now: datetime) -> None:
    """Raise InputError for days that are none, too many, over or too far away."""
    today = practice().day_at(now)
    refuse_far(disruption.first, today)
    refuse_far(disruption.last, today)
    if disruption.last < disruption.first:
        raise InputError("the last day lies before the first")
    if disruption.last < today:
        raise InputError("these days are over")
    if (disruption.last - disruption.first).days >= MOST_DAYS:
        raise InputError(f"at most {MOST_DAYS} days are met together: plan anew for longer")


def cohorts_of(rows: Iterable[Session]) -> Sequence[str]:
    """Return the keys of the cohorts of these sessions."""
    return sorted({row.cohort.key for row in rows})


def without_gone(problem: Problem) -> Problem:
    """Return a cohort in which nobody counts on who left the house."""
    gone = set()
    for person in all_clinicians():
        if person.clinician is not None and person.clinician.ended_at is not None:
            gone.add(person.key)
    if not gone:
        return problem
    clinicians = tuple(_gone(clinician, gone) for clinician in problem.clinicians)
    return replace(problem, clinicians=clinicians)


def _gone(clinician: Clinician, gone: set[str]) -> Clinician:
    if clinician.key not in gone:
        return clinician
    return replace(clinician, away=(*clinician.away, GONE))


def _in_order(line: DisruptedSession) -> tuple[datetime, str]:
    return in_order(line.session)


def _day(row: Session) -> date:
    return datetime.fromisoformat(row.starts_local).date()
