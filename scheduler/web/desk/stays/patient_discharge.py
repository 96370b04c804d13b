"""A patient's discharge: the last day, and what ends with it; shown before it is done."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import StayOutcome, discharge, leaders_ahead, stay_to_end
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.people import patient_by_key, practice
from scheduler.people.models import Person
from scheduler.programs import last_day
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of
from scheduler.web.desk.stays.stay_effects import day_shown, effects_shown, errors_by_field
from scheduler.web.parts.form_fields import BadDay, bounded_date_field
from scheduler.web.parts.page import Page
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

bp = Blueprint("patient_discharge", __name__, url_prefix="/desk/patients")


@bp.get("/<key>/discharge")
@allow(*STAFF)
def show(key: str) -> Page:
    """Ask for the last day of the stay."""
    return _form(patient_by_key(key), {})


@bp.post("/<key>/discharge")
@allow(*STAFF)
def end(key: str) -> Page:
    """End the stay once was seen what ends with it, and what leaves."""
    patient = patient_by_key(key)
    if request.form.get("change"):
        return _form(patient, {})
    last, errors = _typed()
    if last is None:
        return _form(patient, errors), 422
    by, moment = me().key, now()
    name = patient.name
    what: list[str] = []

    def deed() -> None:
        done = discharge(patient, last, by=by, now=moment)
        what[:] = _what(done, last)

    try:
        ahead = act_on_sight(
            deed,
            circle_of(patient) | leaders_ahead(patient, now=moment),
            by=by,
            now=moment,
        )
    except InputError as error:
        return _form(patient_by_key(key), errors_by_field(error, {}, "last")), 422
    if ahead.is_done:
        _ = catalog(reader_language())
        said = _("The stay of {name} ends on {day}.")
        flash(said.format(name=name, day=day_shown(last)))
        return redirect(url_for("patients.patient", key=key), 303)
    return _shown(ahead, key, name, what)


def _shown(ahead: Ahead, key: str, name: str, what: list[str]) -> Page:
    """Return the page that shows what ends before it does."""
    _ = catalog(reader_language())
    title = _("Discharge {name}: what ends")
    return ahead_page(
        ahead,
        title=title.format(name=name),
        what=what,
        deed=_("Discharge"),
        back=url_for("patients.patient", key=key),
    )


def _typed() -> tuple[date | None, dict[str, str]]:
    _ = catalog(reader_language())
    try:
        last = bounded_date_field("last")
    except BadDay as error:
        return None, {error.field: str(error)}
    return last, {} if last else {"last": _("Give the last day of the stay.")}


def _what(done: StayOutcome, last: date) -> list[str]:
    """Return in sentences what ends."""
    _ = catalog(reader_language())
    first = _("The last day is {day}.").format(day=day_shown(last))
    return [first, *effects_shown(done)]


def _form(patient: Person, errors: dict[str, str]) -> str:
    stay = stay_to_end(patient)
    today = practice().day_at(now())
    if stay is None:
        return render_template("desk/stays/patient_discharge.html", patient=patient, stay=None)
    final = last_day(stay.cohort.starts, stay.cohort.program.template.weeks)
    return render_template(
        "desk/stays/patient_discharge.html",
        patient=patient,
        stay=stay,
        first=day_shown(stay.first),
        final=day_shown(stay.last or final),
        is_ended=stay.last is not None,
        errors=errors,
        last=request.form.get("last", min(max(today, stay.first), final).isoformat()),
    )
