"""Appointments that one patient alone has, and those of the program that they go without."""

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import (
    OwnAppointments,
    change_own_appointments,
    own_appointments_of,
    program_appointments,
    program_of,
)
from scheduler.clinics import appointment_fields, typed_appointments
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError, InvalidFile
from scheduler.people import all_clinicians, patient_by_key
from scheduler.people.models import Person
from scheduler.planning import broken_since, newest_deed
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.clinic.setup_fields import APPOINTMENT, Ask, Shape
from scheduler.web.desk.clinic.setup_kinds import with_staff
from scheduler.web.desk.clinic.typed_record import typed_record
from scheduler.web.desk.drawing.program_words import appointment_words
from scheduler.web.desk.drawing.row_keys import with_keys
from scheduler.web.parts.page import Page, sentence

bp = Blueprint("patient_appointments", __name__, url_prefix="/desk/patients")
OWN = Ask(
    "appointments",
    N_("Appointments of this patient alone"),
    Shape.ROWS,
    inner=APPOINTMENT,
)
Rows = list[dict[str, Any]]


@bp.get("/<key>/appointments")
@allow(*STAFF)
def show(key: str) -> Page:
    """Show what is due for this patient otherwise than for the others."""
    patient = patient_by_key(key)
    try:
        current = own_appointments_of(patient)
    except InputError:
        return _nothing_yet(patient)
    return _form(patient, appointment_fields(current.appointments), current.without, {})


@bp.post("/<key>/appointments")
@allow(*STAFF)
def change(key: str) -> Page:
    """Set it; what is published stays until the cohort is planned again."""
    patient = patient_by_key(key)
    rows = _typed_rows(patient)
    without = tuple(request.form.getlist("without"))
    last_deed = newest_deed()
    try:
        weeks = program_of(patient).weeks
        said = OwnAppointments(_read(rows, weeks), without)
        seen = OwnAppointments(*_seen(weeks))
        changed = change_own_appointments(patient, said, seen=seen, by=me().key, now=now())
    except InvalidFile as error:
        db.session.rollback()
        errors = {problem.place: sentence(problem.message) for problem in error.problems}
        return _form(patient_by_key(key), rows, without, errors), 422
    except Conflict:
        db.session.rollback()
        return _changed_meanwhile(key, rows, without)
    db.session.commit()
    _ = catalog(reader_language())
    flash(_("Kept. It counts when the cohort is planned again.") if changed else _("Kept."))
    if broken_since(last_deed, now=now()):
        place = url_for("patients.patient", key=key)
        return redirect(url_for("broken_plans.page", since=last_deed, back=place), 303)
    return redirect(url_for("patients.patient", key=key), 303)


def _typed_rows(patient: Person) -> Rows:
    """Return the rows as a clinic file would have them, each with a short name."""
    rows = typed_record([OWN], request.form).get(OWN.name, [])
    taken = [appointment.key for appointment in program_appointments(patient)]
    return with_keys(rows, taken)


def _read(rows: Rows, weeks: int) -> tuple[Any, ...]:
    """Return rows as appointments. Raises InvalidFile."""
    clinicians = {person.key for person in all_clinicians()}
    return typed_appointments(
        rows,
        weeks=weeks,
        clinicians=clinicians,
    )


def _seen(weeks: int) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return what the form showed; what cannot be read is nothing that stands."""
    try:
        rows, without = json.loads(request.form.get("seen", ""))
        return _read(rows, weeks), tuple(without)
    except (ValueError, TypeError, AttributeError, InvalidFile):
        return (), ("",)


def _changed_meanwhile(key: str, rows: Rows, without: tuple[str, ...]) -> Page:
    said = catalog(reader_language()).gettext(
        "Somebody else changed this meanwhile. Look at what stands now, and send again what is to "
        "count."
    )
    return _form(patient_by_key(key), rows, without, {"without": said}), 409


def _nothing_yet(patient: Person) -> str:
    return render_template(
        "desk/stays/patient_appointments.html",
        patient=patient,
        has_stay=False,
        errors={},
    )


def _form(patient: Person, rows: Rows, without: tuple[str, ...], errors: dict[str, str]) -> str:
    current = own_appointments_of(patient)
    seen = [appointment_fields(current.appointments), list(current.without)]
    usual = []
    for appointment in program_appointments(patient):
        words = appointment_words(appointment, reader_language())
        usual.append((appointment.key, words, ""))
    return render_template(
        "desk/stays/patient_appointments.html",
        patient=patient,
        has_stay=True,
        asks=with_staff([OWN]),
        record={"appointments": rows},
        usual=usual,
        without=without,
        seen=json.dumps(seen),
        errors=errors,
    )
