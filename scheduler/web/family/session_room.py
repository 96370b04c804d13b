"""The room of a session for those who lead it: they go in as moderators."""

from flask import Blueprint, abort, render_template

from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.sessions import log_join, session_by_key
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.family.room_handover import hand_over
from scheduler.web.family.room_hours import is_open

bp = Blueprint("session_room", __name__, url_prefix="/desk/sessions")


@bp.post("/<key>/room")
@allow(*STAFF)
def go_in(key: str) -> str:
    """Hand the room over to somebody who leads the session, at its time."""
    session, person, moment = session_by_key(key), me(), now()
    if person.id not in {lead.id for lead in session.leads}:
        abort(403)
    open_now = is_open(session, moment)
    room = hand_over(session, person, now=moment) if open_now else None
    if room and room.url:
        log_join(session, person, by=person.key, now=moment)
        db.session.commit()
    return render_template("desk/session_room.html", row=session, room=room, open_now=open_now)
