"""Proving anew who is here, before a deed that a borrowed browser must not do.

The page that asks carries on what was typed: whoever proves goes on where they were.
"""

from collections.abc import Mapping
from typing import Any

from flask import current_app, render_template, request
from werkzeug.wrappers import Response

from scheduler import audit
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.people import (
    factor_of,
    has_proved_lately,
    is_right,
    is_right_code,
    note_proof,
    person_by_key,
)
from scheduler.people.models import Person
from scheduler.web.auth.access import me
from scheduler.web.auth.cookies import renew_sign_in, sign_in_secret
from scheduler.web.auth.known_browser import attempt_of
from scheduler.web.auth.reader_language import reader_language

NEEDS_PROOF = frozenset(
    {
        "disclosures.to_print",
        "keep_out.lift",
        "letters.release",
        "lost_factor.ask",
        "lost_factor.confirm",
        "second_factor.confirm",
        "staff_accounts.cover_somebody",
        "staff_accounts.deactivate_account",
        "staff_accounts.invite_somebody",
        "staff_accounts.end_for_a_time",
        "staff_accounts.give_for_a_time",
        "staff_accounts.make_link",
        "staff_accounts.set_grace",
        "staff_accounts.set_roles",
        "staff_accounts.sign_out_somebody",
        "staff_passkeys.add",
        "staff_passkeys.begin",
        "staff_passkeys.end",
        "webhook_desk.end",
        "webhook_desk.make",
        "where_signed_in.end",
    }
)
"""Forms of which the sender has proved who they are within five minutes: roles and accounts, own
passkeys, the print of a record, letters released, a barrier lifted, a second factor, sign-ins
ended. Export and restore are commands.
"""
WHOSE_ADDRESS = {"contact_details.change": "person_key", "setup_pages.change": "key"}
"""Forms that need it where they change the address that codes and links are mailed to, or a
colleague's roles, with what in their route names the person.
"""
STAFF_KIND = "staff"
"""What the setup pages call colleagues: whoever adds one gives roles, and needs it, too."""
PROOF = "proof"
"""The field in which the page that asks brings a password or a code of the telephone."""
NOT_CARRIED = frozenset({"csrf_token", "opened", PROOF})
LONGEST = 128
WRONG = N_("This is neither your password nor a new code of your telephone. Try again.")


def ask_for_proof() -> Response | None:
    """Return the page that asks for password or code where this request needs either; None where
    it needs none, or brought it. Raises TooMany and Busy; commits what was tried.

    It comes after the guard, which has let pass whom the route is for.
    """
    if request.method != "POST" or not _is_delicate():
        return None
    staff = me()
    secret = sign_in_secret() or ""
    if has_proved_lately(secret, now=now()):
        return None
    said = request.form.get(PROOF, "")[:LONGEST]
    if not said:
        return _page({})
    if _is_proof(staff, said):
        fresh = note_proof(secret, now=now())
        db.session.commit()
        renew_sign_in(fresh)
        return None
    details = {"proof": "anew", "page": request.endpoint}
    audit.append(
        "sign_in.failed",
        f"person {staff.id}",
        details,
        by="somebody",
        now=now(),
    )
    db.session.commit()
    return _page({PROOF: catalog(reader_language())(WRONG)})


def _is_delicate() -> bool:
    endpoint, names = request.endpoint or "", request.view_args or {}
    if endpoint in NEEDS_PROOF:
        return True
    if endpoint == "setup_pages.add":
        return names.get("kind") == STAFF_KIND
    if endpoint not in WHOSE_ADDRESS:
        return False
    try:
        person = person_by_key(str(names[WHOSE_ADDRESS[endpoint]]))
    except NotFound:
        return False
    said = request.form.get("email", "").strip()
    return _is_other_address(said, person) or _are_other_roles(names, person)


def _is_other_address(said: str, person: Person) -> bool:
    return bool(said) and said.lower() != person.email.lower()


def _are_other_roles(names: Mapping[str, Any], person: Person) -> bool:
    """True if a colleague's form gives them other roles than they have."""
    if names.get("kind") != STAFF_KIND or person.clinician is None:
        return False
    return set(request.form.getlist("roles")) != set(person.clinician.roles)


def _is_proof(staff: Person, said: str) -> bool:
    """True if it is the person's password or a code of their telephone; counted before."""
    db.session.rollback()
    attempt = attempt_of(staff.email, "proof anew")
    db.session.commit()
    known = staff.clinician.password_hash if staff.clinician else None
    has_factor = factor_of(staff) is not None
    db.session.commit()
    is_proved = has_factor and is_right_code(staff, said, now=now())
    if not is_proved:
        db.session.rollback()
        is_proved = is_right(known, said, own=True)
    attempt.succeeded = is_proved
    return is_proved


def _page(errors: dict[str, str]) -> Response:
    carried = []
    for name, value in request.form.items(multi=True):
        if name not in NOT_CARRIED:
            carried.append((name, value))
    page = render_template(
        "auth/fresh_proof.html",
        carried=carried,
        errors=errors,
    )
    return current_app.make_response((page, 422 if errors else 403))
