"""The join link: one page that takes the code, waits, and hands over the room, from a quarter of an
hour before the start to the end.

Before the code it tells nothing; after it, what is true of the appointment.
"""

from datetime import datetime
from math import ceil
from typing import NoReturn

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from scheduler.disclosures.models import Opened
from scheduler.i18n import catalog, clocks_differ
from scheduler.invitations import link_token
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions import log_join
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who, allow, known_here, refuse, whoami
from scheduler.web.auth.ask_for_code import ask_for_person
from scheduler.web.auth.cookies import drop_sign_in
from scheduler.web.auth.kept_device import device_here, forget_here
from scheduler.web.auth.known_browser import ASKING, attempt_of
from scheduler.web.auth.proofs.typed_code import redeem_here
from scheduler.web.auth.reader_language import reader_language, speak_to
from scheduler.web.auth.sign_in import BAD_CODE, begin_here, carry_in, sign_out_here
from scheduler.web.family.disclosure_log import log_disclosure
from scheduler.web.family.door_state import Door, DoorState, Doorway, door_state
from scheduler.web.family.doorway import doorway_behind, require_standing
from scheduler.web.family.home.keep_to_yourself import must_promise
from scheduler.web.family.moved_dates import pages_of
from scheduler.web.family.nothing_here import nothing_stands
from scheduler.web.family.room_handover import hand_over
from scheduler.web.family.room_hours import OPENS
from scheduler.web.parts.family_times import clock_in, time_words, zone_in
from scheduler.web.parts.page import Page

bp = Blueprint("join", __name__)
LOOKED_AGAIN = 600
"""Seconds after which a page that waits is loaded again: whoever waits stays signed in."""


@bp.get("/j/<token>")
@allow(Who.TOKEN)
def door(token: str) -> Page:
    """Say how the door is found to whom it is for, and ask everybody else for the code; a POST
    alone opens it.
    """
    moment = now()
    way = doorway_behind(token, now=moment)
    if known_here(way.person.id) is None:
        _require_standing(way, moment)
        return render_template("family/door_code.html", token=token, asked=False, errors={})
    return _at_the_door(way, token, moment)


@bp.get("/j/<token>/code")
@allow(Who.TOKEN)
def ask(token: str) -> Page:
    """Take the code that was mailed."""
    moment = now()
    way = doorway_behind(token, now=moment)
    _require_standing(way, moment)
    return render_template("family/door_code.html", token=token, asked=True, errors={})


@bp.post("/j/<token>/send")
@allow(Who.TOKEN)
def send(token: str) -> Page:
    """Mail a code to the person invited, at their own address, and stay at the door."""
    moment = now()
    way = doorway_behind(token, now=moment)
    _require_standing(way, moment)
    attempt_of(way.person.id, ASKING)
    ask_for_person(way.person, now=moment)
    db.session.commit()
    return redirect(url_for("join.ask", token=token), 303)


@bp.post("/j/<token>")
@allow(Who.TOKEN)
def go_in(token: str) -> Page:
    """Hand over the room, time and consent being looked at now; the code may come along."""
    moment = now()
    way = doorway_behind(token, now=moment)
    if known_here(way.person.id) is not None:
        return _in_or_wait(way, token, moment)
    _require_standing(way, moment)
    if "code" not in request.form:
        _refuse_other()
    return _with_code(way, token, moment)


@bp.post("/j/<token>/forget")
@allow(Who.TOKEN)
def forget(token: str) -> Page:
    """Let this device be known no longer to the person a door is for, who is signed out, too."""
    moment = now()
    way = doorway_behind(token, now=moment)
    person = known_here(way.person.id)
    answer = redirect(url_for("join.door", token=token), 303)
    if person is None:
        return answer
    sign_out_here(person, now=moment)
    return drop_sign_in(forget_here(answer, person))


def _refuse_other() -> NoReturn:
    """Refuse whoever brings no code and is not the person the address is for."""
    other = whoami()
    if other is None:
        abort(403)
    refuse(other)


