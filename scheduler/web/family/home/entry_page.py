"""Where an entry of a subscribed calendar leads: the page of its date, for who has signed in."""

from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, url_for

from scheduler.consents import agenda
from scheduler.kernel.clock import now
from scheduler.people.models import PersonKind
from scheduler.web.auth.access import STAFF, Who, allow, home_of, me
from scheduler.web.family.home.home_list import home_list
from scheduler.web.parts.page import Page

bp = Blueprint("entry_page", __name__)
SHOWN = timedelta(days=30)
"""How long a calendar shows what is over (icalendar H12)."""


@bp.get("/date/<session_id>")
@allow(Who.PATIENT, Who.RELATIVE, *STAFF)
def page(session_id: str) -> Page:
    """Lead to the page of a date, or to all that stands where it is over; what is another's answers
    like what never was.
    """
    person, moment = me(), now()
    ends = {}
    for session, _recipient in agenda(person, now=moment, since=moment - SHOWN):
        ends[session.id] = session.ends_at
    if session_id not in ends:
        abort(404)
    if ends[session_id] <= moment:
        return redirect(home_of(person))
    if person.kind is PersonKind.PATIENT:
        return redirect(url_for("agenda.agenda", _anchor=f"date-{session_id}"))
    if person.kind is not PersonKind.RELATIVE:
        return redirect(home_of(person))
    dates = {date.session_id: date for date in home_list(person, moment)}
    date = dates[session_id]
    if date.token is not None:
        return redirect(url_for("invitation.page", token=date.token, dates="all"))
    return render_template("family/home/entry.html", date=date)
