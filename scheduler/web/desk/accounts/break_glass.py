"""Reaching beyond one's own patients: the page that asks why."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import break_glass, patient_by_key
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page, sentence

bp = Blueprint("break_glass", __name__, url_prefix="/desk/reason")


@bp.get("/<key>")
@allow(*STAFF)
def ask(key: str) -> Page:
    """Say that this is nobody of theirs, and ask for a reason; no name is told yet."""
    return _form(key, {})


@bp.post("/<key>")
@allow(*STAFF)
def give_reason(key: str) -> Page:
    """Open the patient's page for an hour, write it down and tell the auditor."""
    patient = patient_by_key(key)
    try:
        break_glass(me(), patient, request.form.get("reason", ""), now=now())
    except InputError as error:
        db.session.rollback()
        return _form(key, {"reason": sentence(error)}), 422
    db.session.commit()
    flash(catalog(reader_language()).gettext("Open to you for an hour. The auditor is told."))
    return redirect(url_for("patients.patient", key=key), 303)


def _form(key: str, errors: dict[str, str]) -> str:
    return render_template(
        "desk/accounts/break_glass.html",
        key=key,
        reason=request.form.get("reason", ""),
        errors=errors,
    )
