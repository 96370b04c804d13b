"""What a program reminds whom of: a policy for each audience, as data. Pure."""

from dataclasses import dataclass, fields
from datetime import time
from enum import StrEnum


class Lead(StrEnum):
    """Which reminder of a session: how long before it, or how far asking for an answer has come."""

    FIRST_72H = "first_72h"
    FIRST_24H = "first_24h"
    WEEK_AHEAD = "week_ahead"
    DAY_BEFORE = "day_before"
    HOUR_BEFORE = "hour_before"
    ASK_MAIL = "ask_mail"
    ASK_TEXT = "ask_text"
    ASK_SECOND = "ask_second"
    ASK_STAFF = "ask_staff"


ASKING = (Lead.ASK_MAIL, Lead.ASK_TEXT, Lead.ASK_SECOND, Lead.ASK_STAFF)
"""The ladder when nobody answers: mail, text message, the other relatives, a task for the
clinician.
"""


class Audience(StrEnum):
    """For whom a policy is."""

    PATIENT = "patient"
    RELATIVE = "relative"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is sent; hours are whole, wall time of the recipient, in which one may be disturbed
    (domain 6.2).
    """

    first_session: bool
    """72 and 24 hours before the first session ever."""
    week_ahead: bool
    """Sunday at 17:00: the week's sessions."""
    day_before: bool
    """24 hours before the first session of a day: the day's sessions."""
    soon: bool
    """60 minutes before, with the link to join; by text message where that was agreed."""
    ask: bool
    """Ask again while nobody has answered, up to a task for the clinician."""
    only_unanswered: bool = False
    """The day before and the week ahead only to those who have not answered."""
    earliest: int = 8
    latest: int = 20

    def is_quiet(self, wall: time) -> bool:
        """True if nobody is to be disturbed at this wall time."""
        return not self.earliest <= wall.hour < self.latest and wall != time(self.latest)

    def wants(self, lead: Lead) -> bool:
        """True if this reminder is sent at all."""
        if lead in ASKING:
            return self.ask
        named = {
            Lead.FIRST_72H: self.first_session,
            Lead.FIRST_24H: self.first_session,
            Lead.WEEK_AHEAD: self.week_ahead,
            Lead.DAY_BEFORE: self.day_before,
            Lead.HOUR_BEFORE: self.soon,
        }
        return named[lead]


USUAL = {
    Audience.PATIENT: Policy(
        first_session=True, week_ahead=True, day_before=False, soon=True, ask=False
    ),
    Audience.RELATIVE: Policy(
        first_session=True, week_ahead=False, day_before=True, soon=True, ask=True
    ),
    Audience.CLINICIAN: Policy(
        first_session=False, week_ahead=True, day_before=True, soon=False, ask=False
    ),
}
"""Without a word from staff: no more than helps (Sims 2012; Clough & Casey 2014; domain 6.1)."""


def read_policy(row: dict[str, bool | int]) -> Policy:
    """Return the policy of a kept document."""
    return Policy(**{field.name: row[field.name] for field in fields(Policy) if field.name in row})  # type: ignore[arg-type]
