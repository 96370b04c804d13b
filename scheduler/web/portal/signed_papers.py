"""Signed papers: the patient's own copies, for reading and printing, and paper that staff
record.
"""

from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import consents
from scheduler.consents import (
    Blanks,
    Information,
    Signature,
    give,
    information_words,
    purpose_words,
    statement_lines,
)
from scheduler.consents.model.models import Ending, Grant, Method, Signer, Statement
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.people import person_by_key, practice
from scheduler.people.models import Person, PersonKind, Relative
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.web.auth.access import STAFF, Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import day_in, moment_in
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.time_words import day_words
from scheduler.web.portal.consent_form import end_words, until_words

bp = Blueprint("signed_papers", __name__)
CAPACITIES = {
    Signer.PATIENT: N_("for yourself"),
    Signer.GUARDIAN: N_("as your parent or guardian"),
    Signer.PROXY: N_("as your representative"),
    Signer.BOTH: N_("together with you"),
}
ENDINGS = {
    Ending.DISCHARGE: "When the patient is discharged",
    Ending.PROGRAM_END: "When the program ends",
}
Page = str | tuple[str, int] | Response


@bp.get("/mine/papers/<key>")
@allow(Who.PATIENT)
def copy(key: str) -> Page:
    """Show a patient what they signed; another's is like none."""
    paper = db.session.scalar(
        select(Statement).where(Statement.id == key, Statement.patient_id == me().id)
    )
    if paper is None:
        abort(404)
    grants = list(
        db.session.scalars(select(Grant).where(Grant.statement == paper.id).order_by(Grant.purpose))
    )
    zone, language = practice().zone, reader_language()
    return render_template(
        "portal/signed_paper.html",
        paper=paper,
        lines=_lines(paper, grants),
        language=language,
        elements=_elements(paper, grants, zone, language),
        day=day_in(language, paper.signed),
        at=moment_in(language, paper.recorded_at, zone),
        withdrawn=[kind_in(language, grant.purpose) for grant in grants if grant.revoked_at],
    )


@bp.get("/desk/patients/<key>/paper")
@allow(*STAFF)
def desk(key: str) -> Page:
    """Offer staff to record a paper that was signed by hand."""
    return _form(_patient(key), {})


@bp.post("/desk/patients/<key>/paper")
@allow(*STAFF)
def record(key: str) -> Page:
    """Record it; what it lacks is said, and nothing is written."""
    patient, moment = _patient(key), now()
    person = next((one for one in _family(patient) if one.key == request.form.get("person")), None)
    kinds = [each for each in sorted(FAMILY_KINDS) if each.value in request.form.getlist("purpose")]
    signed, expires = _day("signed"), _day("expires")
    ending = next((each for each in Ending if each.value == request.form.get("ending")), None)
    errors = _lacking(person, kinds, signed, expires or ending)
    if person is not None and signed is not None:
        errors |= _too_old(person, patient, kinds, signed)
    if errors or person is None or signed is None:
        return _form(patient, errors), 422
    try:
        others = Kind.MULTI_FAMILY_GROUP in kinds and bool(request.form.get("others"))
        by_whom = Signer(request.form.get("signed_by", "patient"))
        give(
            person=person,
            patient=patient,
            purposes=kinds,
            signed=signed,
            expires=None if ending else expires,
            expires_on=ending,
            signed_by=by_whom,
            others=others,
            signature=_signature(patient, moment),
            by=me().key,
            now=moment,
        )
    except (InputError, ValueError) as error:
        db.session.rollback()
        return _form(_patient(key), {"person": f"Not recorded: {error}."}), 422
    db.session.commit()
    flash(
        f"Recorded. {person.name} may know this from the day it was signed; letters follow if "
        "one is due."
    )
    return redirect(url_for("patients.patient", key=key), 303)


