"""How a patient's appointments come into their own calendar: by address, by invitation or both; and
their titles.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import feeds
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import calendar_choice, choose_calendar
from scheduler.people.models import Way
from scheduler.web.auth.access import Who, allow, me

bp = Blueprint("calendar_delivery", __name__, url_prefix="/mine/calendar")
Page = str | tuple[str, int] | Response
WAYS = {
    Way.FEED: (
        "By my calendar address",
        "Your calendar program looks there by itself. No message is mailed to you about changes.",
    ),
    Way.INVITATIONS: (
        "As invitations by mail",
        "Each appointment comes as a message. When something changes, a message puts it right.",
    ),
    Way.BOTH: (
        "Both",
        "Your own appointments come as invitations. Groups are at your calendar address. Nothing "
        "is shown twice.",
    ),
}
TITLES = {
    "": ("Appointment", "Whoever sees your calendar reads nothing else."),
    "names": (
        "Appointment with Ana",
        "The first name of who leads. Only at your calendar address, never in mail.",
    ),
}


@bp.get("/")
@allow(Who.PATIENT)
def page() -> Page:
    """Show what is chosen, and let it be changed."""
    return _page({})


@bp.post("/")
@allow(Who.PATIENT)
def choose() -> Page:
    """Keep the choice; invitations are written at once, and calendars say what is true now."""
    person, moment = me(), now()
    way, title = request.form.get("way", ""), request.form.get("titles")
    if way not in set(Way) or title not in TITLES:
        missing = {"way": "Choose how your appointments come."} if way not in set(Way) else {}
        return _page(missing or {"titles": "Choose what the titles say."}), 422
    choose_calendar(person, way=Way(way), first_names=title == "names", by=person.key, now=moment)
    told = [one for one in announce(by=person.key, now=moment, people={person.id}) if one.letter_id]
    feeds.refresh(now=moment, people=[person.id])
    made = feeds.standing_feed(person) is not None
    db.session.commit()
    many = "1 message is" if len(told) == 1 else f"{len(told)} messages are"
    flash(f"Kept. {many} on the way to you." if told else "Kept.")
    if Way(way) is not Way.INVITATIONS and not made:
        flash("You have no calendar address yet. Make one here.", "note")
        return redirect(url_for("agenda.address"), 303)
    return redirect(url_for("calendar_delivery.page"), 303)


def _page(errors: dict[str, str]) -> str:
    chosen = calendar_choice(me())
    title = "names" if chosen.first_names else ""
    return render_template(
        "portal/calendar_delivery.html",
        errors=errors,
        ways=WAYS,
        titles=TITLES,
        way=chosen.way,
        title=title,
    )
