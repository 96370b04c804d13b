"""Signing in with a passkey: device and finger, face or number are both factors in one step.

It needs a script in the browser; the page says what to do without one.
"""

from flask import Blueprint, redirect, render_template, request, url_for

from scheduler.consents import may_have_code
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import Door, PasskeyRefused, note_right_code, use_passkey
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.known_browser import attempt_of
from scheduler.web.auth.proofs.passkey_site import asks_to_use, door_to, note_refused
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.auth.sign_in import lead_in
from scheduler.web.parts.page import Page

bp = Blueprint("passkey_step", __name__, url_prefix="/passkey")
FIELD = "credential"
"""The field in which the script brings what the device said."""
PURPOSE = "sign in"
NOT_TAKEN = N_(
    "This passkey was not taken: it is not known here, or it was shown too late. Try again, or "
    "sign in without it."
)


@bp.get("")
@allow(Who.ANYONE)
def page() -> Page:
    """Ask the device, and say how to sign in without one."""
    door = door_to(PURPOSE)
    if door is None:
        return redirect(url_for("sign_in.front"), 303)
    return _page(door, {})


@bp.post("")
@allow(Who.ANYONE)
def check() -> Page:
    """Sign in whose passkey it is. A right one is never slowed down: nobody can guess it; wrong
    ones are counted and written down.
    """
    door = door_to(PURPOSE)
    if door is None:
        return redirect(url_for("sign_in.front"), 303)
    try:
        person = _shown(door)
    except PasskeyRefused as refused:
        db.session.rollback()
        attempt_of(request.form.get(FIELD, "")[:64], "passkey")
        db.session.commit()
        note_refused(str(refused), refused.person_id)
        return _page(door, {FIELD: catalog(reader_language())(NOT_TAKEN)}), 422
    note_right_code(person)
    db.session.commit()
    return lead_in(person)


def _shown(door: Door) -> Person:
    """Return whose passkey was shown. Raises PasskeyRefused."""
    moment = now()
    person = use_passkey(request.form.get(FIELD, ""), door, now=moment)
    if person.clinician is None and not may_have_code(person, moment):
        refused = PasskeyRefused("nothing is shared with them now")
        refused.person_id = person.id
        raise refused
    return person


def _page(door: Door, errors: dict[str, str]) -> str:
    return render_template("auth/passkey.html", options=asks_to_use(door), errors=errors)
