"""Somebody entered twice: found by staff, compared field by field, and joined once was seen what
that does. The second entry stays as a record that leads to the first.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import (
    Facts,
    Joined,
    facts_of,
    human_named,
    join_people,
    leaders_ahead,
    usual_contact,
    why_not,
)
from scheduler.consents import wait_until_drained
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.people import Contact, contact_of, names_by_key, person_by_key
from scheduler.people.models import Person
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of
from scheduler.web.desk.stays.stay_effects import day_shown, effects_shown
from scheduler.web.parts.page import Page, sentence
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

bp = Blueprint("join_entries", __name__, url_prefix="/desk/people/join")
T = TypeVar("T")
LONGEST = 250
CONTACT = ("name", "email", "phone", "zone", "language", "relationship")
LABELS = {
    "name": N_("Name"),
    "relationship": N_("Relationship to the patient"),
    "email": N_("Mail address"),
    "phone": N_("Telephone"),
    "zone": N_("Time zone"),
    "language": N_("Language"),
    "state": N_("State"),
    "born": N_("Born"),
    "clinician": N_("Clinician"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A field of both entries in words; where they differ, which of the two counts is asked."""

    name: str
    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """True if the two say something else."""
        return self.first != self.second


@bp.get("")
@allow(*STAFF)
def show() -> Page:
    """Ask which two entries are one person."""
    said = {name: request.args.get(name, "")[:LONGEST] for name in ("first", "second")}
    return _ask(said, {}, [])


@bp.post("")
@allow(*STAFF)
def join() -> Page:
    """Compare the two, then join them once was seen what that does."""
    said = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("first", "second")}
    people, errors = _named(said)
    if errors:
        return _ask(said, errors, []), 422
    first, second = people[0], people[1]
    refused = [_reason(each.words, dict(each.named)) for each in why_not(first, second)]
    if refused:
        return _ask(said, {}, refused), 422
    if not request.form.get("compared") or request.form.get("change"):
        return _compared(first, second, {})
    return _settle(first, second)


def _settle(first: Person, second: Person) -> Page:
    """Join them where it was seen, else look."""
    by, moment = me().key, now()
    keys = (first.key, second.key)
    name, place = first.name, _page_of(first)
    what: list[str] = []
    withdrawn: list[str] = []

    def deed() -> None:
        done = _joined(keys, by, moment)
        what[:] = _effects(done, person_by_key(keys[0]), person_by_key(keys[1]))
        withdrawn[:] = done.withdrawn

    people = _concerned(first) | _concerned(second)
    try:
        ahead = act_on_sight(deed, people, by=by, now=moment)
    except InputError as error:
        pair = (person_by_key(keys[0]), person_by_key(keys[1]))
        return _compared(*pair, {"clinician": sentence(error)}), 422
    if ahead.is_done and withdrawn:
        wait_until_drained(withdrawn)
    return _answer(ahead, what, name, place)


def _joined(keys: tuple[str, str], by: str, moment: datetime) -> Joined:
    """Join two (keys) as it was chosen field by field."""
    first, second = person_by_key(keys[0]), person_by_key(keys[1])
    contact = _contact(first, second)
    facts = _facts(first, second)
    return join_people(first, second, contact, facts, by=by, now=moment)


def _answer(ahead: Ahead, what: list[str], name: str, place: str) -> Page:
    _ = catalog(reader_language())
    if ahead.is_done:
        flash(_("{name} is one entry now; the other leads to it.").format(name=name))
        return redirect(place, 303)
    return ahead_page(
        ahead,
        title=_("Join two entries of {name}").format(name=name),
        what=what,
        deed=_("Join them"),
        back=url_for("people_search.search"),
    )


def _named(said: dict[str, str]) -> tuple[list[Person], dict[str, str]]:
    _ = catalog(reader_language())
    people = []
    errors = {}
    for name, words in said.items():
        if not words:
            errors[name] = _("Give a key, or a name that one person alone has.")
            continue
        try:
            people.append(human_named(words))
        except InputError as error:
            errors[name] = sentence(error)
    return people, errors


