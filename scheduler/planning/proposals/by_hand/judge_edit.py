"""What a change made by hand breaks that was not broken before: the same judgement that plans are
held to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from scheduler.kernel.database import db
from scheduler.planning.problem.plan import Finding, Plan, PlannedSession
from scheduler.planning.problem.problem import Problem
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.planning.proposals.queries import cohort_by_key, published_with_guests
from scheduler.planning.rules.bending import about, about_words, may_be_bent
from scheduler.planning.rules.judge import THE_PROGRAMS, judge

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class NewFindings:
    """What a change brings: `broken` must not be, `to_know` is for the person who decides."""

    broken: tuple[Finding, ...]
    to_know: tuple[Finding, ...]

    @property
    def refusal(self) -> str | None:
        """Return why the change must not be kept, in one sentence that names the first three; None
        when it may.
        """
        if not self.broken:
            return None
        named = "; ".join(finding.sentence for finding in self.broken[:3])
        return f"This would break a rule: {named}"

    @property
    def may_be_bent(self) -> bool:
        """True if a person who gives a reason may keep the change all the same."""
        return bool(self.broken) and not self.unbending

    @property
    def unbending(self) -> tuple[Finding, ...]:
        """Return what is broken and nobody may bend."""
        return tuple(finding for finding in self.broken if not may_be_bent(finding.rule))

    def of_a_cancellation(self) -> "NewFindings":
        """Return the same with nothing refused: what is cancelled always may be, and what lacks
        then is to be known.
        """
        return NewFindings((), (*self.broken, *self.to_know))


def judge_trial(
    cohort_key: str, change: Callable[[], R], *, now: datetime
) -> tuple[R, NewFindings]:
    """Do a change of a cohort's published sessions; return what it gave, and what it brings. Raises
    what it raises.

    Nothing is refused here: the door undoes what has a `refusal`.
    """
    before = judge_published(cohort_key, now=now)
    done = change()
    db.session.flush()
    return done, new_findings(before, judge_published(cohort_key, now=now))


def judge_published(cohort_key: str, *, now: datetime) -> tuple[Finding, ...]:
    """Return all that the published sessions of a cohort break and should make known, but what a
    person accepted where it is. Raises NotFound.
    """
    problem, standing = as_published(cohort_key, now=now)
    return judged_plan(problem, standing)


def judged_plan(problem: Problem, standing: Plan) -> tuple[Finding, ...]:
    """Return the same of a cohort and its sessions as they were read."""
    found = judge(problem, standing)
    return tuple(finding for finding in found if about_words(finding) not in problem.accepted)


def as_published(cohort_key: str, *, now: datetime) -> tuple[Problem, Plan]:
    """Return a cohort and its published sessions as a change by hand is judged. Raises NotFound."""
    problem, published = before_guests(cohort_key, now=now)
    sessions = [with_who_can_come(problem, session) for session in published]
    return problem, Plan(cohort_key, tuple(sessions))


def before_guests(cohort_key: str, *, now: datetime) -> tuple[Problem, tuple[PlannedSession, ...]]:
    """Return the same before it is asked who can come to what the last plan had nobody in. Raises
    NotFound.
    """
    cohort = cohort_by_key(cohort_key)
    # What a person decided before is judged like the rest: only the difference is told.
    problem = replace(load_problem(cohort_key, now=now), kept=frozenset())
    return problem, published_with_guests(cohort)


def with_who_can_come(problem: Problem, session: PlannedSession) -> PlannedSession:
    """Return a session with the relatives who can come, where the last plan has nobody in it: what
    was cancelled as it was published, and what was never planned.
    """
    return replace(session, relatives=session.relatives or problem.guests(session))


def new_findings(before: Sequence[Finding], after: Sequence[Finding]) -> NewFindings:
    """Return what is found after a change and was not before it."""
    known = {about(finding) for finding in before}
    broken = []
    to_know = []
    for finding in after:
        if about(finding) in known:
            continue
        if finding.hard and finding.rule not in THE_PROGRAMS:
            broken.append(finding)
        else:
            to_know.append(finding)
    return NewFindings(tuple(broken), tuple(to_know))
