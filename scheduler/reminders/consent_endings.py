"""Telling a patient that a consent of theirs will end: 30, 14 and 7 days before, once each, neutral
outside.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from scheduler.consents import holds
from scheduler.consents.model.models import Grant
from scheduler.invitations import note_ending
from scheduler.kernel.database import db
from scheduler.people.models import Person, Practice

DAYS_BEFORE = (30, 14, 7)


def remind_of_endings(*, now: datetime, patients: Collection[str] | None = None) -> int:
    """Queue what is due (for `patients`, by id; None: all); return how many letters. Several
    consents that end on one day are one letter.

    A grant that is followed by a longer one for the same person and purpose needs no word, and one
    that ends with an event gets none: there is nothing to sign again.
    """
    house = db.session.get(Practice, 1)
    if house is None:
        return 0
    ending = set()
    for grant in ending_grants(now=now, patients=patients):
        ending.add((grant.patient_id, _last_day(grant, house.zone)))
    today = now.astimezone(ZoneInfo(house.zone)).date()
    many = 0
    for patient_id, last in sorted(ending):
        many += _remind(patient_id, last, today, now)
    return many


def ending_grants(*, now: datetime, patients: Collection[str] | None = None) -> list[Grant]:
    """Return the grants (of `patients`, by id; None: all) that end on a day of their own within 31
    days and are followed by none.
    """
    standing = select(Grant).where(Grant.valid_until > now, Grant.revoked_at.is_(None))
    if patients is not None:
        standing = standing.where(Grant.patient_id.in_(list(patients)))
    near = _near(standing, now)
    concerned = {grant.patient_id for grant in near}
    rows: list[Grant] = []
    if concerned:
        rows = list(db.session.scalars(standing.where(Grant.patient_id.in_(concerned))))
    return [grant for grant in near if not _goes_on(grant, rows)]


def _near(standing: Select[Grant], now: datetime) -> list[Grant]:
    """Return the grants that end on a day of their own within the longest of the three."""
    reach = now + timedelta(days=DAYS_BEFORE[0] + 1)
    dated = standing.where(Grant.valid_until <= reach, Grant.expires.is_not(None))
    found = []
    for grant in db.session.scalars(dated):
        if holds(grant, now):
            found.append(grant)
    return found


def lead(last: date, today: date) -> int | None:
    """Return which of the three is due, in days before `last`: the nearest that is not over; None
    before the first.
    """
    left = (last - today).days
    return min((days for days in DAYS_BEFORE if left <= days), default=None)


def _remind(patient_id: str, last: date, today: date, now: datetime) -> bool:
    days, patient = lead(last, today), db.session.get(Person, patient_id)
    if days is None or patient is None:
        return False
    return (
        note_ending(patient, last, f"{patient_id}:{last.isoformat()}:{days}", now=now) is not None
    )


def _last_day(grant: Grant, zone: str) -> date:
    return (grant.valid_until - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()


def _goes_on(grant: Grant, rows: Iterable[Grant]) -> bool:
    about = grant.patient_id, grant.person_id, grant.purpose
    for other in rows:
        is_same = (other.patient_id, other.person_id, other.purpose) == about
        if is_same and other.valid_from <= grant.valid_until < other.valid_until:
            return True
    return False
