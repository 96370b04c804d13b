"""Changing one's own password; everywhere else one is signed out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import is_right, set_password
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.known_browser import attempt_of
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.auth.sign_in import begin_here, carry_in, note_failure
from scheduler.web.parts.page import Page, sentence

bp = Blueprint("own_password", __name__, url_prefix="/desk/password")
NOT_THE_ONE = N_("This is not your password.")
NOT_THE_SAME = N_("The two passwords are not the same.")


@bp.get("")
@allow(*STAFF)
def page() -> Page:
    """Ask for the password that is, and twice for the one that shall be."""
    return _form({})


@bp.post("")
@allow(*STAFF)
def change() -> Page:
    """Change it; this browser stays signed in, all others do not."""
    person = me()
    account = person.clinician
    known = account.password_hash if account else None
    db.session.rollback()
    attempt = attempt_of(person.email, "own password")
    db.session.commit()
    if not is_right(
        known,
        request.form.get("current", ""),
        own=True,
    ):
        note_failure("own password", person)
        return _refused("current", catalog(reader_language())(NOT_THE_ONE))
    said = request.form.get("password", "")
    if said != request.form.get("again"):
        return _refused("again", catalog(reader_language())(NOT_THE_SAME))
    try:
        set_password(
            person,
            said,
            by=person.key,
            now=now(),
        )
    except InputError as error:
        return _refused("password", sentence(error))
    attempt.succeeded = True
    secret = begin_here(person)
    flash(catalog(reader_language()).gettext("Your password is changed."))
    return carry_in(
        redirect(url_for("where_signed_in.page"), 303),
        person,
        secret,
    )


def _refused(field: str, words: str) -> Page:
    db.session.rollback()
    return _form({field: words}), 422


def _form(errors: dict[str, str]) -> str:
    return render_template("desk/accounts/own_password.html", errors=errors)
