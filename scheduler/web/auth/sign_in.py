"""Signing in and out: one page asks for the address, the next for a password (staff) or a mailed
code (the others).

Every page answers the same whoever asks, known or unknown.
"""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from scheduler import audit
from scheduler.consents import may_have_code
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import (
    begin_sign_in,
    end_sign_in,
    has_second_factor,
    is_right,
    people_by_address,
)
from scheduler.people.models import Attempt, Person
from scheduler.web.auth.access import Who, allow, has_proved, home_of, whoami
from scheduler.web.auth.ask_for_code import ask_by_address
from scheduler.web.auth.cookies import drop_sign_in, keep_sign_in, sign_in_secret
from scheduler.web.auth.hostile_requests import is_ours
from scheduler.web.auth.kept_device import forget_here, keep_if_asked
from scheduler.web.auth.known_browser import ASKING, attempt_of, is_known_to, remember_browser
from scheduler.web.auth.picked_language import keep_picked
from scheduler.web.auth.proofs.typed_code import redeem_here
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page

bp = Blueprint("sign_in", __name__)
ANOTHER_CODE = N_("If we know this address, another code is on its way. Only the newest one works.")
HALF = "half"
"""Who gave the right password, in the form's cookie, until the second step."""
NO_MATCH = N_("This address and password do not belong together. Look at both and try again.")
BAD_CODE = N_(
    "This code is not right, is older than ten minutes, or was asked for in another browser. Look "
    "again, or ask for a new one here."
)


@bp.get("/")
@allow(Who.ANYONE)
def front() -> Page:
    """Ask for the address, or lead home whom we know."""
    person = whoami()
    if person is not None and (has_proved() or "next" not in session):
        return redirect(home_of(person), 303)
    return render_template("auth/sign_in.html", address=session.get("address", ""), errors={})


@bp.post("/")
@allow(Who.ANYONE)
def choose() -> Page:
    """Take the address and the way: `password` for staff, `code` for everybody else."""
    address = request.form.get("address", "").strip()[:254]
    way = request.form.get("way")
    if "@" not in address:
        whole = catalog(reader_language()).gettext(
            "Write the whole address, such as name@mail.example."
        )
        errors = {"address": whole}
        return render_template("auth/sign_in.html", address=address, errors=errors), 422
    session["address"] = address
    if way == "password":
        return redirect(url_for("sign_in.password"), 303)
    _send_codes(address)
    return redirect(url_for("sign_in.code"), 303)


@bp.get("/password")
@allow(Who.ANYONE)
def password() -> Page:
    """Ask staff for the password."""
    return _ask("password", {})


@bp.post("/password")
@allow(Who.ANYONE)
def check_password() -> Page:
    """Check it: counted first, hashed with nothing open, and only then anybody is signed in."""
    said = request.form.get("password", "")
    address = _address()
    attempt = _counted(address)
    staff = [person for person in people_by_address(address) if person.clinician]
    person = staff[0] if staff else None
    known = person.clinician.password_hash if person and person.clinician else None
    db.session.commit()
    own = person is not None and is_known_to(person)
    if not is_right(known, said, own=own) or person is None:
        note_failure("password", person)
        return _ask("password", {"password": _in_words(NO_MATCH)})
    if has_second_factor(person):
        session[HALF] = f"{person.id} {now().isoformat()}"
        return redirect(url_for("second_step.page"), 303)
    return complete(person, attempt)


@bp.get("/code")
@allow(Who.ANYONE)
def code() -> Page:
    """Ask for the code that was mailed."""
    return _ask("code", {})


@bp.post("/code")
@allow(Who.ANYONE)
def check_code() -> Page:
    """Check the code of a patient or relative, or mail another one."""
    address = _address()
    if request.form.get("again"):
        _send_codes(address)
        flash(_in_words(ANOTHER_CODE))
        return redirect(url_for("sign_in.code"), 303)
    attempt = _counted(address)
    moment = now()
    people = people_by_address(address)
    person = redeem_here(people, request.form.get("code", ""), now=moment)
    # Asked of whoever typed a right code alone: what a consent costs to look at tells nobody else.
    if person is None or not may_have_code(person, moment):
        note_failure("code", people[0] if people else None)
        return _ask("code", {"code": _in_words(BAD_CODE)})
    return complete(person, attempt)


@bp.post("/sign-out")
@allow(Who.ANYONE)
def leave() -> Page:
    """Sign out, and let a device that stayed known be known no longer; safe to repeat."""
    person = whoami()
    answer = redirect(url_for("sign_in.front"), 303)
    db.session.rollback()
    if person is not None:
        answer = forget_here(answer, person)
    sign_out_here(person, now=now())
    session.clear()
    flash(_in_words(N_("You are signed out.")))
    return drop_sign_in(answer)


def sign_out_here(person: Person | None, *, now: datetime) -> None:
    """End what this browser's cookie says, and write down whose it was. Commits."""
    secret = sign_in_secret()
    if secret:
        end_sign_in(secret, now=now)
        if person is not None:
            audit.append("sign_out", f"person {person.id}", by=person.key, now=now)
        db.session.commit()


def let_in(person: Person, target: str) -> Response:
    """Sign a person in and lead them to `target`; commits, and begins the form cookie anew."""
    return carry_in(redirect(target, 303), person, begin_here(person))


def carry_in(answer: Response, person: Person, secret: str) -> Response:
    """Give the browser of a person who has proved to be themselves all its cookies: signed in,
    tried from before and, if they say so, their own device.
    """
    signed_in = remember_browser(keep_sign_in(answer, secret), person)
    return keep_if_asked(signed_in, person)


def begin_here(person: Person) -> str:
    """Sign a person in with this browser and return the secret for its cookie; a language that was
    just picked here is theirs. Commits, and begins the form cookie anew.
    """
    before = sign_in_secret()
    if before:
        end_sign_in(before, now=now())
    secret = begin_sign_in(person, now=now())
    said = keep_picked(person, now=now())
    db.session.commit()
    session.clear()
    if said:
        flash(said)
    return secret


def complete(person: Person, attempt: Attempt) -> Response:
    """Note that a try went well, and let in whoever made it. Commits."""
    attempt.succeeded = True
    return lead_in(person)


def lead_in(person: Person) -> Response:
    """Sign in whoever has proved everything, and lead them to where they wanted. Commits."""
    wanted = session.get("next", "")
    return let_in(person, wanted if is_ours(wanted) else home_of(person))


def _in_words(message: str) -> str:
    return catalog(reader_language())(message)


def _counted(address: str, what: str = "") -> Attempt:
    attempt = attempt_of(address, what)
    db.session.commit()
    return attempt


def count_step(address: str) -> Attempt:
    """Count a try of the second step. Raises TooMany; commits."""
    return _counted(address, "second step")


def note_failure(proof: str, person: Person | None) -> None:
    """Write down that somebody could not prove to be who they said; known or unknown. Commits."""
    about = f"person {person.id}" if person else "nobody known"
    audit.append("sign_in.failed", about, {"proof": proof}, by="somebody", now=now())
    db.session.commit()


def _send_codes(address: str) -> None:
    _counted(address, ASKING)
    ask_by_address(address, now=now())
    db.session.commit()


def _address() -> str:
    address = session.get("address")
    if not address:
        abort(400)
    return str(address)


def _ask(way: str, errors: dict[str, str]) -> Page:
    """Return the page that asks for password or code; 422 with what was wrong."""
    if not session.get("address"):
        return redirect(url_for("sign_in.front"), 303)
    page = render_template(
        f"auth/{way}.html",
        address=session["address"],
        errors=errors,
    )
    return (page, 422) if errors else page
