"""What a change of the clinic broke: each session that no longer holds, with what mends it."""

from flask import Blueprint, render_template, request

from scheduler.kernel.clock import now
from scheduler.planning import broken_since
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.desk.truth.broken_shown import shown_for_people
from scheduler.web.parts.page import Page

bp = Blueprint("broken_plans", __name__, url_prefix="/desk")
MOST_DIGITS = 12


@bp.get("/broken")
@allow(*STAFF)
def page() -> Page:
    """Show what no longer holds of the cohorts that deeds `since` a number touch."""
    said = request.args.get("since", "")
    if said.isdecimal() and len(said) <= MOST_DIGITS:
        number = int(said)
    else:
        number = 0
    plans = shown_for_people(broken_since(number, now=now()))
    back = request.args.get("back", "")
    is_ours = back.startswith("/desk/")
    return render_template(
        "desk/clinic/broken_plans.html", plans=plans, back=back if is_ours else "/desk/cohorts"
    )
