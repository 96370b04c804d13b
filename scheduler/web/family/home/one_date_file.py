"""One date as a file for a calendar: a relative's from the page of their invitation."""

from flask import Blueprint, Response, abort, request

from scheduler import feeds
from scheduler.invitations import dates_of_page
from scheduler.kernel.clock import now
from scheduler.people.models import Person
from scheduler.sessions import sessions_by_id
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who, allow, known_here
from scheduler.web.auth.reader_language import language_of, speak_to
from scheduler.web.family.home.shown_dates import dates_of
from scheduler.web.family.nothing_here import invitation_behind, nothing_stands
from scheduler.web.parts.page import Page

bp = Blueprint("one_date_file", __name__)


@bp.get("/i/<token>/date.ics")
@allow(Who.TOKEN)
def one(token: str) -> Page:
    """Return one date, neutral; to nobody but whom it is for."""
    moment = now()
    row = invitation_behind(token, now=moment)
    speak_to(row.person)
    dates = {date.name for date in dates_of(row, row.person, moment)}
    if not dates:
        nothing_stands()
    name = request.args.get("date", "")
    if known_here(row.person_id) is None or name not in dates:
        abort(404)
    told = {each.recurrence.isoformat(): each.session_id for each in dates_of_page(row)}
    session = sessions_by_id([told[name]])[told[name]]
    return calendar_file(row.person, session)


def calendar_file(person: Person, session: Session) -> Response:
    """Return one session as a file that a calendar program opens."""
    body = feeds.one_date(
        person,
        session,
        language=language_of(person),
        now=now(),
    )
    answer = Response(body, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
