"""Adding a relative to a patient's family; nothing is told before a consent and readiness."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import NewRelative, add_relative, human_named, name_same
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.people import patient_by_key
from scheduler.people.models import Person
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of
from scheduler.web.desk.people.typed_person import (
    contact_from,
    form_key,
    languages,
    shared_address,
    typed_values,
    zones,
)
from scheduler.web.own.week_grid import typed_week, week_shown
from scheduler.web.parts.page import Page, sentence
from scheduler.web.preview.look_ahead import act_on_sight, ahead_page

bp = Blueprint("relative_addition", __name__, url_prefix="/desk/patients")
FIELDS = ["name", "relationship", "email", "phone", "zone", "language", "key"]
LONGEST = 250
"""Letters of a key or a name."""


@bp.get("/<key>/relatives/add")
@allow(*STAFF)
def show(key: str) -> Page:
    """Ask who they are and how they are related."""
    return _form(patient_by_key(key), {})


@bp.post("/<key>/relatives/add")
@allow(*STAFF)
def add(key: str) -> Page:
    """Add them once was seen what leaves."""
    patient = patient_by_key(key)
    if request.form.get("change"):
        return _form(patient, {})
    said, errors = _typed()
    if said is None:
        return _form(patient, errors), 422
    try:
        other = _other_self()
    except InputError as error:
        return _form(patient, {"same_as": sentence(error)}), 422
    what = shared_address(said.contact)
    what.append(_untold())
    if other is not None:
        what.append(_one_human(other))
    return _settle(key, said, other.key if other else "", what)


def _settle(key: str, said: NewRelative, other: str, what: list[str]) -> Page:
    """Add them, and say who they are already (a key, "" for nobody), once was seen what leaves."""
    by, moment, person_id = me().key, now(), form_key()

    def deed() -> None:
        person = add_relative(patient_by_key(key), said, person_id, by=by, now=moment)
        if other:
            name_same(person, human_named(other), by=by, now=moment)

    people = circle_of(patient_by_key(key)) | {person_id}
    try:
        ahead = act_on_sight(deed, people, by=by, now=moment)
    except InputError as error:
        place = "key" if "the key" in str(error) else "same_as"
        return _form(patient_by_key(key), {place: sentence(error)}), 422
    _ = catalog(reader_language())
    name = said.contact.name
    if ahead.is_done:
        flash(_("{name} is added, not ready yet and without consent.").format(name=name))
        return redirect(url_for("patients.patient", key=key), 303)
    return ahead_page(
        ahead,
        title=_("Add {name}").format(name=name),
        what=what,
        deed=_("Add"),
        back=url_for("patients.patient", key=key),
    )


def _other_self() -> Person | None:
    """Return who the form names as the same person, if anybody. Raises InputError."""
    words = request.form.get("same_as", "").strip()[:LONGEST]
    return human_named(words) if words else None


def _one_human(person: Person) -> str:
    _ = catalog(reader_language())
    said = _("{name} ({key}) is the same person. Only staff see this; the planner keeps to it.")
    return said.format(name=person.name, key=person.key)


def _untold() -> str:
    said = N_("Nothing is told to them before a consent is given and they are found ready.")
    return catalog(reader_language())(said)


def _typed() -> tuple[NewRelative | None, dict[str, str]]:
    """Return who was typed in, or None with what is wrong, by field."""
    values, errors = typed_values(FIELDS)
    free = None
    try:
        free = typed_week()
    except InputError as error:
        errors["free"] = str(error)
    if errors:
        return None, errors
    return NewRelative(contact_from(values), free, values["key"]), {}


def _form(patient: Person, errors: dict[str, str]) -> str:
    return render_template(
        "desk/people/relative_addition.html",
        patient=patient,
        errors=errors,
        said=request.form,
        form_key=form_key(),
        zones=zones(),
        languages=languages(),
        week=week_shown(None),
    )