def _concerned(person: Person) -> set[str]:
    """Return the ids of all whom a change of somebody concerns."""
    patient = person.relative.patient if person.relative else person
    return circle_of(patient) | leaders_ahead(patient, now=now()) | {person.id}


def _page_of(person: Person) -> str:
    patient = person.relative.patient if person.relative else person
    return url_for("patients.patient", key=patient.key)


def _pick(field: str, mine: T, theirs: T) -> T:
    """Return what was chosen of a field."""
    if request.form.get(f"take-{field}") == "second":
        return theirs
    return mine


def _contact(first: Person, second: Person) -> Contact:
    """Return how they are reached as it was chosen field by field."""
    mine, theirs = usual_contact(first, second), contact_of(second)
    return Contact(
        name=_pick("name", mine.name, theirs.name),
        email=_pick("email", mine.email, theirs.email),
        phone=_pick("phone", mine.phone, theirs.phone),
        zone=_pick("zone", mine.zone, theirs.zone),
        language=_pick("language", mine.language, theirs.language),
        relationship=_pick("relationship", mine.relationship, theirs.relationship),
    )


def _facts(first: Person, second: Person) -> Facts | None:
    """Return what only a patient has, as it was chosen; None for relatives."""
    if first.patient is None:
        return None
    mine, theirs = facts_of(first), facts_of(second)
    return Facts(
        state=_pick("state", mine.state, theirs.state),
        born=_pick("born", mine.born or theirs.born, theirs.born),
        clinician=_pick("clinician", mine.clinician, theirs.clinician),
        authorisations=mine.authorisations,
    )


def _effects(done: Joined, first: Person, second: Person) -> list[str]:
    """Return in sentences what a join does."""
    _ = catalog(reader_language())
    record = _(
        "The entry {key} stays as a record that leads to {name} ({into}). Nothing is deleted."
    )
    lines = [record.format(key=second.key, name=first.name, into=first.key)]
    if done.withdrawn:
        said = _.ngettext(
            "{count} consent of the record ends with it; {name} keeps their own and gets no other.",
            "{count} consents of the record end with it; {name} keeps their own and gets no other.",
            len(done.withdrawn),
        )
        lines.append(said.format(count=len(done.withdrawn), name=first.name))
    for person in done.came:
        said = _("{name} ({key}) comes over: not ready yet and without consent.")
        lines.append(said.format(name=person.name, key=person.key))
    for person in done.stayed:
        said = _("{name} ({key}) stays with the record: add them anew, a consent is signed anew.")
        lines.append(said.format(name=person.name, key=person.key))
    if done.kept_out:
        lines.append(_("Who was kept out of the one is kept out of the other."))
    if done.stays is not None:
        lines.append(_("The stays of the record end; what they were until today stays with it."))
        lines += effects_shown(done.stays)
    return lines


def _reason(words: str, named: dict[str, str]) -> str:
    return catalog(reader_language())(words).format(**named)


def _ask(said: dict[str, str], errors: dict[str, str], refused: list[str]) -> str:
    return render_template(
        "desk/people/join_entries.html",
        said=said,
        errors=errors,
        refused=refused,
        pair=None,
        lines=[],
    )


def _compared(first: Person, second: Person, errors: dict[str, str]) -> str:
    return render_template(
        "desk/people/join_entries.html",
        said={"first": first.key, "second": second.key},
        errors=errors,
        refused=[],
        pair=(first, second),
        lines=_lines(first, second),
        taken=request.form,
    )


def _lines(first: Person, second: Person) -> list[Line]:
    _ = catalog(reader_language())
    mine, theirs = _said(first), _said(second)
    return [Line(name, _(LABELS[name]), mine[name], theirs[name]) for name in mine]


def _said(person: Person) -> dict[str, str]:
    """Return every field of an entry in words; "" for what it does not say."""
    contact = contact_of(person)
    found = {}
    for name in CONTACT:
        if name != "relationship" or person.relative is not None:
            found[name] = getattr(contact, name) or ""
    if person.patient is not None:
        facts = facts_of(person)
        found["born"] = _day(facts.born)
        found["state"] = facts.state or ""
        found["clinician"] = names_by_key().get(facts.clinician, facts.clinician)
    return found


def _day(day: date | None) -> str:
    return day_shown(day) if day else ""
