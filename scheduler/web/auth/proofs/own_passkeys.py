"""The passkeys of a patient or relative: signing in without a letter. The code is asked again
before the page opens on a device that is only known.
"""

from flask import Blueprint, redirect, render_template, request, url_for

from scheduler.web.auth.access import Who, allow, home_of, me
from scheduler.web.auth.proofs.passkey_list import (
    add_shown,
    end_named,
    passkeys_shown,
    what_to_make,
)
from scheduler.web.parts.page import Page

bp = Blueprint("own_passkeys", __name__, url_prefix="/devices/passkeys")


@bp.get("")
@allow(Who.PATIENT, Who.RELATIVE)
def page() -> Page:
    """List them, and offer one more."""
    return _page({})


@bp.post("")
@allow(Who.PATIENT, Who.RELATIVE)
def add() -> Page:
    """Add the one that the device has made."""
    errors = add_shown(me())
    if errors:
        return _page(errors), 422
    return redirect(url_for("own_passkeys.page"), 303)


@bp.post("/end")
@allow(Who.PATIENT, Who.RELATIVE)
def end() -> Page:
    """End one of them."""
    end_named(me())
    return redirect(url_for("own_passkeys.page"), 303)


def _page(errors: dict[str, str]) -> str:
    person = me()
    return render_template(
        "family/passkeys.html",
        passkeys=passkeys_shown(person),
        options=what_to_make(person),
        name=request.form.get("name", ""),
        errors=errors,
        home=home_of(person),
    )
