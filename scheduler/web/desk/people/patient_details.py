"""What only a patient has: birth, state, clinician, the days a payer agreed to."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import (
    Facts,
    change_facts,
    facts_of,
    human_named,
    name_same,
    named_after,
    part_again,
)
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import Conflict, InputError, InvalidFile, Problem
from scheduler.people import all_clinicians, patient_by_key, person_by_key
from scheduler.people.models import Person
from scheduler.programs import Authorisation, state_names
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of
from scheduler.web.desk.people.typed_person import typed_values
from scheduler.web.desk.stays.stay_effects import errors_by_field
from scheduler.web.parts.form_fields import BadDay, bounded_date_field
from scheduler.web.parts.page import Page, sentence
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

bp = Blueprint("patient_details", __name__, url_prefix="/desk/patients")
OLDEST = 120
"""Years back that somebody may be born."""
SAME = "same_as"
LONGEST = 250
"""Letters of a key or a name."""
MOST_UNITS = 10_000
"""Days a payer may agree to at once."""
LABELS = {
    "state": N_("State"),
    "born": N_("Born"),
    "clinician": N_("Clinician"),
    "authorisations": N_("Authorisations"),
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """One row of the days a payer agreed to, as it is typed."""

    first: str = ""
    last: str = ""
    units: str = ""


@bp.get("/<key>/details")
@allow(*STAFF)
def show(key: str) -> Page:
    """Show what only this patient has."""
    return _form(patient_by_key(key), {})


@bp.post("/<key>/details")
@allow(*STAFF)
def change(key: str) -> Page:
    """Change it once was seen what leaves: who may sign depends on the birthday."""
    patient = patient_by_key(key)
    if request.form.get("change"):
        return _form(patient, {})
    typed, errors = _typed()
    if typed is None:
        return _form(patient, errors), 422
    try:
        other = _other_self(patient)
    except InputError as error:
        return _form(patient, {SAME: sentence(error)}), 422
    return _settle(patient, typed, other)


def _settle(patient: Person, typed: Facts, other: str) -> Page:
    """Change it where it was seen, else look; `other` is who they are, too (a key)."""
    by, moment, seen = me().key, now(), _seen()
    key = patient.key
    what = [*_what(facts_of(patient), typed), *_who_they_are(patient, other)]

    def deed() -> None:
        change_facts(patient_by_key(key), typed, seen=seen, by=by, now=moment)
        _settle_self(patient_by_key(key), other, by, moment)

    try:
        ahead = act_on_sight(deed, circle_of(patient), by=by, now=moment)
    except Conflict:
        return _changed_meanwhile(key, seen)
    except InputError as error:
        errors = errors_by_field(error, {SAME: SAME}, "clinician")
        return _form(patient_by_key(key), errors), 422
    return _answer(key, ahead, what)


def _answer(key: str, ahead: Ahead, what: list[str]) -> Page:
    _ = catalog(reader_language())
    if ahead.is_done:
        flash(_("This is changed."))
        return redirect(url_for("patients.patient", key=key), 303)
    return ahead_page(
        ahead,
        title=_("Change what is known"),
        what=what,
        deed=_("Change this"),
        back=url_for("patients.patient", key=key),
    )


def _typed() -> tuple[Facts | None, dict[str, str]]:
    """Return what was typed, or None with what is wrong, by field."""
    values, errors = typed_values(["state"])
    born = None
    try:
        born = bounded_date_field("born", years_back=OLDEST, years_ahead=0)
    except BadDay as error:
        errors["born"] = str(error)
    agreed: tuple[Authorisation, ...] = ()
    try:
        agreed = tuple(_agreed(row) for row in _rows() if row != Agreed())
    except ValueError:
        said = N_("Write each authorisation with a first and last day and its number of days.")
        errors["authorisations"] = catalog(reader_language())(said)
    if errors:
        return None, errors
    clinician = request.form.get("clinician", "")
    return Facts(values["state"], born, clinician, agreed), {}


def _other_self(patient: Person) -> str:
    """Return the key of who the form says this very person is, "" for nobody; what stands where it
    does not ask. Raises InputError.
    """
    words = request.form.get(SAME)
    if words is None:
        return _known_self(patient)
    words = words.strip()[:LONGEST]
    return human_named(words).key if words else ""


def _known_self(patient: Person) -> str:
    known = named_after(patient)
    return known.key if known else ""


def _settle_self(patient: Person, other: str, by: str, moment: datetime) -> None:
    """Let a patient be the same human being as `other` (a key, "" for nobody). Raises
    InvalidFile.
    """
    if _known_self(patient) == other:
        return
    part_again(patient, by=by, now=moment)
    if not other:
        return
    try:
        name_same(
            patient,
            human_named(other),
            by=by,
            now=moment,
        )
    except InputError as error:
        problem = Problem(SAME, str(error))
        raise InvalidFile([problem]) from error


def _who_they_are(patient: Person, other: str) -> list[str]:
    """Say who else this very person is, where that changes."""
    _ = catalog(reader_language())
    if _known_self(patient) == other:
        return []
    if not other:
        return [_("They are a person of their own again. Only staff see this.")]
    named = person_by_key(other)
    said = _("{name} ({key}) is the same person. Only staff see this; the planner keeps to it.")
    return [said.format(name=named.name, key=named.key)]


def _agreed(row: Agreed) -> Authorisation:
    """Return one row as values. Raises ValueError."""
    first = date.fromisoformat(row.first)
    last = date.fromisoformat(row.last)
    units = int(row.units)
    if last < first or not 0 <= units <= MOST_UNITS:
        raise ValueError(row)
    return Authorisation(first, last, units)


def _rows() -> list[Agreed]:
    lists = [request.form.getlist(name) for name in ("agreed_from", "agreed_to", "agreed_units")]
    rows = []
    for first, last, units in zip(*lists, strict=False):
        rows.append(Agreed(first.strip(), last.strip(), units.strip()))
    return rows


def _as_seen(facts: Facts) -> str:
    agreed = []
    for row in facts.authorisations:
        agreed.append([row.first.isoformat(), row.last.isoformat(), row.units])
    born = facts.born.isoformat() if facts.born else None
    return json.dumps([facts.state, born, facts.clinician, agreed])


def _seen() -> Facts:
    """Return what the form showed; nothing for what cannot be read."""
    try:
        state, born, clinician, agreed = json.loads(request.form.get("seen", ""))
        rows = []
        for first, last, units in agreed:
            row = Authorisation(date.fromisoformat(first), date.fromisoformat(last), units)
            rows.append(row)
        day = date.fromisoformat(born) if born else None
        return Facts(state, day, clinician, tuple(rows))
    except (ValueError, TypeError):
        return Facts(None, None, "")


def _what(before: Facts, typed: Facts) -> list[str]:
    """Return in sentences what changes."""
    lines = []
    for field in before.differences(typed):
        label = catalog(reader_language())(LABELS[field])
        lines.append(f"{label}: {_said(before, field)} → {_said(typed, field)}")
    return lines


def _said(facts: Facts, field: str) -> str:
    value = getattr(facts, field)
    if field == "authorisations":
        return "; ".join(f"{row.first}–{row.last}: {row.units}" for row in value) or "0"
    if value:
        return str(value)
    return catalog(reader_language()).gettext("empty")


def _changed_meanwhile(key: str, seen: Facts) -> Page:
    """Return the form with what was typed, and beside each field what somebody else made of it."""
    patient = patient_by_key(key)
    current = facts_of(patient)
    _ = catalog(reader_language())
    errors = {}
    for field in seen.differences(current):
        said = _("{field} was changed meanwhile and is “{value}” now. Send again what is to count.")
        errors[field] = said.format(field=_(LABELS[field]), value=_said(current, field))
    return _form(patient, errors), 409


def _rows_of(facts: Facts) -> list[Agreed]:
    """Return the days a payer agreed to as they would be typed."""
    rows = []
    for agreed in facts.authorisations:
        first, last = agreed.first.isoformat(), agreed.last.isoformat()
        row = Agreed(first, last, str(agreed.units))
        rows.append(row)
    return rows


def _form(patient: Person, errors: dict[str, str]) -> str:
    facts = facts_of(patient)
    rows = _rows() if request.method == "POST" else _rows_of(facts)
    states = sorted(state_names().items(), key=lambda state: state[1])
    usual = catalog(reader_language()).gettext("as the clinic")
    born = facts.born.isoformat() if facts.born else ""
    return render_template(
        "desk/people/patient_details.html",
        patient=patient,
        errors=errors,
        state=request.form.get("state", facts.state or ""),
        born=request.form.get("born", born),
        clinician=request.form.get("clinician", facts.clinician),
        same_as=request.form.get(SAME, _known_self(patient)),
        rows=[row for row in rows if row != Agreed()] + [Agreed(), Agreed()],
        states=[("", usual), *states],
        clinicians=[(person.key, person.name) for person in all_clinicians()],
        seen=_as_seen(facts),
    )
