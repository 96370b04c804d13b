"""When what recurs in a stay comes due: review of the plan, recertification, planning of the end.
Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduler.programs.template import Milestones

SOON = timedelta(days=7)
"""So long before it is due somebody is told."""


class Milestone(StrEnum):
    """What comes due in a stay."""

    PLAN_REVIEW = "plan_review"
    RECERTIFICATION = "recertification"
    DISCHARGE_PLANNING = "discharge_planning"


@dataclass(frozen=True, slots=True)
class Course:
    """What happened and will happen in one stay: `reviews` and `discharges` are days of sessions
    that stand, `done` are days on which somebody said that a milestone was reached.
    """

    first: date
    last: date
    reviews: Collection[date] = ()
    discharges: Collection[date] = ()
    done: Collection[tuple[Milestone, date]] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """One milestone, the last day for it, and the day of a session planned for it, None: none."""

    what: Milestone
    day: date
    planned: date | None = None

    @property
    def is_in_time(self) -> bool:
        """True if a session is planned for it that is not too late."""
        return self.planned is not None and self.planned <= self.day

    def is_pressing(self, today: date) -> bool:
        """True if it is due soon, or was, and nothing is planned in time."""
        return not self.is_in_time and today >= self.day - SOON


def milestones_due(rule: Milestones | None, course: Course, *, today: date) -> list[Due]:
    """Return what comes due next in a stay, each milestone once; what would be due only after the
    stay is over is left out.
    """
    if rule is None or not course.first <= today <= course.last:
        return []
    found = []
    if rule.plan_review_days is not None:
        found.append(
            _review(
                rule.plan_review_days,
                course,
                today,
            )
        )
    if rule.recertify_days is not None:
        done = _done(
            course,
            Milestone.RECERTIFICATION,
        )
        day = (
            max(
                course.first,
                *done,
            )
            if done
            else course.first
        )
        due = day + timedelta(days=rule.recertify_days)
        found.append(
            Due(
                Milestone.RECERTIFICATION,
                due,
            )
        )
    if rule.discharge_planning_days is not None and not _is_discharge_planned(course):
        before = timedelta(days=rule.discharge_planning_days)
        found.append(
            Due(
                Milestone.DISCHARGE_PLANNING,
                max(
                    course.first,
                    course.last - before,
                ),
            )
        )
    return [due for due in found if due.day <= course.last]


def _review(days: int, course: Course, today: date) -> Due:
    """Return the next review: so many days after the last one, or after admission."""
    held = [day for day in course.reviews if course.first <= day <= today]
    newest = max(
        [
            course.first,
            *held,
            *_done(
                course,
                Milestone.PLAN_REVIEW,
            ),
        ]
    )
    ahead = [day for day in course.reviews if day > today]
    due = newest + timedelta(days=days)
    return Due(
        Milestone.PLAN_REVIEW,
        due,
        min(ahead, default=None),
    )


def _is_discharge_planned(course: Course) -> bool:
    is_planned = any(course.first <= day <= course.last for day in course.discharges)
    return is_planned or bool(
        _done(
            course,
            Milestone.DISCHARGE_PLANNING,
        )
    )


def _done(course: Course, what: Milestone) -> list[date]:
    return [day for milestone, day in course.done if milestone is what and day >= course.first]
