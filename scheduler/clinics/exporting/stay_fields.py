"""Stays, and what one patient alone has, as the fields of a clinic file."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from scheduler.clinics.exporting.program_fields import Fields, appointment_fields, given
from scheduler.kernel.database import db
from scheduler.programs import Authorisation
from scheduler.programs.models import Enrolment, FurtherStay

Line = dict[str, int]
"""Each patient's place in a line; 0 for who waits nowhere."""


def stay_fields(of: Collection[str] | None = None) -> tuple[dict[str, Fields], Line]:
    """Return what a clinic file says of each patient's stays, and who waits, by the patient's
    id; of all, or only of the patients (ids) `of`.
    """
    found: dict[str, Fields] = {}
    line: Line = {}
    wanted = select(Enrolment)
    if of is not None:
        wanted = wanted.where(Enrolment.patient_id.in_(of))
    for row in db.session.scalars(wanted):
        patient = row.patient_id
        line[patient] = row.waits or 0
        found[patient] = _days(row) | _own(row)
    for patient, stays in _others(of).items():
        fields = []
        for stay in stays:
            fields.append(given(_days(stay)))
            waits = stay.waits or 0
            line[patient] = max(line[patient], waits)
        found[patient]["stays"] = fields
    return found, line


def _others(of: Collection[str] | None) -> dict[str, list[FurtherStay]]:
    """Return each patient's stays beside the current one, in order."""
    found: dict[str, list[FurtherStay]] = {}
    wanted = select(FurtherStay).order_by(
        FurtherStay.first,
        FurtherStay.id,
    )
    if of is not None:
        wanted = wanted.where(FurtherStay.patient_id.in_(of))
    for stay in db.session.scalars(wanted):
        known = found.setdefault(
            stay.patient_id,
            [],
        )
        known.append(stay)
    return found


def _days(row: Enrolment | FurtherStay) -> Fields:
    return {"cohort": row.cohort.key, "from": row.first, "to": row.last}


def _own(row: Enrolment) -> Fields:
    said: Fields = {}
    if row.appointments:
        said["appointments"] = appointment_fields(row.appointments)
    if row.without:
        said["without"] = list(row.without)
    if row.authorisations:
        said["authorisations"] = _authorisations(row.authorisations)
    return said


def _authorisations(authorisations: Iterable[Authorisation]) -> list[Fields]:
    found = []
    for agreed in authorisations:
        fields = {
            "from": agreed.first,
            "to": agreed.last,
            "units": agreed.units,
        }
        found.append(fields)
    return found
