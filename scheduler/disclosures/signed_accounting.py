"""The accounting as a signed file, so that whoever was handed it can prove what it said.

Disclosures are what relatives were told under a consent (42 CFR 2.25). What staff looked at is a
use within the program (42 CFR 2.12(c)(3)), of which neither that rule nor 45 CFR 164.528 asks an
account; it stands beside them in a section of its own.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from scheduler import audit
from scheduler.disclosures.accounting_of_disclosures import Disclosure, ReadAddress, accounting
from scheduler.disclosures.signed_file import SignedFile, sign_file
from scheduler.disclosures.staff_looks import Looks, looks_by_staff
from scheduler.people import names_by_key, practice, relatives_of
from scheduler.people.models import Person

FORMAT = "kinfold-accounting/1"


def sign_accounting(
    patient: Person,
    *,
    since: datetime,
    addresses: Collection[ReadAddress] = (),
    by: str,
    now: datetime,
) -> SignedFile:
    """Return all that a patient's relatives were told since `since`, which calendar addresses of
    theirs were read, and beside it who of the practice looked at the patient's pages, as a signed
    file; write down that it was made.
    """
    house = practice()
    rows = accounting(patient.id, since=since, zone=house.zone)
    relatives = {relative.id: relative for relative in relatives_of(patient)}
    names = names_by_key()
    looks = looks_by_staff(patient.id, since=since, zone=house.zone)
    document: dict[str, Any] = {
        "format": FORMAT,
        "practice": house.name,
        "zone": house.zone,
        "patient": {"key": patient.key, "name": patient.name},
        "since": _moment(since),
        "made_at": _moment(now),
        "disclosures": [_told(row, relatives[row.person_id]) for row in rows],
        "calendar_addresses": [_read(row, relatives[row.person_id]) for row in addresses],
        "looks_by_staff": [_looked(look, names.get(look.by, look.by)) for look in looks],
    }
    signed = sign_file(document)
    audit.append("accounting.signed", f"person {patient.id}", {"rows": len(rows)}, by=by, now=now)
    return signed


def _told(row: Disclosure, relative: Person) -> dict[str, Any]:
    return {
        "at": _moment(row.at),
        "person": _relative(relative),
        "letter": row.letter,
        "page": row.page.value if row.page else None,
        "purposes": sorted(row.purposes),
        "consents": sorted(row.grant_ids),
        "certain": row.certain,
        "times": row.times,
    }


def _read(row: ReadAddress, relative: Person) -> dict[str, Any]:
    return {
        "person": _relative(relative),
        "from": _moment(row.made_at),
        "until": _moment(row.ended_at) if row.ended_at else None,
        "last_read_at": _moment(row.read_at),
    }


def _relative(person: Person) -> dict[str, Any]:
    relation = person.relative.relationship_word if person.relative else None
    return {"key": person.key, "name": person.name, "relation": relation}


def _looked(look: Looks, name: str) -> dict[str, Any]:
    """Return on which days of the practice's zone somebody looked, and on which they said why."""
    return {
        "person": {"key": look.by, "name": name},
        "days": [day.isoformat() for day in look.days],
        "days_with_a_reason": [day.isoformat() for day in look.with_reason],
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
