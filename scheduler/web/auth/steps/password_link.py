"""Choosing a password behind a link of one's own: invited, or the old one forgotten; whoever has a
second factor shows that, too.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import factor_of, is_right_code, password_link_of, use_password_link
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.auth.sign_in import count_step, note_failure
from scheduler.web.auth.steps.second_step import BAD
from scheduler.web.parts.page import Page, sentence

bp = Blueprint("password_link", __name__, url_prefix="/password")
NOT_THE_SAME = N_("The two passwords are not the same.")


@bp.get("/<token>")
@allow(Who.TOKEN)
def page(token: str) -> Page:
    """Ask for a new password."""
    person = password_link_of(token, now=now())
    if person is None:
        abort(404)
    return _form({}, person)


@bp.post("/<token>")
@allow(Who.TOKEN)
def choose(token: str) -> Page:
    """Set it; the link is spent, and signing in is as always."""
    person = password_link_of(token, now=now())
    if person is None:
        abort(404)
    said = request.form.get("password", "")
    words = catalog(reader_language())
    if said != request.form.get("again"):
        return _form({"again": words(NOT_THE_SAME)}, person), 422
    has_factor = factor_of(person) is not None
    attempt = count_step(person.email) if has_factor else None
    try:
        if has_factor and not is_right_code(person, request.form.get("code", "")[:32], now=now()):
            db.session.rollback()
            note_failure("second factor", person)
            return _form({"code": words(BAD)}, person), 422
        use_password_link(token, said, now=now())
    except InputError as error:
        db.session.rollback()
        return _form({"password": sentence(error)}, person), 422
    if attempt is not None:
        attempt.succeeded = True
    db.session.commit()
    flash(words.gettext("Your password is set. Sign in with it."))
    return redirect(url_for("sign_in.front"), 303)


def _form(errors: dict[str, str], person: Person) -> str:
    has_factor = factor_of(person) is not None
    return render_template("auth/password_link.html", errors=errors, has_factor=has_factor)
