"""The house without its patients, in the shape of a clinic file: what its pages change."""

from sqlalchemy import select

from scheduler.clinics.exporting.export_clinic import house_fields
from scheduler.clinics.exporting.program_fields import Fields
from scheduler.kernel.database import db
from scheduler.people.models import Person, PersonKind


def export_house() -> Fields:
    """Return practice, rooms, staff, programs and cohorts; `patients` is empty."""
    staff = select(Person).where(Person.kind == PersonKind.CLINICIAN).order_by(Person.key)
    people = list(db.session.scalars(staff).unique())
    return {**house_fields(people), "patients": []}
