"""A relative asks for another time for one date, from those at which it could be; staff decide."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.consents import is_placed
from scheduler.i18n import N_, catalog
from scheduler.ical import to_utc
from scheduler.invitations import dates_of_page, proposals_waiting, propose_time
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.planning import places_beside
from scheduler.sessions import sessions_by_id
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who, allow, known_here
from scheduler.web.auth.reader_language import language_of, speak_to
from scheduler.web.family.home.shown_dates import dates_of
from scheduler.web.family.nothing_here import invitation_behind, nothing_stands
from scheduler.web.parts.family_times import time_words
from scheduler.web.parts.page import Page

bp = Blueprint("other_time", __name__)
SHOWN_FIRST, MOST_OFFERED = 6, 12
"""Times that stand on the page, and those with what it shows when asked for more."""
ASKED = N_("Your clinic was asked for {time}. Until they say yes, the time stays as it is now.")
ASKED_BEFORE = N_("You asked for {time} before. Your clinic will answer.")
WAITS = N_(
    "You asked for this time instead: {time}. Your clinic will answer. Until then, the time stays "
    "as it is now."
)
GONE = N_("That time is gone by now. Choose another one.")


@dataclass(frozen=True, slots=True)
class Way:
    """One date of an invitation that may be held at another time, and when."""

    row: Invitation
    name: str
    session: Session
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A time that works: as a form carries it, in words, and as instants."""

    start: str
    words: str
    span: tuple[datetime, datetime]


@bp.get("/i/<token>/other-time")
@allow(Who.TOKEN)
def page(token: str) -> Page:
    """Show the times at which one date could be."""
    way = _way(token, request.args.get("date", ""))
    if isinstance(way, Response):
        return way
    return _page(token, way, {})


@bp.post("/i/<token>/other-time")
@allow(Who.TOKEN)
def ask(token: str) -> Page:
    """Let the time that was chosen wait for staff, if it is still free."""
    way = _way(token, request.form.get("date", ""))
    if isinstance(way, Response):
        return way
    _ = catalog(language_of(way.row.person))
    chosen = {choice.start: choice for choice in _choices(way)}.get(request.form.get("start", ""))
    if chosen is None:
        return _page(
            token,
            way,
            {"choices": _(GONE)},
        ), 409
    recurrence = datetime.fromisoformat(way.name)
    held = propose_time(
        way.row,
        recurrence,
        chosen.span,
        by=way.row.person.key,
        now=now(),
    )
    db.session.commit()
    said = ASKED_BEFORE if held is None else ASKED
    flash(_(said).format(time=chosen.words))
    return redirect(url_for("invitation.page", token=token, dates="all"), 303)


def _way(token: str, name: str) -> Way | Response:
    """Return the date that is asked about; to who is not known here, the page that asks for the
    code.
    """
    moment = now()
    row = invitation_behind(token, now=moment)
    speak_to(row.person)
    dates = {date.name: date for date in dates_of(row, row.person, moment)}
    if not dates:
        nothing_stands()
    if known_here(row.person_id) is None:
        return redirect(url_for("invitation.page", token=token), 303)
    date = dates.get(name)
    told = {each.recurrence.isoformat(): each.session_id for each in dates_of_page(row)}
    session = sessions_by_id([told.get(name, "")]).get(told.get(name, ""))
    if date is None or session is None or not date.may_answer or not is_placed(session):
        abort(404)
    return Way(row, name, session, date.words)


def _choices(way: Way) -> list[Choice]:
    """Return times around the date at which everybody could be there, their own hours among them:
    those on different days come first.
    """
    session, person = way.session, way.row.person
    reader = person.zone or practice().zone
    found = []
    for start in places_beside(session, most=MOST_OFFERED, now=now()):
        begins = to_utc(start, session.zone)
        ends = begins + (session.ends_at - session.starts_at)
        words = time_words(
            language_of(person),
            begins,
            ends,
            session.zone,
            reader,
        )
        found.append(
            Choice(
                f"{start:%Y-%m-%dT%H:%M}",
                words,
                (begins, ends),
            )
        )
    return found


def times_asked_for(row: Invitation) -> dict[str, str]:
    """Return by name of a date that another time was asked for instead, which waits for staff, in
    words of their reader.
    """
    language = language_of(row.person)
    reader = row.person.zone or practice().zone
    sessions = {date.recurrence: date.session_id for date in dates_of_page(row)}
    standing = sessions_by_id(set(sessions.values()))
    found = {}
    for held in proposals_waiting(row.uid):
        name, begins, ends = held.recurrence, held.starts_at, held.ends_at
        if name is None or begins is None or ends is None or name not in sessions:
            continue
        session = standing[sessions[name]]
        time = time_words(
            language,
            begins,
            ends,
            session.zone,
            reader,
        )
        found[name.isoformat()] = catalog(language)(WAITS).format(time=time)
    return found


def _page(token: str, way: Way, errors: dict[str, str]) -> str:
    found = _choices(way)
    return render_template(
        "family/home/other_time.html",
        token=token,
        name=way.name,
        words=way.words,
        choices=sorted(found[:SHOWN_FIRST], key=attrgetter("span")),
        more=sorted(found[SHOWN_FIRST:], key=attrgetter("span")),
        errors=errors,
    )
