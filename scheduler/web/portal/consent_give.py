"""A patient lets somebody know: chooses, reads, sees the very letter that would go out, signs, and
gets a copy.
"""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler.admissions import family_of
from scheduler.consents import (
    NEWEST,
    Signature,
    give,
    is_name_of,
    newest_paper_of,
    papers_of,
    purpose_words,
    signers_on,
    stay_of,
)
from scheduler.consents.model.models import Ending, Grant, Method, Signer
from scheduler.i18n import N_, catalog
from scheduler.invitations import note_copy
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import (
    agree_sender,
    agreed_words,
    practice,
    relatives_of,
    sender_name,
)
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow, me, refuse
from scheduler.web.auth.ask_for_code import ask_for_person
from scheduler.web.auth.known_browser import ASKING, attempt_of
from scheduler.web.auth.proofs.typed_code import redeem_here
from scheduler.web.auth.reader_language import language_of, reader_language
from scheduler.web.auth.sign_in import BAD_CODE
from scheduler.web.family.disclosure_log import start_fresh_transaction
from scheduler.web.parts.family_times import day_in
from scheduler.web.parts.page import Page, previewed
from scheduler.web.portal.consent_form import Choice, chosen, ending_between, planned_words
from scheduler.web.portal.consent_preview import rehearsed_page

bp = Blueprint("consent_give", __name__, url_prefix="/mine")
NOT_ALONE = N_(
    "You cannot sign this alone. Talk with your clinic: they know who must sign with you."
)


@bp.get("/let")
@allow(Who.PATIENT)
def people() -> Page:
    """Ask who."""
    patient = me()
    language = reader_language()
    papers = [(paper, day_in(language, paper.signed)) for paper in papers_of(patient)]
    return render_template(
        "portal/consent_people.html",
        family=family_of(patient),
        papers=papers,
        language=language,
    )


@bp.get("/let/<key>")
@allow(Who.PATIENT)
def choose(key: str) -> Page:
    """Ask what they may know and until when."""
    patient = me()
    person = _relative(key, patient)
    agreed = person.relative.letters_from if person.relative is not None else None
    nothing = Choice(language_of(patient), (), None, None, agreed)
    return _form(patient, person, nothing, {})


@bp.post("/let/<key>")
@allow(Who.PATIENT)
def preview(key: str) -> Page:
    """Show the statement, the real letters and the pages behind them: made as they would be, read,
    and undone.
    """
    patient = me()
    choice = chosen(patient)
    person = _relative(key, patient)
    if request.form.get("change"):
        return _form(patient, person, choice, {})
    problems = choice.problems(person, _today())
    if problems:
        return _form(patient, person, choice, problems)
    try:
        with previewed():
            shown = rehearsed_page(
                lambda: _give(patient, person, choice, patient.name),
                person,
                patient,
                sender=_sender(person, choice),
            )
    except InputError:
        said = catalog(choice.language)(NOT_ALONE)
        return _form(patient, person, choice, {"purpose": said})
    return render_template("portal/consent_read.html", **_about(patient, person, choice), **shown)


@bp.post("/let/<key>/code")
@allow(Who.PATIENT)
def send_code(key: str) -> Page:
    """Mail the patient a code, and ask for name and code."""
    patient = me()
    choice = chosen(patient)
    person = _relative(key, patient)
    problems = choice.problems(person, _today())
    if problems:
        return _form(patient, person, choice, problems)
    attempt_of(patient.id, ASKING)
    ask_for_person(patient, now=now())
    db.session.commit()
    return render_template(
        "portal/consent_sign.html", **_about(patient, person, choice), errors={}, name=""
    )


@bp.post("/let/<key>/sign")
@allow(Who.PATIENT)
def sign(key: str) -> Page:
    """Take the signature: the name typed and the code; then the consent stands and the copy is
    there.
    """
    patient = me()
    moment = now()
    choice = chosen(patient)
    person = _relative(key, patient)
    if Signer.PATIENT not in signers_on(patient, _today()):
        refuse(patient)
    name = " ".join(request.form.get("name", "").split())
    errors = _problems_of_signing(patient, person, choice, name)
    if errors:
        about = _about(patient, person, choice)
        page = render_template("portal/consent_sign.html", **about, errors=errors, name=name)
        return page, 422
    start_fresh_transaction()
    grants = _give(patient, person, choice, name)
    statement = _statement_of(grants, patient, person, choice)
    note_copy(patient, statement, now=moment)
    db.session.commit()
    _ = catalog(choice.language)
    flash(_("Signed. This is your copy."))
    return redirect(
        url_for("signed_papers.copy", key=statement, lang=request.form.get("lang")), 303
    )


