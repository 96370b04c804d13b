"""A patient lets somebody know: chooses, reads, sees the very letter that would go out, signs, and
gets a copy.
"""

import re
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler.consents import (
    NEWEST,
    Signature,
    give,
    is_name_of,
    purpose_words,
    signers_on,
    stay_of,
)
from scheduler.consents.model.models import Ending, Grant, Method, Signer, Statement
from scheduler.i18n import catalog
from scheduler.invitations import announce, invitations_of, note_copy
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.outbox.models import Letter
from scheduler.people import count_attempt, practice, redeem
from scheduler.people.models import Person, Relative
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.code_letter import mail_codes
from scheduler.web.auth.reader_language import language_of, reader_language
from scheduler.web.auth.sign_in import BAD_CODE
from scheduler.web.family.disclosure_log import carried_to, start_fresh_transaction
from scheduler.web.family.invitation import dates_of, disclosed
from scheduler.web.parts.family_times import day_in
from scheduler.web.portal.consent_form import Choice, chosen, planned_words

bp = Blueprint("consent_give", __name__, url_prefix="/mine")
Page = str | tuple[str, int] | Response
SHOWN = 3
"""Letters of a preview that are shown whole."""


@bp.get("/let")
@allow(Who.PATIENT)
def people() -> Page:
    """Ask who."""
    signed = (
        select(Statement)
        .where(Statement.patient_id == me().id)
        .order_by(Statement.recorded_at.desc())
    )
    language = reader_language()
    papers = [(one, day_in(language, one.signed)) for one in db.session.scalars(signed)]
    return render_template(
        "portal/consent_people.html", family=_family(me()), papers=papers, language=language
    )


@bp.get("/let/<key>")
@allow(Who.PATIENT)
def choose(key: str) -> Page:
    """Ask what they may know and until when."""
    patient = me()
    return _form(patient, _relative(key, patient), Choice(language_of(patient), (), None, None), {})


@bp.post("/let/<key>")
@allow(Who.PATIENT)
def preview(key: str) -> Page:
    """Show the statement, the real letters and the pages behind them: made as they would be, read,
    and undone.
    """
    patient, choice = me(), chosen(me())
    person = _relative(key, patient)
    problems = choice.problems(person, _today())
    if problems or request.form.get("change"):
        return _form(patient, person, choice, {} if request.form.get("change") else problems)
    try:
        shown = _shown_if(patient, person, choice)
    except InputError as error:
        return _form(patient, person, choice, {"purpose": str(error)})
    return render_template("portal/consent_read.html", **_about(patient, person, choice), **shown)


@bp.post("/let/<key>/code")
@allow(Who.PATIENT)
def send_code(key: str) -> Page:
    """Mail the patient a code, and ask for name and code."""
    patient, choice = me(), chosen(me())
    person = _relative(key, patient)
    if choice.problems(person, _today()):
        return _form(patient, person, choice, choice.problems(person, _today()))
    count_attempt(f"code for {patient.id}", request.remote_addr or "", now=now())
    mail_codes([patient], now=now())
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
    patient, choice, moment = me(), chosen(me()), now()
    person = _relative(key, patient)
    if Signer.PATIENT not in signers_on(patient, _today()):
        abort(403)
    _, name = catalog(choice.language), " ".join(request.form.get("name", "").split())
    errors = choice.problems(person, _today())
    if not is_name_of(name, patient.name):
        errors["name"] = _("Type your name as it stands above: {patient}.").format(
            patient=patient.name
        )
    if not errors and not _is_their_code(patient):
        errors["code"] = _(BAD_CODE)
    if errors:
        said = {"errors": errors, "name": name}
        return render_template(
            "portal/consent_sign.html", **_about(patient, person, choice), **said
        ), 422
    start_fresh_transaction()
    grants = _give(patient, person, choice, name)
    statement = _statement_of(grants, patient, person, choice)
    note_copy(patient, statement, now=moment)
    db.session.commit()
    flash(_("Signed. This is your copy."))
    return redirect(
        url_for("signed_papers.copy", key=statement, lang=request.form.get("lang")), 303
    )


