"""Who of the practice opened pages about a patient, out of the record that is kept of each."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db

COUNTS = {"opened": 1, "api.called": 1, "refused": -1}
"""By a page of the desk, or by a program that acts as somebody; a call that was refused is written
down as a call first.
"""
WITH_REASON = "glass.broken"


@dataclass(frozen=True, slots=True)
class Looks:
    """The days on which one member of staff (a key) opened pages about a patient, the newest first,
    and those on which they reached beyond their own patients and had to say why.
    """

    by: str
    days: tuple[date, ...]
    with_reason: tuple[date, ...]


def looks_by_staff(patient_id: str, *, since: datetime, zone: str) -> list[Looks]:
    """Return who of the practice opened pages about a patient from `since` on, whoever did last
    first; days are those of `zone`.
    """
    wanted = select(AuditEntry.at, AuditEntry.by, AuditEntry.deed).where(
        AuditEntry.about == f"person {patient_id}",
        AuditEntry.deed.in_((*COUNTS, WITH_REASON)),
        AuditEntry.at >= since,
    )
    opened: dict[str, Counter[date]] = defaultdict(Counter)
    reasons: dict[str, set[date]] = defaultdict(set)
    for at, by, deed in db.session.execute(wanted):
        day = at.astimezone(ZoneInfo(zone)).date()
        if deed == WITH_REASON:
            reasons[by].add(day)
        else:
            opened[by][day] += COUNTS[deed]
    looks = [_looks(by, counted, reasons[by]) for by, counted in opened.items()]
    found = [look for look in looks if look.days]
    return sorted(found, key=lambda look: (look.days[0], look.by), reverse=True)


def _looks(by: str, counted: Counter[date], reasons: set[date]) -> Looks:
    days = sorted(+counted, reverse=True)
    return Looks(by, tuple(days), tuple(sorted(reasons, reverse=True)))
