"""Who may sign for a patient, for staff: whose authority is recorded, what was found, and what
follows today.
"""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler import consents, feeds
from scheduler.consents.model.models import Authority, Circumstance, Licence, Signer
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import patient_by_key, practice
from scheduler.people.models import Person
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.parts.form_fields import date_field, enum_field
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import day_words

bp = Blueprint("signing", __name__, url_prefix="/desk/patients")
SIGNERS = {
    Signer.PATIENT: "the patient",
    Signer.GUARDIAN: "a parent or guardian",
    Signer.PROXY: "the health care proxy",
    Signer.BOTH: "the patient and a parent, together",
}
LICENCES = {
    Licence.UNSAID: "not said yet: who signed is taken from the paper",
    Licence.SUBSTANCE_USE: "substance use, where a parent must consent",
    Licence.MINOR_ALONE: "substance use, where a minor may consent alone",
    Licence.MENTAL_HEALTH: "mental health",
}
FOUND = {
    Circumstance.DEPENDENCE_FOUND: "Two physicians found this minor drug dependent",
    Circumstance.MAINTENANCE: "In methadone maintenance",
    Circumstance.EMANCIPATED: "May consent alone: married, a parent, armed forces, pregnant, "
    "lives apart",
    Circumstance.MATURE: "Found mature enough to decide",
    Circumstance.APPLIED_ALONE: "Admitted on their own application, from 16",
    Circumstance.ADJUDICATED: "A court found this adult incapable",
    Circumstance.INCAPABLE: "A physician’s written determination invokes the health care proxy",
    Circumstance.OBJECTED: "The patient objects to the proxy",
    Circumstance.STATE_CUSTODY: "In the state’s custody: its department signs, no parent",
    Circumstance.SHARED_CUSTODY: "Parents living apart share legal custody: both sign",
}


@bp.get("/<key>/signing")
@allow(*STAFF)
def overview(key: str) -> Page:
    """Show who may sign today, and why."""
    return _page(patient_by_key(key), {})


@bp.post("/<key>/authority")
@allow(*STAFF)
def authority(key: str) -> Page:
    """Record somebody's right to sign."""
    patient = patient_by_key(key)
    first = date_field("first")
    last = date_field("last")
    capacity = Signer.PROXY if request.form.get("capacity") == "proxy" else Signer.GUARDIAN
    said = {name: request.form.get(name, "") for name in ("name", "evidence")}
    try:
        if first is None:
            raise InputError("give the first day it counts")
        consents.record_authority(
            patient=patient,
            capacity=capacity,
            first=first,
            last=last,
            by=me().key,
            now=now(),
            **said,
        )
    except InputError as error:
        return _refused(key, "name", error)
    return _done(key, "Recorded. A paper can be recorded under this authority now.")


@bp.post("/<key>/authority/end")
@allow(*STAFF)
def end(key: str) -> Page:
    """End an authority for good, and every consent that rests on it."""
    row = db.session.get(Authority, request.form.get("authority", ""))
    if row is None or row.patient_id != patient_by_key(key).id:
        abort(404)
    try:
        ended = consents.end_authority(row, by=me().key, now=now())
    except InputError as error:
        return _refused(key, "name", error)
    return _done(key, f"Ended, with {ended} consent{'' if ended == 1 else 's'} that stood on it.")


@bp.post("/<key>/finding")
@allow(*STAFF)
def finding(key: str) -> Page:
    """Record what changes who may sign."""
    patient = patient_by_key(key)
    first = date_field("since")
    last = date_field("until")
    circumstance = enum_field("circumstance", Circumstance)
    try:
        if circumstance not in FOUND or first is None:
            raise InputError("choose what was found, and give the first day it counts")
        ended = consents.record_finding(
            patient=patient,
            circumstance=circumstance,
            first=first,
            last=last,
            evidence=request.form.get("ground", ""),
            by=me().key,
            now=now(),
        )
    except InputError as error:
        return _refused(key, "ground", error)
    return _done(key, f"Recorded. {ended} consents ended with it." if ended else "Recorded.")


def _page(patient: Person, errors: dict[str, str]) -> str:
    today = now().astimezone(ZoneInfo(practice().zone)).date()
    allowed = consents.signers_on(patient, today)
    may_sign = [words for signer, words in SIGNERS.items() if signer in allowed]
    return render_template(
        "desk/signing.html",
        person=patient,
        errors=errors,
        said=request.form,
        may=" or ".join(may_sign),
        parents=consents.parents_of(patient, today),
        licence=LICENCES[consents.licence_of(patient.id)],
        signers=SIGNERS,
        found=FOUND,
        authorities=[
            (authority, _days(authority.first, authority.last))
            for authority in consents.authorities_of(patient.id)
        ],
        findings=[
            (FOUND[finding.circumstance], finding.evidence, _days(finding.first, finding.last))
            for finding in consents.findings_of(patient.id)
        ],
    )


def _refused(key: str, field: str, error: InputError) -> Page:
    db.session.rollback()
    return _page(patient_by_key(key), {field: f"Not recorded: {error}."}), 422


def _done(key: str, words: str) -> Page:
    """Let letters and feeds follow, keep it, and say so."""
    announce(by=me().key, now=now())
    feeds.refresh(now=now())
    db.session.commit()
    flash(words)
    return redirect(url_for("signing.overview", key=key), 303)


def _days(first: date, last: date | None) -> str:
    begin = f"{day_words(first)} {first.year}"
    return f"{begin} to {day_words(last)} {last.year}" if last else f"from {begin}"
