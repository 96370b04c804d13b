"""What one patient alone is due beside the program's appointments, and what of the program's is not
due for them.
"""

from dataclasses import dataclass
from datetime import datetime

from scheduler import audit
from scheduler.admissions.end_of_stay import stay_to_end
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError, InvalidFile, Problem
from scheduler.people.models import Person
from scheduler.programs import Appointment, Template, stays_with_cohorts
from scheduler.programs.models import Enrolment
from scheduler.provenance import Source, note_word


@dataclass(frozen=True, slots=True)
class OwnAppointments:
    """Appointments of one patient alone, and the keys of those of the program that they go
    without.
    """

    appointments: tuple[Appointment, ...] = ()
    without: tuple[str, ...] = ()


def own_appointments_of(patient: Person) -> OwnAppointments:
    """Return what a patient alone has and goes without. Raises InputError for somebody in no
    cohort.
    """
    stay = _stay(patient)
    return OwnAppointments(stay.appointments or (), stay.without or ())


def program_of(patient: Person) -> Template:
    """Return the template that the current stay runs by. Raises InputError for somebody in no
    cohort.
    """
    return _stay(patient).cohort.program.template


def program_appointments(patient: Person) -> tuple[Appointment, ...]:
    """Return the appointments of the programs of all stays of a patient, each key once."""
    found: dict[str, Appointment] = {}
    for _, cohort in stays_with_cohorts(patient):
        for appointment in cohort.program.template.appointments:
            found.setdefault(appointment.key, appointment)
    return tuple(found.values())


def change_own_appointments(
    patient: Person, said: OwnAppointments, *, seen: OwnAppointments, by: str, now: datetime
) -> list[str]:
    """Set what a patient alone has and goes without; return the fields that changed. Sessions that
    are published stay until the cohort is planned again.

    Raises Conflict where it is no longer what whoever asks had `seen`, InvalidFile for a key that
    the program has already or has not, InputError for somebody in no cohort.
    """
    stay = _stay(patient)
    before = own_appointments_of(patient)
    if said == before:
        return []
    if seen != before:
        raise Conflict("somebody has changed this meanwhile")
    _refuse(patient, said)
    changed = []
    if said.appointments != before.appointments:
        stay.appointments = said.appointments or None
        changed.append("appointments")
    if said.without != before.without:
        stay.without = said.without or None
        changed.append("without")
    db.session.flush()
    record = f"stay of {patient.key}"
    details = {"fields": changed}
    audit.append("stay.appointments", record, details, by=by, now=now)
    note_word(record, changed, source=Source.DESK, by=by, now=now)
    return changed


def _stay(patient: Person) -> Enrolment:
    stay = stay_to_end(patient)
    if stay is None:
        raise InputError(f"{patient.key} is in no cohort")
    return stay


def _refuse(patient: Person, said: OwnAppointments) -> None:
    """Raise InvalidFile for keys that a clinic file would be refused for."""
    known = {appointment.key for appointment in program_appointments(patient)}
    problems = []
    for number, appointment in enumerate(said.appointments):
        if appointment.key in known:
            place = f"appointments[{number}].key"
            problems.append(Problem(place, "the program has an appointment with this key"))
    for key in said.without:
        if key not in known:
            problems.append(Problem("without", f"the program has no appointment {key}"))
    if problems:
        raise InvalidFile(problems)