def _is_their_code(patient: Person) -> bool:
    attempt = count_attempt(f"signature of {patient.id}", request.remote_addr or "", now=now())
    db.session.commit()
    right = redeem([patient], request.form.get("code", ""), now=now()) is not None
    attempt.succeeded = right
    db.session.commit()
    return right


def _give(patient: Person, person: Person, choice: Choice, name: str) -> list[Grant]:
    moment = now()
    signature = Signature(
        method=Method.TYPED,
        name=name,
        proof="one-time code mailed to the patient's own address",
        wording=NEWEST,
        language=choice.language,
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


def _statement_of(grants: list[Grant], patient: Person, person: Person, choice: Choice) -> str:
    """Return the paper just signed; all stood already in the same words: the one they stand on."""
    if grants:
        return grants[0].statement
    same = select(Grant.statement).where(
        Grant.patient_id == patient.id,
        Grant.person_id == person.id,
        Grant.purpose == choice.purposes[0],
        Grant.revoked_at.is_(None),
    )
    return db.session.scalars(same.order_by(Grant.given_at.desc())).first() or abort(409)


def _shown_if(patient: Person, person: Person, choice: Choice) -> dict[str, list[Any]]:
    """Return the letters that would leave at once and the pages they lead to, made for real and
    undone unseen.
    """
    start_fresh_transaction()
    try:
        _give(patient, person, choice, patient.name)
        told = announce(by=patient.key, now=now(), people={person.id})
        ids = [each.letter_id for each in told if each.letter_id][:SHOWN]
        rows = list(db.session.scalars(select(Letter.mime).where(Letter.id.in_(ids))))
        return {
            "letters": [_read(mime) for mime in rows],
            "pages": _pages(person, {each.uid for each in told}),
        }
    finally:
        db.session.rollback()


def _pages(person: Person, uids: set[str]) -> list[Markup]:
    """Return what the pages of these invitations would tell, by the code that tells it (42 CFR 2.32
    and all).
    """
    rows = [
        (row, dates_of(row, person, now())) for row in invitations_of(person.id) if row.uid in uids
    ]
    shown = [disclosed(row, dates, carried_to) for row, dates in rows if dates][:SHOWN]
    language = language_of(person)
    return [
        Markup(render_template("family/preview.html", language=language, **page))  # noqa: S704 - a template's
        for page in shown
    ]


def _read(mime: bytes) -> dict[str, str]:
    message = message_from_bytes(mime, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    # The secret of the reader's own page is for them alone.
    text = re.sub(r"/i/[\w-]{20,}", "/i/…", str(body.get_content()).strip() if body else "")
    return {"from": str(message["From"]), "subject": str(message["Subject"]), "text": text}


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
    )
    return (page, 422) if errors else page


def _about(patient: Person, person: Person, choice: Choice) -> dict[str, object]:
    stated = (
        choice.lines(patient, person)
        if choice.purposes and (choice.expires or choice.ending)
        else []
    )
    return {
        "patient": patient,
        "person": person,
        "choice": choice,
        "language": choice.language,
        "fields": choice.fields(),
        "lines": stated,
        **_end_of_program(patient, choice),
    }


def _end_of_program(patient: Person, choice: Choice) -> dict[str, str]:
    """Return the choice of an event with its day, and the sentence beside what is signed: the
    event, not the day, is.
    """
    _ = catalog(choice.language)
    stay = stay_of(patient.id)
    until = _("Until my program ends")
    last = stay.program_end if stay else None
    planned = ""
    if last and choice.ending is Ending.PROGRAM_END:
        said = _("As planned today, your program ends on {day}.")
        planned = said.format(day=day_in(choice.language, last))
    return {"program_end": planned_words(choice.language, until, last), "planned": planned}


def _family(patient: Person) -> list[Person]:
    rows = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == patient.id)
    )
    return list(db.session.scalars(rows.order_by(Person.name)).unique())


def _relative(key: str, patient: Person) -> Person:
    return next((one for one in _family(patient) if one.key == key), None) or abort(404)


def _today() -> date:
    return now().astimezone(ZoneInfo(practice().zone)).date()
