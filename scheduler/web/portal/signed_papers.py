"""Signed papers: the patient's own copies, for reading and printing, and paper that staff
record.
"""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

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
from scheduler.i18n import N_, catalog, relation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import patient_by_key, practice, relatives_of
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.web.auth.access import STAFF, Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import day_in, moment_in
from scheduler.web.parts.form_fields import BadDay, bounded_date_field, enum_field
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page
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
    Ending.DISCHARGE: N_("When the patient is discharged"),
    Ending.PROGRAM_END: N_("When the program ends"),
}
PAPERS_KEPT = 20
"""Years that a paper which is recorded may be old."""
LAST_DAY = N_("The last day that it names, below")
SIGNERS = {
    Signer.PATIENT: N_("The patient"),
    Signer.GUARDIAN: N_("A guardian or parent"),
    Signer.PROXY: N_("A health care proxy"),
    Signer.BOTH: N_("Patient and parent, both"),
}


@dataclass(frozen=True, slots=True)
class TypedPaper:
    """A paper as staff typed it off: None or empty where something is missing."""

    person: Person | None
    purposes: list[Kind]
    signed: date | None
    expires: date | None
    ending: Ending | None


@bp.get("/mine/papers/<key>")
@allow(Who.PATIENT)
def copy(key: str) -> Page:
    """Show a patient what they signed; another's is like none."""
    paper = db.session.get(Statement, key)
    if paper is None or paper.patient_id != me().id:
        abort(404)
    grants = consents.grants_on(paper)
    zone = practice().zone
    language = reader_language()
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
    return _form(patient_by_key(key), {})


@bp.post("/desk/patients/<key>/paper")
@allow(*STAFF)
def record(key: str) -> Page:
    """Record it; what it lacks is said, and nothing is written."""
    patient = patient_by_key(key)
    _ = catalog(reader_language())
    try:
        paper = _typed_paper(patient)
    except BadDay as error:
        return _form(patient, {error.field: str(error)}), 422
    errors = _lacking(paper)
    if not errors:
        errors = _too_old(paper, patient)
    if errors:
        return _form(patient, errors), 422
    try:
        _give(paper, patient)
    except (InputError, ValueError) as error:
        db.session.rollback()
        refused = _("Not recorded: {reason}.").format(reason=error)
        return _form(patient_by_key(key), {"person": refused}), 422
    db.session.commit()
    said = _(
        "Recorded. {name} may know this from the day it was signed; letters follow if one is due."
    )
    flash(said.format(name=paper.person.name if paper.person else ""))
    return redirect(url_for("patients.patient", key=key), 303)


def _typed_paper(patient: Person) -> TypedPaper:
    relatives = {relative.key: relative for relative in relatives_of(patient)}
    chosen = request.form.getlist("purpose")
    return TypedPaper(
        person=relatives.get(request.form.get("person", "")),
        purposes=[kind for kind in sorted(FAMILY_KINDS) if kind.value in chosen],
        signed=bounded_date_field("signed", years_back=PAPERS_KEPT),
        expires=bounded_date_field("expires"),
        ending=enum_field("ending", Ending),
    )


def _give(paper: TypedPaper, patient: Person) -> None:
    """Record the consent of a paper that lacks nothing. Raises InputError."""
    if paper.person is None or paper.signed is None:
        raise InputError("the paper names nobody, or no day")
    moment = now()
    others = bool(request.form.get("others"))
    give(
        person=paper.person,
        patient=patient,
        purposes=paper.purposes,
        signed=paper.signed,
        expires=None if paper.ending else paper.expires,
        expires_on=paper.ending,
        signed_by=Signer(request.form.get("signed_by", "patient")),
        others=others and Kind.MULTI_FAMILY_GROUP in paper.purposes,
        signature=_signature(patient, moment),
        by=me().key,
        now=moment,
    )


def _lacking(paper: TypedPaper) -> dict[str, str]:
    """Return what a paper lacks, by field."""
    _ = catalog(reader_language())
    errors = {}
    if paper.person is None:
        errors["person"] = _("Choose whom the paper names.")
    if not paper.purposes:
        errors["purpose"] = _("Choose what the paper says.")
    if paper.signed is None:
        errors["signed"] = _("Give the day it was signed.")
    if paper.expires is None and paper.ending is None:
        errors["expires"] = _(
            "Give the last day, or what ends it: a consent without an end cannot be kept."
        )
    return errors


