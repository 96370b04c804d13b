"""A relative opens the page of a date that is at their calendar address alone, to answer it."""

from flask import Blueprint, abort, redirect, request, url_for

from scheduler.invitations import link_token, page_of_date
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.sessions import sessions_by_id
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.parts.page import Page

bp = Blueprint("address_dates", __name__, url_prefix="/family")


@bp.post("/date")
@allow(Who.RELATIVE)
def open_page() -> Page:
    """Lead to the page of a date, which is begun where there is none yet."""
    wanted = request.form.get("session", "")
    session = sessions_by_id([wanted]).get(wanted)
    if session is None:
        abort(404)
    try:
        row = page_of_date(me(), session, now=now())
    except Conflict:
        # what they may not know of is what never was
        abort(404)
    db.session.commit()
    return redirect(url_for("invitation.page", token=link_token(row.uid), dates="all"), 303)
