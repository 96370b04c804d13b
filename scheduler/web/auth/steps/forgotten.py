"""Staff forgot their password: the page says the same whoever asks, and writes one row."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import ask_for_reset
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.known_browser import attempt_of
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page

bp = Blueprint("forgotten", __name__)
WHOLE = N_("Write the whole address, such as name@mail.example.")
ON_ITS_WAY = N_("If somebody works here with this address, a letter with a link is on its way.")


@bp.get("/password/forgotten")
@allow(Who.ANYONE)
def page() -> Page:
    """Ask for the address."""
    return _form(str(session.get("address", "")), {})


@bp.post("/password/forgotten")
@allow(Who.ANYONE)
def ask() -> Page:
    """Write down that somebody asked; the worker writes the letter. Counted like every try."""
    address = request.form.get("address", "").strip()[:254]
    if "@" not in address:
        return _form(address, {"address": catalog(reader_language())(WHOLE)}), 422
    attempt_of(address, "password for")
    ask_for_reset(address, now=now())
    db.session.commit()
    flash(catalog(reader_language())(ON_ITS_WAY))
    return redirect(url_for("sign_in.front"), 303)


def _form(address: str, errors: dict[str, str]) -> str:
    return render_template("auth/forgotten.html", address=address, errors=errors)
