"""A patient says that they cannot come to a session: what follows is shown first, then other times
are offered, and the word can be taken back until it is told.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler import feeds, homes
from scheduler.attendance import LONGEST_NOTE
from scheduler.consents import agenda as agenda_of
from scheduler.consents import audiences_had
from scheduler.i18n import N_, catalog
from scheduler.ical import to_utc
from scheduler.invitations import PATIENCE, announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, KinfoldError
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.planning import places_instead
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import time_words
from scheduler.web.parts.kind_words import title_on_page
from scheduler.web.parts.page import Page, previewed
from scheduler.web.portal.home.make_up_seat import (
    booked_words,
    groups_offered,
    shown_before,
    shown_groups,
)
from scheduler.web.preview.form_turn import take_its_turn
from scheduler.web.preview.look_ahead import Ahead, look_ahead

bp = Blueprint("cannot_come", __name__, url_prefix="/mine/sessions")
MOST_OFFERED = 3
DONE = N_("Your clinic knows now that you cannot come.")
BACK = N_("You are on the list again, as before.")
BOOKED = N_("You have a new time: {time}.")
ASKED = N_("Your clinic was asked. They tell you if there is a place for you.")
TOO_LATE = N_("It is too late to change this here. Call your clinic.")
TIME_GONE = N_("That time is gone by now. Nothing was changed. Choose another one.")
OTHER_NOW = N_("The time is a new one since you looked. Look again before you say no.")
TOO_LONG = N_("Your words are too long. Use less than {most} letters.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that works: wall time as a form carries it, and in words."""

    start: str
    words: str


@bp.get("/<session_id>/cannot-come")
@allow(Who.PATIENT)
def page(session_id: str) -> Page:
    """Show what follows if they do not come; once they said so, other times and the way back."""
    return _page(_mine(session_id), {})


@bp.post("/<session_id>/cannot-come")
@allow(Who.PATIENT)
def say(session_id: str) -> Page:
    """Free the place, or excuse them from a group; letters wait some minutes for a change of
    mind.
    """
    session, person, moment = _mine(session_id), me(), now()
    _ = catalog(reader_language())
    reason = request.form.get("reason", "").strip()
    if len(reason) > LONGEST_NOTE:
        return _page(session, {"reason": _(TOO_LONG).format(most=LONGEST_NOTE)}), 422
    if homes.has_said_no(session, person):
        return redirect(url_for("cannot_come.page", session_id=session_id), 303)
    if session.starts_at <= moment or session.status is not Status.SCHEDULED:
        raise Conflict(_(TOO_LATE))
    if request.form.get("seen") != str(session.version):
        return _page(session, {"main": _(OTHER_NOW)}), 409
    people = _concerned(session, moment)
    homes.cannot_come(
        session,
        person,
        reason=reason or None,
        by=person.key,
        now=moment,
    )
    _tell(people, moment)
    flash(_(DONE))
    return redirect(url_for("cannot_come.page", session_id=session_id), 303)


@bp.post("/<session_id>/can-come")
@allow(Who.PATIENT)
def undo(session_id: str) -> Page:
    """Take the word back while nobody was told."""
    session, person, moment = _mine(session_id), me(), now()
    _ = catalog(reader_language())
    if not homes.may_come_after_all(session, person, now=moment):
        raise Conflict(_(TOO_LATE))
    people = _concerned(session, moment)
    if homes.may_give_back(session, person, now=moment):
        homes.give_back_make_up(
            session,
            person,
            by=person.key,
            now=moment,
        )
    homes.come_after_all(
        session,
        person,
        by=person.key,
        now=moment,
    )
    _tell(people, moment)
    flash(_(BACK))
    return redirect(url_for("agenda.agenda"), 303)


@bp.post("/<session_id>/instead")
@allow(Who.PATIENT)
def book(session_id: str) -> Page:
    """Book one of the times that were offered, if it is still free."""
    session, person, moment = _mine(session_id), me(), now()
    _ = catalog(reader_language())
    chosen = request.form.get("start", "")
    offered = {offer.start: offer for offer in _offers(session, person, moment)}
    if chosen not in offered:
        return _page(session, {"main": _(TIME_GONE)}), 409
    people = _concerned(session, moment)
    to = datetime.fromisoformat(chosen)
    try:
        homes.come_instead(
            session,
            person,
            to=to,
            by=person.key,
            now=moment,
        )
    except KinfoldError:
        # the other of two devices, or the desk, was first
        db.session.rollback()
        return take_its_turn() or (_page(_mine(session_id), {"main": _(TIME_GONE)}), 409)
    _tell(people | _concerned(session, moment), moment)
    flash(_(BOOKED).format(time=offered[chosen].words))
    return redirect(url_for("agenda.agenda"), 303)