def _problems_of_signing(
    patient: Person, person: Person, choice: Choice, name: str
) -> dict[str, str]:
    """Return what is wrong with a signature, by field; the code is used up only by a good one."""
    _ = catalog(choice.language)
    errors = choice.problems(person, _today())
    if not is_name_of(name, patient.name):
        asked = _("Type your name as it stands above: {patient}.")
        errors["name"] = asked.format(patient=patient.name)
    if not errors and not _is_their_code(patient):
        errors["code"] = _(BAD_CODE)
    return errors


def _is_their_code(patient: Person) -> bool:
    attempt = attempt_of(patient.id, "signature of")
    db.session.commit()
    signer = redeem_here([patient], request.form.get("code", ""), now=now())
    attempt.succeeded = signer is not None
    db.session.commit()
    return signer is not None


def _give(patient: Person, person: Person, choice: Choice, name: str) -> list[Grant]:
    moment = now()
    if choice.letters_from is not None:
        agree_sender(person, choice.letters_from, by=patient.key, now=moment)
    signature = Signature(
        method=Method.TYPED,
        name=name,
        proof="one-time code mailed to the patient's own address",
        wording=NEWEST,
        language=choice.signed_in,
        copy_given_at=moment,
    )
    return give(
        person=person,
        patient=patient,
        purposes=choice.purposes,
        signed=_today(),
        expires=choice.expires,
        expires_on=choice.ending,
        signed_by=Signer.PATIENT,
        others=choice.others,
        signature=signature,
        by=patient.key,
        now=moment,
    )


def _sender(person: Person, choice: Choice) -> str:
    """Return the name that letters would come under."""
    if choice.letters_from is None:
        return sender_name(person)
    return agreed_words(choice.letters_from, person) or practice().outward_name


def _statement_of(grants: list[Grant], patient: Person, person: Person, choice: Choice) -> str:
    """Return the paper just signed; all stood already in the same words: the one they stand on."""
    if grants:
        return grants[0].statement
    return newest_paper_of(patient, person, choice.purposes[0]) or abort(409)


def _form(patient: Person, person: Person, choice: Choice, errors: dict[str, str]) -> Page:
    if Signer.PATIENT not in signers_on(patient, _today()):
        return render_template(
            "portal/consent_not_given.html",
            person=person,
            language=choice.language,
        )
    about = _about(patient, person, choice)
    page = render_template(
        "portal/consent_choose.html",
        **about,
        errors=errors,
        purposes=purpose_words(choice.language),
        ending=ending_between(_today()),
    )
    return (page, 422) if errors else page


def _about(patient: Person, person: Person, choice: Choice) -> dict[str, object]:
    is_whole = choice.purposes and (choice.expires or choice.ending)
    return {
        "patient": patient,
        "person": person,
        "choice": choice,
        "language": choice.language,
        "fields": choice.fields(),
        "usual": practice().outward_name,
        "lines": choice.lines(patient, person) if is_whole else [],
        **_end_of_program(patient, choice),
    }


def _end_of_program(patient: Person, choice: Choice) -> dict[str, str]:
    """Return the choice of an event with its day, and the sentence beside what is signed: the
    event, not the day, is.
    """
    _ = catalog(choice.language)
    stay = stay_of(patient.id, _today())
    until = _("Until my program ends")
    last = stay.program_end if stay else None
    planned = ""
    if last and choice.ending is Ending.PROGRAM_END:
        said = _("As planned today, your program ends on {day}.")
        planned = said.format(day=day_in(choice.language, last))
    return {"program_end": planned_words(choice.language, until, last), "planned": planned}


def _relative(key: str, patient: Person) -> Person:
    relatives = {relative.key: relative for relative in relatives_of(patient)}
    return relatives.get(key) or abort(404)


def _today() -> date:
    return practice().day_at(now())
