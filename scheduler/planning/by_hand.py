"""What a change made by hand breaks that was not broken before: the same judgement that plans are held to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.planning.checks import judge
from scheduler.planning.gather import gather
from scheduler.planning.plan import Finding, Plan, Rule
from scheduler.planning.queries import cohort_by_key, published_with_guests

THE_PROGRAMS = {Rule.FIXED_SLOT, Rule.CADENCE, Rule.START_GRID, Rule.LENGTH}
"""What the program wants of its own timetable: a person may depart from it with open eyes."""


@dataclass(frozen=True, slots=True)
class News:
    """What a change brings: `broken` must not be, `to_know` is for the person who decides."""

    broken: tuple[Finding, ...]
    to_know: tuple[Finding, ...]


def judge_published(cohort_key: str, *, now: datetime) -> tuple[Finding, ...]:
    """Give all that the published sessions of a cohort break and should make known. Raises NotFound."""
    cohort = cohort_by_key(cohort_key)
    return judge(gather(cohort_key, now=now), Plan(cohort_key, published_with_guests(cohort)))


def news(before: Sequence[Finding], after: Sequence[Finding]) -> News:
    """Give what is found after a change and was not before it."""
    known = {_about(one) for one in before}
    fresh = [one for one in after if _about(one) not in known]
    broken = tuple(one for one in fresh if one.hard and one.rule not in THE_PROGRAMS)
    return News(broken, tuple(one for one in fresh if one not in broken))


def _about(one: Finding) -> tuple[object, ...]:
    """Name a finding by what it is about: its sentence says a time, and that is what was changed."""
    rest = (one.week, one.figure) if one.session is None else ()
    return one.rule, one.session, one.patient, rest