def _with_code(way: Doorway, token: str, moment: datetime) -> Page:
    """Check the code; who it is of is signed in and handed the room in one answer."""
    attempt = attempt_of(way.person.id, "page of")
    db.session.commit()
    person = redeem_here(
        [way.person],
        request.form["code"],
        now=moment,
    )
    if person is None:
        db.session.commit()
        errors = {"code": catalog(reader_language())(BAD_CODE)}
        page = render_template("family/door_code.html", token=token, asked=True, errors=errors)
        return page, 422
    attempt.succeeded = True
    secret = begin_here(person)
    answer = make_response(_in_or_wait(way, token, moment))
    return carry_in(answer, person, secret)


def _in_or_wait(way: Doorway, token: str, moment: datetime) -> Page:
    """Return the room when it is open, else what is true at the door."""
    person = way.person
    speak_to(person)
    state = door_state(way, now=moment)
    if state is None or state.door is not Door.OPEN:
        return _at_the_door(way, token, moment)
    if must_promise(way, state.session, moment):
        back = url_for("join.door", token=token, stay="yes")
        again = url_for("join.go_in", token=token)
        return render_template("family/home/confidential.html", back=back, again=again)
    room = hand_over(state.session, person, now=moment)
    carried: dict[str, object] = {}
    if room is not None and room.url is not None:
        log_join(
            state.session,
            person,
            by=person.key,
            now=moment,
        )
        if way.patient_id != person.id:
            carried = log_disclosure(
                person,
                Opened.ROOM,
                about=way.uid,
                now=moment,
            )
        db.session.commit()
    back = url_for("join.door", token=token, stay="yes")
    again = url_for("join.go_in", token=token)
    return render_template(
        "family/room.html",
        room=room,
        back=back,
        again=again,
        **carried,
    )


def _at_the_door(way: Doorway, token: str, moment: datetime) -> Page:
    speak_to(way.person)
    state = door_state(way, now=moment)
    if state is None:
        nothing_stands()
    opens_in = ceil((state.session.starts_at - OPENS - moment).total_seconds())
    room = state.session.room
    return render_template(
        "family/join.html",
        token=token,
        door=state.door,
        words=_words(state, way.person),
        opens_in=opens_in,
        again_in=min(max(opens_in, 1), LOOKED_AGAIN),
        dial_in=room.dial_in if room is not None and state.door is Door.OPEN else None,
        dates=_dates_page(way, state),
        kept=device_here(way.person) is not None,
        goes_in="stay" not in request.args,
    )


def _dates_page(way: Doorway, state: DoorState) -> str:
    """Return the address of the page that says what it is and takes the answer: of the invitation
    that tells of it now.
    """
    if way.uid is None:
        return url_for("agenda.agenda")
    uid = pages_of(way.person).get(state.session.id, way.uid)
    return url_for("invitation.page", token=link_token(uid), dates="all")


def _words(state: DoorState, person: Person) -> dict[str, str]:
    """Return the times that the door's page says, in the reader's language and zone."""
    session, told = state.session, state.told
    reader = person.zone or practice().zone
    language = reader_language()
    words = {
        "when": _when(session, reader),
        "was": time_words(
            language,
            told.begins_at,
            told.ends_at,
            session.zone,
            reader,
        ),
        "opens": _clock(
            session.starts_at - OPENS,
            session,
            reader,
        ),
        "ended": _clock(session.ends_at, session, reader),
    }
    if state.following is not None:
        words["following"] = _when(state.following, reader)
    return words


def _when(session: Session, reader: str) -> str:
    return time_words(
        reader_language(),
        session.starts_at,
        session.ends_at,
        session.zone,
        reader,
    )


def _clock(at: datetime, session: Session, reader: str) -> str:
    """Return a time on the reader's own clock, which is named where it is not the clinic's."""
    language = reader_language()
    said = clock_in(language, at, reader)
    differs = clocks_differ(
        session.starts_at,
        session.ends_at,
        session.zone,
        reader,
    )
    return f"{said}, {zone_in(language, reader)}" if differs else said


def _require_standing(way: Doorway, moment: datetime) -> None:
    """Go on only while there is something to say at a door; then speak to whom it is for."""
    require_standing(way, moment)
    speak_to(way.person)
