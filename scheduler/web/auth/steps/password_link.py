"""Choosing a password behind a link of one's own: invited, or the old one forgotten."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import password_link_of, use_password_link
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page, sentence

bp = Blueprint("password_link", __name__, url_prefix="/password")
NOT_THE_SAME = N_("The two passwords are not the same.")


@bp.get("/<token>")
@allow(Who.TOKEN)
def page(token: str) -> Page:
    """Ask for a new password."""
    if password_link_of(token, now=now()) is None:
        abort(404)
    return _form({})


@bp.post("/<token>")
@allow(Who.TOKEN)
def choose(token: str) -> Page:
    """Set it; the link is spent, and signing in is as always."""
    said = request.form.get("password", "")
    if said != request.form.get("again"):
        return _form({"again": catalog(reader_language())(NOT_THE_SAME)}), 422
    try:
        person = use_password_link(token, said, now=now())
    except InputError as error:
        db.session.rollback()
        return _form({"password": sentence(error)}), 422
    if person is None:
        abort(404)
    db.session.commit()
    flash(catalog(reader_language()).gettext("Your password is set. Sign in with it."))
    return redirect(url_for("sign_in.front"), 303)


def _form(errors: dict[str, str]) -> str:
    return render_template("auth/password_link.html", errors=errors)
