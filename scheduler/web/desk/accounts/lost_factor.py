"""A colleague's telephone is lost: anybody of staff asks, an administrator confirms."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import (
    ask_factor_reset,
    confirm_factor_reset,
    person_by_key,
    staff_members,
)
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page, sentence

bp = Blueprint("lost_factor", __name__, url_prefix="/desk/lost-factor")


@bp.get("")
@allow(*STAFF)
def page() -> Page:
    """Say how a lost telephone is mended, and ask whose it is."""
    return _page({})


@bp.post("")
@allow(*STAFF)
def ask() -> Page:
    """Ask for a colleague; an administrator who did not ask confirms within a day."""
    person = person_by_key(request.form.get("person", ""))
    try:
        ask_factor_reset(person, me(), now=now())
    except InputError as error:
        db.session.rollback()
        return _page({"person": sentence(error)}), 422
    db.session.commit()
    flash(catalog(reader_language()).gettext("Asked. An administrator confirms within a day."))
    return redirect(url_for("lost_factor.page"), 303)


@bp.post("/<key>")
@allow(*STAFF)
def confirm(key: str) -> Page:
    """Take the lost second factor away."""
    person = person_by_key(key)
    try:
        confirm_factor_reset(person, me(), now=now())
    except InputError as error:
        db.session.rollback()
        return _page({"person": sentence(error)}), 422
    db.session.commit()
    flash(catalog(reader_language()).gettext("They set up a new one when they sign in."))
    return redirect(url_for("staff_accounts.overview"), 303)


def _page(errors: dict[str, str]) -> str:
    here = me().id
    colleagues = []
    for person in staff_members():
        if person.id != here and person.clinician and person.clinician.ended_at is None:
            colleagues.append((person.key, person.name))
    return render_template("desk/accounts/lost_factor.html", colleagues=colleagues, errors=errors)
