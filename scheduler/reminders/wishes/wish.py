"""What somebody chose for their own reminders, and what it makes of a program's. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.reminders.policy import Policy

EVENINGS = range(16, 22)
"""The hours of an evening at which the reminder of the next day may come."""


class Way(StrEnum):
    """By which way reminders come."""

    MAIL = "mail"
    TEXT = "text"
    BOTH = "both"
    NONE = "none"


BY_TEXT = (Way.TEXT, Way.BOTH)


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person wants; `evening` is the hour, on their clock, at which the reminder of the
    day before comes, None: 24 hours before.
    """

    way: Way
    week_ahead: bool = False
    day_before: bool = False
    hour_before: bool = False
    evening: int | None = None

    @property
    def is_whole(self) -> bool:
        """True if it says when, where it says by which way, and at an hour that is offered."""
        is_offered = self.evening is None or self.evening in EVENINGS
        wants = self.week_ahead or self.day_before or self.hour_before
        return is_offered and (wants or self.way is Way.NONE)


def own_policy(policy: Policy, wish: Wish | None) -> Policy:
    """Return what a person gets of what their program sends; without a wish all of it.

    Asking for an answer goes on as the program does: it ends at a task for staff.
    """
    if wish is None:
        return policy
    wants = wish.way is not Way.NONE
    latest = policy.latest
    if wish.evening is not None:
        latest = max(latest, wish.evening + 1)
    return replace(
        policy,
        first_session=policy.first_session and wants,
        week_ahead=wish.week_ahead and wants,
        day_before=wish.day_before and wants,
        soon=wish.hour_before and wants,
        only_unanswered=False,
        latest=latest,
    )
