"""Everybody, found by name, key, address or number."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from scheduler.i18n import N_, catalog, relation
from scheduler.people import names_by_id, people_found
from scheduler.people.models import Person, PersonKind
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page

bp = Blueprint("people_search", __name__, url_prefix="/desk/people")
MOST = 50
"""People shown at once; more are found by more words."""
LONGEST = 200
KINDS = {
    PersonKind.PATIENT: N_("patient"),
    PersonKind.RELATIVE: N_("relative"),
    PersonKind.CLINICIAN: N_("colleague"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One person in the list; `leads_to` "" for colleagues, who have no page here."""

    person: Person
    what: str
    leads_to: str


@bp.get("")
@allow(*STAFF)
def search() -> Page:
    """Show the first by name, or whom an address with `q` asks for; our own form sends none."""
    return _page(request.args.get("q", ""))


@bp.post("")
@allow(*STAFF)
def find() -> Page:
    """Find people by all the words typed, which stand in no address: names are not for logs and
    histories.
    """
    return _page(request.form.get("q", ""))


def _page(typed: str) -> Page:
    words = typed.strip()[:LONGEST]
    people = people_found(words, most=MOST + 1)
    shown = people[:MOST]
    patients = [person.relative.patient_id for person in shown if person.relative]
    names = names_by_id(patients)
    return render_template(
        "desk/people/people_search.html",
        words=words,
        found=[_found(person, names) for person in shown],
        are_more=len(people) > MOST,
    )


def _found(person: Person, names: dict[str, str]) -> Found:
    _ = catalog(reader_language())
    what = _(KINDS[person.kind])
    if person.joined_into_id is not None:
        what = _("entered twice: a record of before")
    if person.kind is PersonKind.PATIENT:
        return Found(
            person,
            what,
            url_for("patients.patient", key=person.key),
        )
    if person.relative is None:
        return Found(person, what, "")
    said = _("{relationship} of {name}")
    own = person.relative
    words = said.format(
        relationship=relation(own.relationship_word, reader_language()), name=names[own.patient_id]
    )
    key = own.patient.key
    return Found(
        person,
        words,
        url_for("patients.patient", key=key) + f"#r-{person.key}",
    )