def _too_old(paper: TypedPaper, patient: Person) -> dict[str, str]:
    """Return what is wrong where the patient withdrew since: an older paper brings nothing back."""
    if paper.person is None or paper.signed is None:
        return {}
    day = consents.withdrawn_since(paper.person, patient, paper.purposes, paper.signed)
    if day is None:
        return {}
    said = catalog(reader_language()).gettext(
        "What it says was withdrawn on {day}, after this paper was signed. If {name} wants it "
        "again, have a new paper signed."
    )
    withdrawn = f"{day_words(day)} {day.year}"
    return {"signed": said.format(day=withdrawn, name=patient.name)}


def _signature(patient: Person, moment: datetime) -> Signature:
    """Return by whose authority it was signed (nobody's, one's, both parents'), and whether a copy
    was given.
    """
    chosen = request.form.getlist("authority")
    recorded = consents.authorities_of(patient.id)
    held = [authority for authority in recorded if authority.id in chosen]
    if len(held) > 2:
        raise InputError("at most two sign by an authority")
    return Signature(
        authority=held[0] if held else None,
        second=held[1] if len(held) == 2 else None,
        copy_given_at=moment if request.form.get("copy") else None,
    )


def _form(patient: Person, errors: dict[str, str]) -> str:
    _ = catalog(reader_language())
    endings = [(end.value, _(words), "") for end, words in ENDINGS.items()]
    return render_template(
        "desk/signed_paper.html",
        patient=patient,
        family=_family_choices(patient),
        purposes=[(kind.value, words, "") for kind, (words, _more) in purpose_words("en").items()],
        errors=errors,
        said=request.form,
        picked=request.form.getlist("purpose"),
        signers=[(signer.value, _(words), "") for signer, words in SIGNERS.items()],
        authorities=_authority_choices(patient),
        held=request.form.getlist("authority"),
        endings=[("", _(LAST_DAY), ""), *endings],
    )


def _family_choices(patient: Person) -> list[tuple[str, str, str]]:
    choices = []
    for person in relatives_of(patient):
        word = person.relative.relationship_word if person.relative else ""
        choices.append((person.key, person.name, relation(word, reader_language())))
    return choices


def _authority_choices(patient: Person) -> list[tuple[str, str, str]]:
    recorded = consents.authorities_of(patient.id)
    return [(authority.id, authority.name, authority.evidence) for authority in recorded]


def _lines(paper: Statement, grants: list[Grant]) -> list[str]:
    """Return what was signed, in its own version and language; nothing of it but names where it was
    signed by hand.
    """
    if paper.method is not Method.TYPED or not grants:
        return []
    first = grants[0]
    end = end_words(
        paper.language,
        first.expires,
        first.expires_on,
    )
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
    purposes = purpose_words(language)
    ends = dict.fromkeys(until_words(language, grant, zone) for grant in grants)
    elements = [
        (_("Who may know"), paper.person_name),
        (_("Who may tell them"), paper.discloser),
        (_("About"), ", ".join(purposes[grant.purpose][0] for grant in grants)),
        (_("What of it"), _information(paper, language)),
        (_("Until when"), "; ".join(ends)),
        (_("Signed by"), _signer(paper, language)),
        (_("Recorded by your clinic"), moment_in(language, paper.recorded_at, zone)),
    ]
    if any(grant.others for grant in grants):
        elements.append((_("Other families"), _("see you both in a multi-family group")))
    return elements


def _signer(paper: Statement, language: str) -> str:
    _ = catalog(language)
    return _("{name}, {capacity}, on {day}").format(
        name=paper.signer_name,
        capacity=_(CAPACITIES[paper.capacity]),
        day=day_in(language, paper.signed),
    )


def _information(paper: Statement, language: str) -> str:
    named = paper.information.split(",")
    words = information_words(language)
    return ", ".join(words[part] for part in Information if part.value in named)
