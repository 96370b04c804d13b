"""The passkeys of a member of staff: both factors in one step. Who adds or ends one has proved who
they are within five minutes.
"""

from flask import Blueprint, redirect, render_template, request, url_for

from scheduler.kernel.installation import has_extra
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.proofs.passkey_list import (
    add_shown,
    end_named,
    passkeys_shown,
    what_to_make,
)
from scheduler.web.auth.proofs.passkey_site import site_here
from scheduler.web.parts.page import Page

bp = Blueprint("staff_passkeys", __name__, url_prefix="/desk/passkeys")


@bp.get("")
@allow(*STAFF)
def page() -> Page:
    """List them, and offer to begin one more."""
    return _page()


@bp.post("/new")
@allow(*STAFF)
def begin() -> Page:
    """Ask the device for a new one; the proof comes before this page."""
    return _page(options=what_to_make(me()))


@bp.post("")
@allow(*STAFF)
def add() -> Page:
    """Add the one that the device has made."""
    errors = add_shown(me())
    if errors:
        return _page(options=what_to_make(me()), errors=errors), 422
    return redirect(url_for("staff_passkeys.page"), 303)


@bp.post("/end")
@allow(*STAFF)
def end() -> Page:
    """End one of them."""
    end_named(me())
    return redirect(url_for("staff_passkeys.page"), 303)


def _page(*, options: str = "", errors: dict[str, str] | None = None) -> str:
    return render_template(
        "desk/accounts/passkeys.html",
        passkeys=passkeys_shown(me()),
        options=options,
        has_place=site_here() is not None,
        has_passkeys=has_extra("passkeys"),
        name=request.form.get("name", ""),
        errors=errors or {},
    )
