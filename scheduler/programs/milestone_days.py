"""When what recurs in a stay comes due: review of the plan, recertification, assessment of
strengths and needs, planning of the end, and aftercare when it is over. Pure.
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
    CANS = "cans"
    AFTERCARE = "aftercare"


@dataclass(frozen=True, slots=True)
class Course:
    """What happened and will happen in one stay: `reviews`, `discharges` and `aftercare` are days
    of sessions that stand, `done` are days on which somebody said that a milestone was reached.
    """

    first: date
    last: date
    reviews: Collection[date] = ()
    discharges: Collection[date] = ()
    aftercare: Collection[date] = ()
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
    stay is over is left out, but for aftercare: that is due then.
    """
    if rule is None or today < course.first:
        return []
    found = []
    if today <= course.last:
        found = [due for due in _within(rule, course, today) if due.day <= course.last]
    if rule.aftercare_days is not None:
        found += _aftercare(rule.aftercare_days, course, today)
    return found


def _within(rule: Milestones, course: Course, today: date) -> list[Due]:
    """Return what recurs in a stay, or comes before its end."""
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
        found.append(_again(Milestone.RECERTIFICATION, rule.recertify_days, course))
    if rule.cans_days is not None:
        found.append(_again(Milestone.CANS, rule.cans_days, course))
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
    return found


def _again(what: Milestone, days: int, course: Course) -> Due:
    """Return what is done so many days after admission or the last time."""
    newest = max([course.first, *_done(course, what)])
    return Due(what, newest + timedelta(days=days))


def _aftercare(days: int, course: Course, today: date) -> list[Due]:
    """Return by when aftercare has begun, until that day; nothing where somebody saw to it."""
    due = course.last + timedelta(days=days)
    if today > due or _done(course, Milestone.AFTERCARE):
        return []
    ahead = [day for day in course.aftercare if day > course.last]
    return [Due(Milestone.AFTERCARE, due, min(ahead, default=None))]


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
