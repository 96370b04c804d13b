"""Setting up one's second factor: a picture for the telephone, a first code, recovery codes."""

import segno
from flask import Blueprint, render_template, request
from markupsafe import Markup

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import (
    confirm_factor,
    end_others,
    factor_of,
    new_factor,
    practice,
    provisioning_address,
)
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.cookies import sign_in_secret
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page

bp = Blueprint("second_factor", __name__, url_prefix="/desk/second-factor")
NOT_RIGHT = N_(
    "This code is not right. Take the one that is shown now; if it is refused again, the clock of "
    "your telephone may be wrong: let it set the time by itself."
)


@bp.get("")
@allow(*STAFF)
def page() -> Page:
    """Say whether there is one, and offer to begin."""
    return _page()


@bp.post("")
@allow(*STAFF)
def confirm() -> Page:
    """Begin, or take the first code; then the recovery codes are shown, once, and everywhere else
    one is signed out.
    """
    person = me()
    if factor_of(person) is not None:
        return _page()
    row = new_factor(person, now=now())
    address = provisioning_address(person, row, issuer=practice().outward_name)
    code = request.form.get("code", "").strip()
    made = confirm_factor(person, code, now=now()) if code else None
    if made is not None:
        end_others(person, sign_in_secret() or "", now=now())
    db.session.commit()
    if made is not None:
        return _page(made=made)
    errors = {}
    if code:
        errors["code"] = catalog(reader_language())(NOT_RIGHT)
    shown = _page(errors=errors, secret=row.secret, picture=_picture(address))
    return (shown, 422) if errors else shown


def _picture(address: str) -> Markup:
    """Return the address as a picture that a telephone reads."""
    svg = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=2, light="white")
    return Markup(svg)  # noqa: S704


def _page(
    *,
    errors: dict[str, str] | None = None,
    secret: str = "",
    picture: Markup | None = None,
    made: list[str] | None = None,
) -> str:
    return render_template(
        "desk/accounts/second_factor.html",
        has_one=factor_of(me()) is not None,
        errors=errors or {},
        secret=secret,
        picture=picture,
        made=made,
    )
