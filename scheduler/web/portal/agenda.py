"""A patient's own pages: what is next, and the address that brings it into a calendar of theirs."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler import feeds, homes
from scheduler.consents import agenda as agenda_of
from scheduler.consents import left_sessions
from scheduler.i18n import catalog
from scheduler.invitations import ToldDate, told_dates
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions import log_join, moved_from
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.access import STAFF, Who, allow, me, parts_of
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.family.calendar_links import calendar_links
from scheduler.web.family.home.one_date_file import calendar_file
from scheduler.web.family.home.shown_dates import SAID
from scheduler.web.family.invitation import ANSWERS
from scheduler.web.family.room_handover import hand_over
from scheduler.web.family.room_hours import is_open
from scheduler.web.parts.answer_words import your_old_answer
from scheduler.web.parts.family_times import day_in, moved_words, time_words, zone_in
from scheduler.web.parts.kind_words import kind_in, title_on_page
from scheduler.web.parts.missed_dates import missed_dates
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import KIND_COLOURS
from scheduler.web.portal.home.hours_this_week import hours_words
from scheduler.web.portal.home.offered_place import places_shown
from scheduler.web.portal.home.said_no import with_own_word
from scheduler.web.portal.home.session_news import news_lines
from scheduler.web.portal.home.who_comes import who_comes

bp = Blueprint("agenda", __name__, url_prefix="/mine")
DAYS = timedelta(days=2)
"""How long after its end the day of a session may last, wherever it is held."""


@bp.get("/")
@allow(Who.PATIENT)
def agenda() -> Page:
    """Show what is next, then the rest, in the reader's zone and the clinic's."""
    moment, person, house = now(), me(), practice()
    reader, language = person.zone or house.zone, reader_language()
    left = left_sessions([person], now=moment)[person.id]
    sessions = sorted([*_to_show(person, moment), *left], key=attrgetter("starts_at", "key"))
    shown = _shown(person, sessions, left, reader, language, moment)
    words = zone_in(language, reader)
    left_ids = {session.id for session in left}
    return render_template(
        "portal/agenda.html",
        person=person,
        next=next((entry for entry in shown if not entry["struck"]), None),
        shown=shown,
        zone=words,
        feed=feeds.standing_feed(person),
        missed=missed_dates(person, language, now=moment),
        news=news_lines(person, sessions, left_ids, language, reader),
        hours=hours_words(person, language, now=moment),
        is_new=homes.is_new(person, now=moment),
        places=places_shown(person, moment),
    )


def _shown(
    person: Person,
    sessions: Sequence[Session],
    left: Collection[Session],
    reader: str,
    language: str,
    moment: datetime,
) -> list[dict[str, object]]:
    """Return each entry of the page, in order; what the patient left is struck."""
    told = {date.session_id: date for date in told_dates([person.id])}
    moved = moved_from(sessions)
    family = who_comes(person, sessions, language, now=moment)
    shown = []
    for session in sessions:
        was = moved.get(session.id)
        entry = _entry(session, reader, language, moment)
        if session in left:
            entry["struck"], entry["open"] = True, False
        entry["answer"] = _answer(told.get(session.id), language, reader)
        entry["family"] = family.get(session.id, [])
        if was is not None and session not in left:
            entry["moved"] = moved_words(language, was, session.starts_at, session.zone, reader)
        shown.append(entry)
    with_own_word(shown, sessions, person, left, now=moment)
    return shown


def _to_show(person: Person, moment: datetime) -> list[Session]:
    """Return what lies ahead, and what was cancelled until its day is over."""
    near = moment - DAYS
    found = []
    for session, _ in agenda_of(person, now=moment, since=near, cancelled_since=near):
        is_off = session.status is Status.CANCELLED
        ends = session.day_over if is_off else session.ends_at
        if ends > moment:
            found.append(session)
    return found


def _entry(session: Session, reader: str, language: str, moment: datetime) -> dict[str, object]:
    when = time_words(
        language,
        session.starts_at,
        session.ends_at,
        session.zone,
        reader,
        named=False,
    )
    title = title_on_page(
        language,
        session.kind,
        session.title,
        session.topic,
    )
    is_off = session.status is Status.CANCELLED
    return {
        "id": session.id,
        "when": when,
        "title": title,
        "kind": kind_in(language, session.kind),
        "colour": KIND_COLOURS.get(session.kind, "other"),
        "with": ", ".join(lead.name for lead in session.leads),
        "open": not is_off and is_open(session, moment),
        "struck": is_off,
        "moved": None,
    }


def _answer(told: ToldDate | None, language: str, reader: str) -> str | None:
    """Return what the patient said to an invitation, to the time that stands or to an earlier
    one; None where they were not invited or said nothing.
    """
    if told is None or told.answer is None:
        return None
    _ = catalog(language)
    if told.current:
        return _("You said %(answer)s.") % {"answer": _(ANSWERS[SAID[told.answer]])}
    return your_old_answer(told, language, reader)


@bp.post("/sessions/<session_id>/join")
@allow(Who.PATIENT)
def join(session_id: str) -> Page:
    """Hand over the room of an appointment that is about to begin; the policy of our pages follows
    no redirect out.
    """
    moment = now()
    mine_ = {
        session.id: session
        for session, _ in agenda_of(
            me(),
            now=moment,
            since=moment,
        )
    }
    session = mine_.get(session_id)
    if session is None:
        abort(404)
    room = hand_over(session, me(), now=moment) if is_open(session, moment) else None
    if room and room.url:
        log_join(
            session,
            me(),
            by=me().key,
            now=moment,
        )
        db.session.commit()
    again = url_for("agenda.join", session_id=session_id)
    return render_template(
        "family/room.html", room=room, back=url_for("agenda.agenda"), again=again
    )


@bp.get("/feed")
@allow(Who.PATIENT, *STAFF)
def address() -> Page:
    """Show what a feed is, and offer to make its address."""
    return render_template("portal/feed_address.html", **_about(None))


@bp.post("/feed")
@allow(Who.PATIENT, *STAFF)
def make_address() -> Page:
    """Make the address, or with `again` a new one in its place, and show it this once."""
    person = me()
    if feeds.standing_feed(person) is not None and not request.form.get("again"):
        return redirect(url_for("agenda.address"), 303)
    token = feeds.make(person, by=person.key, now=now())
    db.session.commit()
    return render_template("portal/feed_address.html", **_about(token)), 201


@bp.post("/feed/end")
@allow(Who.PATIENT, *STAFF)
def end_address() -> Page:
    """End the address in one tap."""
    person = me()
    if feeds.end_address(person, by=person.key, now=now()):
        db.session.commit()
        flash(catalog(reader_language()).gettext("Your address has ended."))
    return redirect(url_for("agenda.address"), 303)


@bp.get("/sessions/<session_id>/date.ics")
@allow(Who.PATIENT)
def one_date(session_id: str) -> Page:
    """Return one appointment as a file for a calendar, neutral as all the rest."""
    moment = now()
    ahead = {session.id: session for session, _ in agenda_of(me(), now=moment, since=moment)}
    return calendar_file(me(), ahead.get(session_id) or abort(404))


def _about(token: str | None) -> dict[str, object]:
    person = me()
    staff = bool(parts_of(person) & frozenset(STAFF))
    known: dict[str, object] = {
        "person": person,
        "staff": staff,
        "may_choose": not staff or Who.CLINICIAN in parts_of(person),
        "made": feeds.standing_feed(person),
        "links": None,
    }
    made = feeds.standing_feed(person)
    if made is not None:
        known["since"] = day_in(reader_language(), made.made_at.date())
    if token is not None:
        known["links"] = calendar_links(token)
    return known
