"""How a patient or a relative is reached: address, telephone, zone, language; shown before it is
changed, and never over somebody else's change.
"""

import json
from dataclasses import asdict, dataclass
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import sms
from scheduler.clinics import typed_field
from scheduler.i18n import LANGUAGES, N_, catalog, full_date, zone
from scheduler.invitations import change_contact
from scheduler.kernel.clock import now
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import (
    Contact,
    contact_of,
    names_by_key,
    record_name,
    stopped_among,
)
from scheduler.people.models import Person
from scheduler.provenance import DeskWord, Source, words_about
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of, one_of_them
from scheduler.web.parts.page import Page
from scheduler.web.preview.look_ahead import act_on_sight, ahead_page

bp = Blueprint("contact_details", __name__, url_prefix="/desk/patients")
LABELS = {
    "name": N_("Name"),
    "relationship": N_("Relationship to the patient"),
    "email": N_("Mail address"),
    "phone": N_("Telephone"),
    "zone": N_("Time zone"),
    "language": N_("Language"),
}
NEEDED = {"name", "relationship", "email"}
SOURCE = "en"
"""The language of whoever said nothing else."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: what stands in it, and whose word it is."""

    name: str
    label: str
    value: str
    whose: str


@bp.get("/<key>/contact/<person_key>")
@allow(*STAFF)
def show(key: str, person_key: str) -> Page:
    """Show how somebody is reached, and whose word each field is."""
    patient, person = one_of_them(key, person_key)
    return _form(patient, person, contact_of(person), {})


@bp.post("/<key>/contact/<person_key>")
@allow(*STAFF)
def change(key: str, person_key: str) -> Page:
    """Change it once was seen what leaves; what was typed is kept whatever is wrong."""
    patient, person = one_of_them(key, person_key)
    if request.form.get("change"):
        return _form(patient, person, contact_of(person), {})
    typed, errors = _typed(person)
    if typed is None:
        return _form(patient, person, contact_of(person), errors), 422
    by, moment = me().key, now()
    what = _what(person, typed)
    try:
        ahead = act_on_sight(
            lambda: change_contact(person, typed, seen=_seen(), by=by, now=moment),
            circle_of(patient),
            by=by,
            now=moment,
        )
    except Conflict:
        return _changed_meanwhile(key, person_key)
    name = typed.name
    if not ahead.is_done:
        _ = catalog(reader_language())
        return ahead_page(
            ahead,
            title=_("Reach {name} otherwise").format(name=name),
            what=what,
            deed=_("Change this"),
            back=url_for("patients.patient", key=key),
        )
    flash(catalog(reader_language()).gettext("{name} is reached so from now on.").format(name=name))
    return redirect(url_for("patients.patient", key=key), 303)


def _typed(person: Person) -> tuple[Contact | None, dict[str, str]]:
    """Return what was typed, or None with what is wrong, by field."""
    _ = catalog(reader_language())
    values: dict[str, str | None] = {}
    errors = {}
    for field in _fields(person):
        words = request.form.get(field, "").strip()
        if not words and field not in NEEDED:
            values[field] = None
            continue
        try:
            values[field] = typed_field(field, words)
        except InputError as error:
            label = _(LABELS[field])
            errors[field] = f"{label}: {error}"
    if errors:
        return None, errors
    typed = Contact(
        name=values["name"] or "",
        email=values["email"] or "",
        phone=values["phone"],
        zone=values["zone"],
        language=values["language"],
        relationship=values.get("relationship"),
    )
    if not typed.differences(contact_of(person)):
        return None, {"email": _("Nothing is different yet.")}
    return typed, {}


def _fields(person: Person) -> list[str]:
    return [name for name in LABELS if name != "relationship" or person.relative is not None]


def _seen() -> Contact | None:
    """Return what the page showed when it was opened, None where it does not say so."""
    try:
        return Contact(**json.loads(request.form.get("seen", "")))
    except (ValueError, TypeError):
        return None


def _changed_meanwhile(key: str, person_key: str) -> Page:
    """Return the form with what was typed, and beside each field what somebody else made of it."""
    patient, person = one_of_them(key, person_key)
    current = contact_of(person)
    seen = _seen()
    _ = catalog(reader_language())
    errors = {}
    for field in seen.differences(current) if seen else ():
        said = _("{field} was changed meanwhile and is “{value}” now. Send again what is to count.")
        errors[field] = said.format(
            field=_(LABELS[field]),
            value=_said(current, field),
        )
    return _form(patient, person, current, errors), 409


def _what(person: Person, typed: Contact) -> list[str]:
    """Return in sentences what changes, and what a new telephone number ends."""
    _ = catalog(reader_language())
    before = contact_of(person)
    lines = []
    for field in before.differences(typed):
        said = _("{field}: {before} → {after}")
        lines.append(
            said.format(
                field=_(LABELS[field]),
                before=_said(before, field),
                after=_said(typed, field),
            )
        )
    if typed.phone != before.phone and sms.standing_agreement(person):
        ended = _("{name} agreed to text messages at the old number; the new one gets none yet.")
        lines.append(ended.format(name=before.name))
    return lines


def _said(contact: Contact, field: str) -> str:
    """Return a field as people say it."""
    value = getattr(contact, field)
    if not value:
        return catalog(reader_language()).gettext("empty")
    if field == "zone":
        return zone(value, reader_language())
    return str(value)


def _form(patient: Person, person: Person, current: Contact, errors: dict[str, str]) -> str:
    words = words_about([record_name(person)])
    names = names_by_key()
    fields = []
    for name in _fields(person):
        word = words.get((record_name(person), name))
        fields.append(
            Field(
                name=name,
                label=catalog(reader_language())(LABELS[name]),
                value=request.form.get(name, getattr(current, name) or ""),
                whose=_whose(word, names),
            )
        )
    return render_template(
        "desk/people/contact_details.html",
        patient=patient,
        person=person,
        fields=fields,
        errors=errors,
        seen=json.dumps(asdict(current)),
        zones=sorted(name for name in available_timezones() if "/" in name),
        languages=_languages(person),
        codes_are_stopped=person.id in stopped_among([person]),
    )


def _languages(person: Person) -> list[tuple[str, str]]:
    """Return the languages to choose from: those written in, and whatever stands there."""
    choices = [("", catalog(reader_language()).gettext("English, nothing else was said"))]
    own = person.language
    for tag, language in LANGUAGES.items():
        if language.name != LANGUAGES[SOURCE].name:
            choices.append((tag, language.name))
    if own and own not in dict(choices):
        choices.append((own, own))
    return choices


def _whose(word: DeskWord | None, names: dict[str, str]) -> str:
    """Return whose word a field is, in words."""
    _ = catalog(reader_language())
    if word is None:
        return _("from the clinic file")
    day = full_date(word.at.date(), reader_language())
    if word.source is Source.PERSON:
        return _("their own word of {day}").format(day=day)
    said = _("set at the desk by {name} on {day}")
    return said.format(name=names.get(word.by, _("the clinic")), day=day)