@bp.post("/<session_id>/make-up")
@allow(Who.PATIENT)
def make_up(session_id: str) -> Page:
    """Show what a place in one of the other groups brings with it; where it is not sure, ask staff
    for it.
    """
    session, person, moment = _mine(session_id), me(), now()
    _ = catalog(reader_language())
    groups = {group.id: group for group in groups_offered(session, person, moment)}
    chosen = groups.get(request.form.get("group", ""))
    if chosen is None:
        return _page(session, {"main": _(TIME_GONE)}), 409
    if homes.is_sure(chosen):
        return shown_before(session, chosen, person)
    homes.ask_make_up(session, chosen, person, now=moment)
    db.session.commit()
    flash(_(ASKED))
    return redirect(url_for("cannot_come.page", session_id=session_id), 303)


def _mine(session_id: str) -> Session:
    """Return a session of the reader that is not over, cancelled ones among them; else 404."""
    moment = now()
    found = agenda_of(
        me(),
        now=moment,
        since=moment,
        cancelled_since=moment,
    )
    mine = {session.id: session for session, _recipient in found}
    return mine.get(session_id) or abort(404)


def _concerned(session: Session, moment: datetime) -> set[str]:
    """Return everybody (ids) who may know of it, or might if it stood."""
    recipients = audiences_had([session], now=moment)[session.id]
    return {recipient.person.id for recipient in recipients}


def _tell(people: set[str], moment: datetime) -> None:
    """Let letters and calendars follow, and keep it."""
    announce(
        by=me().key,
        now=moment,
        people=people,
        patience=PATIENCE,
    )
    feeds.refresh(now=moment, people=people)
    db.session.commit()


def _page(session: Session, errors: dict[str, str]) -> str:
    person, moment = me(), now()
    said_no = homes.has_said_no(session, person)
    known = {
        "errors": errors,
        "session_id": session.id,
        "seen": session.version,
        "what": title_on_page(
            reader_language(),
            session.kind,
            session.title,
            session.topic,
        ),
        "when": _words(
            session,
            person,
            session.starts_at,
            session.ends_at,
        ),
        "said_no": said_no,
        "is_ahead": session.starts_at > moment,
        "is_off": session.status is Status.CANCELLED,
        "frees": homes.frees_place(session),
        "may_undo": homes.may_come_after_all(session, person, now=moment),
        "booked": booked_words(session, person),
        "may_give_back": homes.may_give_back(session, person, now=moment),
        "offers": _offers(session, person, moment),
        "groups": shown_groups(session, person, moment),
        "reason": request.form.get("reason", ""),
        "ahead": None,
    }
    if not said_no and known["is_ahead"] and not known["is_off"]:
        known["ahead"] = _look(session.id, person.id, moment)
    return render_template("portal/home/cannot_come.html", **known)


def _look(session_id: str, person_id: str, moment: datetime) -> Ahead:
    """Return the letters that would leave, to others than the patient; nothing is kept."""
    with previewed():
        session = _mine(session_id)
        person = me()

        def deed() -> None:
            homes.cannot_come(
                session,
                person,
                reason=None,
                by=person.key,
                now=moment,
            )

        with homes.as_if_unsaid(person, now=moment):
            people = _concerned(session, moment) - {person_id}
            return look_ahead(
                deed,
                people,
                by=person.key,
                now=moment,
            )


def _offers(session: Session, person: Person, moment: datetime) -> list[Offer]:
    """Return times at which a session the patient called off could be, nearest to the next day."""
    is_off = session.status is Status.CANCELLED and homes.has_said_no(session, person)
    if not is_off or session.starts_at <= moment:
        return []
    lay = datetime.fromisoformat(session.starts_local)
    minutes = session.minutes
    places = places_instead(
        [session],
        to=lay,
        minutes=minutes,
        other_days=True,
        now=moment,
    )
    found = []
    for start in places:
        if start == lay:
            continue
        begins = to_utc(start, session.zone)
        ends = begins + (session.ends_at - session.starts_at)
        words = _words(session, person, begins, ends, named=False)
        found.append(Offer(f"{start:%Y-%m-%dT%H:%M}", words))
    return found[:MOST_OFFERED]


def _words(
    session: Session, person: Person, begins: datetime, ends: datetime, *, named: bool = True
) -> str:
    reader = person.zone or practice().zone
    return time_words(
        reader_language(),
        begins,
        ends,
        session.zone,
        reader,
        named=named,
    )
