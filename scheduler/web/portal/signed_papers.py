"""Signed papers: the patient's own copies, for reading and printing, and paper that staff
record.
"""

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler import consents
from scheduler.consents import (
    Blanks,
    Information,
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
from scheduler.web.auth.access import STAFF, Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import day_in, moment_in
from scheduler.web.parts.form_fields import BadDay
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import day_words
from scheduler.web.portal.consent_form import end_words, until_words
from scheduler.web.portal.paper_form import TypedPaper, give_typed, lacking, too_old, typed_paper
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

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
LAST_DAY = N_("The last day that it names, below")
SIGNERS = {
    Signer.PATIENT: N_("The patient"),
    Signer.GUARDIAN: N_("A guardian or parent"),
    Signer.PROXY: N_("A health care proxy"),
    Signer.BOTH: N_("Patient and parent, both"),
}


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
    """Record it once its letters were seen; what it lacks is said, and nothing is written."""
    patient = patient_by_key(key)
    _ = catalog(reader_language())
    if request.form.get("change"):
        return _form(patient, {})
    try:
        paper = typed_paper(patient)
    except BadDay as error:
        return _form(patient, {error.field: str(error)}), 422
    errors = lacking(paper)
    if not errors:
        errors = too_old(paper, patient)
    if errors:
        return _form(patient, errors), 422
    person = paper.person
    name = person.name if person else ""
    try:
        ahead = _record_on_sight(paper, patient)
    except (InputError, ValueError) as error:
        db.session.rollback()
        refused = _("Not recorded: {reason}.").format(reason=error)
        return _form(patient_by_key(key), {"person": refused}), 422
    if not ahead.is_done:
        return ahead_page(
            ahead,
            title=_("What this paper does"),
            what=_what(paper, name),
            deed=_("Record this paper"),
            back=url_for("patients.patient", key=key),
        )
    flash(_said_of(person))
    return redirect(url_for("patients.patient", key=key), 303)


def _said_of(person: Person | None) -> str:
    """Return what is said once a paper is recorded, with what comes next."""
    _ = catalog(reader_language())
    if person is None:
        return _("Recorded.")
    said = _("Recorded. {name} may know this from the day it was signed.")
    house = ZoneInfo(practice().zone)
    own = person.relative
    if own is not None and not own.is_ready(now().astimezone(house).date()):
        said = _(
            "Recorded. Next: a clinician talks with {name}, then says here that they are ready. "
            "Until then nothing is sent to them."
        )
    return said.format(name=person.name)


def _record_on_sight(paper: TypedPaper, patient: Person) -> Ahead:
    concerned = {patient.id, *(relative.id for relative in relatives_of(patient))}
    return act_on_sight(
        lambda: give_typed(paper, patient),
        concerned,
        by=me().key,
        now=now(),
    )


def _what(paper: TypedPaper, name: str) -> list[str]:
    """Return in sentences what a paper says."""
    _ = catalog(reader_language())
    words = [kind_in(reader_language(), kind) for kind in paper.purposes]
    said = _("{name} may know of: {what}.").format(name=name, what=", ".join(words))
    if paper.ending:
        return [said, _(ENDINGS[paper.ending]) + "."]
    last = paper.expires
    if last is None:
        return [said]
    day = f"{day_words(last)} {last.year}"
    return [said, _("Until {day}.").format(day=day)]


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
