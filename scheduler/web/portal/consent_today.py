"""What somebody a patient told sees today: their pages, as they would open now."""

from flask import Blueprint, abort, render_template

from scheduler import homes
from scheduler.kernel.clock import now
from scheduler.people import relatives_of
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.portal.consent_preview import pages_today

bp = Blueprint("consent_today", __name__, url_prefix="/mine")


@bp.get("/sees/<key>")
@allow(Who.PATIENT)
def page(key: str) -> str:
    """Show the pages of one relative as they are now; nothing where nothing may be known. That
    somebody asked for silence is told to nobody but staff.
    """
    relatives = {relative.key: relative for relative in relatives_of(me())}
    person = relatives.get(key) or abort(404)
    with homes.as_if_unsaid(me(), now=now()):
        pages = pages_today(person)
    return render_template(
        "portal/consent_today.html",
        person=person,
        pages=pages,
    )
