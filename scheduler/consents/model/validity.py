"""When a grant holds: the instants that a signed paper means, and whether it holds at a moment.
Pure.

A paper speaks of whole days of the practice's zone, its last day included; what was signed for a
minor ends at the local midnight that begins the patient's 18th birthday, and what rests on an
authority ends with it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from scheduler.consents.model.models import Ending, Signer
from scheduler.kernel.errors import InputError

ADULT = 18
"""Years; from then on a guardian's signature is no basis."""
FOR_MINORS = (Signer.GUARDIAN, Signer.BOTH)
"""As whom somebody signs for a minor."""
PAPERS_KEPT = 20
"""Years that a paper may be old which is recorded."""
NOTHING = timedelta(microseconds=1)
"""The shortest span the database takes: what is left of a paper that ends before it begins."""


class Granted(Protocol):
    """What of a grant decides whether it holds."""

    @property
    def valid_from(self) -> datetime:
        """The instant it begins."""

    @property
    def valid_until(self) -> datetime:
        """The first instant it holds no more."""

    @property
    def revoked_at(self) -> datetime | None:
        """When it was withdrawn, which is final."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What was signed: exactly one of `expires` and `expires_on` is said."""

    signed: date
    expires: date | None
    expires_on: Ending | None
    signed_by: Signer
    until: date | None = None
    """The last day of the authority it was signed under."""
    ended: datetime | None = None
    """The instant at which that authority ended early."""


@dataclass(frozen=True, slots=True)
class Stay:
    """The days that an ending by event means: the patient's last, and the program's last."""

    last: date
    program_end: date


def span(
    paper: Paper, *, zone: str, born: date | None, stay: Stay | None
) -> tuple[datetime, datetime]:
    """Return the UTC instants from which and until which `paper` holds, as days of `zone`.

    Raises InputError when it ends with an enrolment and there is none. What ends before it begins
    holds never.
    """
    begin = midnight(paper.signed, zone)
    end = midnight(_last_day(paper, stay) + timedelta(days=1), zone)
    if born is not None and rests_on_childhood(paper, born):
        end = min(end, midnight(birthday(born), zone))
    if paper.until is not None:
        end = min(end, midnight(paper.until + timedelta(days=1), zone))
    if paper.ended is not None:
        end = min(end, paper.ended)
    return begin, max(end, begin + NOTHING)


def rests_on_childhood(paper: Paper, born: date) -> bool:
    """True if somebody signed for a minor, so that it is no basis from the 18th birthday on."""
    return paper.signed_by in FOR_MINORS and paper.signed < birthday(born)


def holds(grant: Granted, moment: datetime) -> bool:
    """True if `grant`, as it is known now, covers `moment`."""
    return grant.revoked_at is None and grant.valid_from <= moment < grant.valid_until


def birthday(born: date) -> date:
    """Return the 18th birthday; for 29 February the day before March, so that it is never late."""
    try:
        return born.replace(year=born.year + ADULT)
    except ValueError:
        return date(born.year + ADULT, 2, 28)


def midnight(day: date, zone: str) -> datetime:
    """Return the UTC instant at which `day` begins in `zone`."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _last_day(paper: Paper, stay: Stay | None) -> date:
    if paper.expires is not None:
        return paper.expires
    if stay is None:
        raise InputError(
            "a consent can only end with a stay that there is: the patient is not enrolled"
        )
    if paper.expires_on is Ending.DISCHARGE:
        return stay.last
    return stay.program_end
