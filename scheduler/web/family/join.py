"""The join link: opens a room to the person it was made for, from a quarter of an hour before the
start to the end.
"""

from flask import Blueprint, abort, render_template, url_for

from scheduler.consents import agenda
from scheduler.disclosures.models import Opened
from scheduler.invitations import by_token, dates_told
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.sessions import log_join
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who, allow, refuse, whoami
from scheduler.web.auth.reader_language import reader_language, speak_to
from scheduler.web.family.disclosure_log import log_disclosure
from scheduler.web.family.invitation import nothing_stands
from scheduler.web.family.room_hours import is_open
from scheduler.web.parts.family_times import time_words
from scheduler.web.parts.page import Page

bp = Blueprint("join", __name__)


@bp.get("/j/<token>")
@allow(Who.TOKEN)
def door(token: str) -> Page:
    """Show whether the door is open; it is opened by a POST only."""
    row, session = _found(token)
    person = whoami()
    known = person is not None and person.id == row.person_id
    ready = known and is_open(session, now())
    when = None
    if known:
        when = time_words(
            reader_language(),
            session.starts_at,
            session.ends_at,
            session.zone,
            row.person.zone or practice().zone,
        )
    return render_template(
        "family/join.html",
        token=token,
        known=known,
        ready=ready,
        when=when,
    )


@bp.post("/j/<token>")
@allow(Who.TOKEN)
def go_in(token: str) -> Page:
    """Hand over the room, time and consent being looked at now."""
    row, session = _found(token)
    person = whoami()
    if person is None:
        abort(403)
    if person.id != row.person_id:
        refuse(person)
    room = session.room if is_open(session, now()) else None
    carried: dict[str, object] = {}
    if room:
        log_join(session, person, by=person.key, now=now())
        if row.patient_id != row.person_id:
            carried = log_disclosure(person, Opened.ROOM, about=row.uid, now=now())
        db.session.commit()
    back = url_for("invitation.page", token=token)
    return render_template("family/room.html", room=room, back=back, **carried)


def _found(token: str) -> tuple[Invitation, Session]:
    row = by_token(token)
    if row is None:
        abort(404)
    speak_to(row.person)
    moment = now()
    told = {date.session_id for date in dates_told([row])}
    near = agenda(row.person, now=moment, since=moment)
    open_to_them = []
    for session, recipient in near:
        if session.id in told and recipient.about_id == row.patient_id:
            open_to_them.append(session)
    if not open_to_them:
        nothing_stands(row)
    return row, open_to_them[0]
