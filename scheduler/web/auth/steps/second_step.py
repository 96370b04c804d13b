"""The second step of signing in: a code of the telephone, or a recovery code."""

from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import factor_of, is_right_code, passkeys_of, people_by_id
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.auth.sign_in import HALF, complete, count_step, note_failure
from scheduler.web.parts.page import Page

bp = Blueprint("second_step", __name__)
LASTS = timedelta(minutes=10)
BAD = N_(
    "This code is not right, or it was used before. Wait for the next one and try again. If that "
    "is refused, too, the clock of your telephone may be wrong: let it set the time by itself."
)


@bp.get("/second-step")
@allow(Who.ANYONE)
def page() -> Page:
    """Ask for the code."""
    person = _halfway()
    if person is None:
        return redirect(url_for("sign_in.front"), 303)
    return _asked(person, {})


@bp.post("/second-step")
@allow(Who.ANYONE)
def check() -> Page:
    """Check it: counted first, taken once, and only then anybody is signed in."""
    person = _halfway()
    if person is None:
        return redirect(url_for("sign_in.front"), 303)
    attempt = count_step(person.email)
    if not is_right_code(person, request.form.get("code", "")[:32], now=now()):
        db.session.rollback()
        note_failure("second factor", person)
        errors = {"code": catalog(reader_language())(BAD)}
        return _asked(person, errors), 422
    return complete(person, attempt)


def _asked(person: Person, errors: dict[str, str]) -> str:
    """Return the page that asks for what this person has: telephone, passkey or either."""
    return render_template(
        "auth/second_step.html",
        has_code=factor_of(person) is not None,
        has_passkey=bool(passkeys_of(person)),
        errors=errors,
    )


def _halfway() -> Person | None:
    """Return who gave the right password with this browser within ten minutes."""
    person_id, _, at = str(session.get(HALF, "")).partition(" ")
    if not at or now() - datetime.fromisoformat(at) > LASTS:
        return None
    person = people_by_id([person_id]).get(person_id)
    if person is None or person.clinician is None or person.clinician.ended_at is not None:
        return None
    return person