def _lacking(
    person: Person | None, kinds: list[Kind], signed: date | None, end: date | Ending | None
) -> dict[str, str]:
    said = {
        "person": (person, "Choose whom the paper names."),
        "purpose": (kinds, "Choose what the paper says."),
        "signed": (signed, "Give the day it was signed."),
        "expires": (
            end,
            "Give the last day, or what ends it: a consent without an end cannot be kept.",
        ),
    }
    return {field: words for field, (given, words) in said.items() if not given}


def _too_old(person: Person, patient: Person, kinds: list[Kind], signed: date) -> dict[str, str]:
    """Say when the patient withdrew what an older paper says: that paper brings nothing back."""
    day = consents.withdrawn_since(person, patient, kinds, signed)
    if day is None:
        return {}
    said = (
        f"What it says was withdrawn on {day_words(day)} {day.year}, after this paper was signed."
    )
    return {"signed": f"{said} If {patient.name} wants it again, have a new paper signed."}


def _signature(patient: Person, moment: datetime) -> Signature:
    """Read by whose authority it was signed (nobody's, one's, both parents'), and whether a copy
    was given.
    """
    chosen = request.form.getlist("authority")
    held = [one for one in consents.authorities_of(patient.id) if one.id in chosen]
    if len(held) > 2:
        raise InputError("at most two sign by an authority")
    first, second = (*held, None, None)[:2]
    return Signature(
        authority=first, second=second, copy_given_at=moment if request.form.get("copy") else None
    )


def _form(patient: Person, errors: dict[str, str]) -> str:
    return render_template(
        "desk/signed_paper.html",
        patient=patient,
        family=_family(patient),
        purposes=purpose_words("en"),
        errors=errors,
        said=request.form,
        picked=request.form.getlist("purpose"),
        signers=list(Signer),
        authorities=consents.authorities_of(patient.id),
        held=request.form.getlist("authority"),
        endings=ENDINGS,
    )


def _lines(paper: Statement, grants: list[Grant]) -> list[str]:
    """Return what was signed, in its own version and language; nothing of it but names where it was
    signed by hand.
    """
    if paper.method is not Method.TYPED or not grants:
        return []
    first = grants[0]
    end = end_words(paper.language, first.expires, first.expires_on)
    purposes = [grant.purpose for grant in grants]
    blanks = Blanks(
        paper.patient_name, paper.person_name, paper.discloser, purposes, first.others, end
    )
    return statement_lines(paper.wording, paper.language, blanks)


def _elements(
    paper: Statement, grants: list[Grant], zone: str, language: str
) -> list[tuple[str, str]]:
    """Return what is kept of a paper signed by hand, element by element (42 CFR 2.31(a)), times in
    `zone`, named.
    """
    if paper.method is Method.TYPED or not grants:
        return []
    _ = catalog(language)
    purposes, told = purpose_words(language), information_words(language)
    kept = [information for information in Information if information.value in _told(paper)]
    ends = dict.fromkeys(until_words(language, grant, zone) for grant in grants)
    signer = _("{name}, {capacity}, on {day}").format(
        name=paper.signer_name,
        capacity=_(CAPACITIES[paper.capacity]),
        day=day_in(language, paper.signed),
    )
    elements = [
        (_("Who may know"), paper.person_name),
        (_("Who may tell them"), paper.discloser),
        (_("About"), ", ".join(purposes[grant.purpose][0] for grant in grants)),
        (_("What of it"), ", ".join(told[information] for information in kept)),
        (_("Until when"), "; ".join(ends)),
        (_("Signed by"), signer),
        (_("Recorded by your clinic"), moment_in(language, paper.recorded_at, zone)),
    ]
    if any(grant.others for grant in grants):
        elements.append((_("Other families"), _("see you both in a multi-family group")))
    return elements


def _told(paper: Statement) -> list[str]:
    return paper.information.split(",")


def _patient(key: str) -> Person:
    person = person_by_key(key)
    if person.kind is not PersonKind.PATIENT:
        raise NotFound(f"there is no patient with the key {key}")
    return person


def _family(patient: Person) -> list[Person]:
    rows = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == patient.id)
    )
    return list(db.session.scalars(rows.order_by(Person.name)).unique())


def _day(field: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        return None
