"""What a change made by hand breaks that was not broken before: the same judgement that plans are
held to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from scheduler.kernel.database import db
from scheduler.planning.problem.plan import Finding, Plan, Rule
from scheduler.planning.proposals.load_problem import gather
from scheduler.planning.proposals.queries import cohort_by_key, published_with_guests
from scheduler.planning.rules.judge import judge

R = TypeVar("R")
THE_PROGRAMS = {Rule.FIXED_SLOT, Rule.CADENCE, Rule.START_GRID, Rule.LENGTH}
"""What the program wants of its own timetable: a person may depart from it with open eyes."""


@dataclass(frozen=True, slots=True)
class News:
    """What a change brings: `broken` must not be, `to_know` is for the person who decides."""

    broken: tuple[Finding, ...]
    to_know: tuple[Finding, ...]

    @property
    def refusal(self) -> str | None:
        """Say why the change must not be kept, in one sentence that names the first three; None
        when it may.
        """
        named = "; ".join(one.sentence for one in self.broken[:3])
        return f"This would break a rule: {named}" if named else None

    def of_a_cancellation(self) -> "News":
        """Give the same with nothing refused: what falls out may always do so, and what lacks then
        is to be known.
        """
        return News((), (*self.broken, *self.to_know))


def tried(cohort_key: str, change: Callable[[], R], *, now: datetime) -> tuple[R, News]:
    """Do a change of a cohort's published sessions; give what it gave, and what it brings. Raises
    what it raises.

    Nothing is refused here: the door undoes what has a `refusal`.
    """
    before = judge_published(cohort_key, now=now)
    done = change()
    db.session.flush()
    return done, news(before, judge_published(cohort_key, now=now))


def judge_published(cohort_key: str, *, now: datetime) -> tuple[Finding, ...]:
    """Give all that the published sessions of a cohort break and should make known. Raises
    NotFound.
    """
    cohort = cohort_by_key(cohort_key)
    return judge(gather(cohort_key, now=now), Plan(cohort_key, published_with_guests(cohort)))


def news(before: Sequence[Finding], after: Sequence[Finding]) -> News:
    """Give what is found after a change and was not before it."""
    known = {_about(one) for one in before}
    fresh = [one for one in after if _about(one) not in known]
    broken = tuple(one for one in fresh if one.hard and one.rule not in THE_PROGRAMS)
    return News(broken, tuple(one for one in fresh if one not in broken))


def _about(one: Finding) -> tuple[object, ...]:
    """Name a finding by what it is about: its sentence says a time, and that is what was
    changed.
    """
    rest = (one.week, one.figure) if one.session is None else ()
    return one.rule, one.session, one.patient, rest
