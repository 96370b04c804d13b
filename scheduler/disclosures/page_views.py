"""Noting that a relative reads a page, in the transaction that decided they may."""

from collections.abc import Collection
from datetime import datetime

from scheduler import audit
from scheduler.consents import good_grants
from scheduler.consents.model.models import Grant
from scheduler.disclosures.models import Opened, Opening
from scheduler.disclosures.notice import NOTICE
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person


def valid_grants(person: Person, patient_id: str, *, now: datetime) -> list[Grant]:
    """Return what lets `person` know of a patient at this moment, by purpose."""
    rows = [row for row in good_grants(person, now=now) if row.patient_id == patient_id]
    return sorted(rows, key=lambda row: (row.purpose, row.valid_until, row.id))


def note_page_view(
    person: Person,
    patient_id: str,
    page: Opened,
    grants: Collection[Grant],
    *,
    about: str | None = None,
    by: str,
    now: datetime,
) -> Opening:
    """Write down that `person` reads `page` of a patient, under these grants and their scope (42
    CFR 2.25, 2.32).
    """
    scope = [
        {
            "id": grant.id,
            "purpose": grant.purpose.value,
            "until": grant.valid_until.isoformat(),
        }
        for grant in sorted(grants, key=lambda grant: (grant.purpose, grant.id))
    ]
    notice = NOTICE if practice().part2 else None
    row = Opening(
        at=now,
        person_id=person.id,
        patient_id=patient_id,
        page=page,
        about=about,
        grants=scope,
        notice=notice,
    )
    db.session.add(row)
    db.session.flush()
    told = {
        "page": page.value,
        "grants": [grant["id"] for grant in scope],
        "notice": notice,
    }
    audit.append("page.opened", f"opening {row.id}", told, by=by, now=now)
    return row
