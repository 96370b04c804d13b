"""The hours of the week in which somebody can come, painted by themselves. Which dates that takes
out is said before it is kept.
"""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import feeds, homes
from scheduler.admissions import change_hours, weekly_hours
from scheduler.consents import agenda
from scheduler.i18n import N_, catalog, zone
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import Window, practice
from scheduler.people.models import Person, PersonKind
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who, allow, home_of, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.own.week_grid import Hours, as_seen, seen_hours, typed_week, week_shown
from scheduler.web.parts.family_times import time_words
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page

bp = Blueprint("own_week", __name__, url_prefix="/week")
NOT_ASKED = {"csrf_token", "opened", "change", "sure"}
"""Fields that are not sent again by who has seen what the hours take out."""
USUAL = timedelta(minutes=60)
"""What a meeting lasts at most as a rule."""
KEPT = N_("Kept. New dates will be at these hours.")
NEVER = N_(
    "Kept. You have no hours now, so no new date can be planned with you. Your clinic may ask you."
)
SHORT = N_(
    "Kept. No stretch is one hour long, so hardly any date fits. Add hours if you can, or ask your "
    "clinic."
)
MEANWHILE = N_("Your clinic changed these hours since you opened the page. Look at them again.")


@bp.get("/")
@allow(Who.PATIENT, Who.RELATIVE)
def page() -> Page:
    """Show the week as it is known, to paint it anew."""
    return _page({})


@bp.post("/")
@allow(Who.PATIENT, Who.RELATIVE)
def keep() -> Page:
    """Keep the hours; where they leave out dates that are planned, these are named first."""
    person, moment = me(), now()
    if request.form.get("change"):
        return _page({})
    try:
        hours = typed_week()
    except InputError as error:
        return _page({"free": str(error)}), 422
    before, free = _dates(person), person.free
    try:
        change_hours(person, hours, seen=seen_hours(), by=person.key, now=moment)
    except Conflict:
        db.session.rollback()
        return _page({"free": catalog(reader_language())(MEANWHILE)}, is_new=True), 409
    lost = _lost(person, before, free)
    if lost and not request.form.get("sure"):
        return _ask(lost, person)
    homes.ask_for_other_times(person, lost, now=moment)
    announce(by=person.key, now=moment, people={person.id})
    feeds.refresh(now=moment, people=[person.id])
    db.session.commit()
    flash(catalog(reader_language())(_said(hours)))
    return redirect(url_for("own_week.page"), 303)


def _dates(person: Person) -> dict[str, Session]:
    """Return each session ahead that somebody may know of, by id."""
    pairs = agenda(person, now=now(), since=now())
    return {session.id: session for session, _recipient in pairs}


def _lost(person: Person, before: dict[str, Session], free: Hours) -> list[Session]:
    """Return which of the dates of `before` the new hours do not fit: a relative is no longer
    invited to them, a patient had said until now that they could come.
    """
    if person.kind is PersonKind.PATIENT:
        return homes.unfit_dates(person, free, now=now())
    after = _dates(person)
    return [session for session_id, session in before.items() if session_id not in after]


def _named(sessions: Sequence[Session], person: Person) -> list[tuple[str, str]]:
    """Return when each of these sessions is, and its kind, in the reader's words."""
    language = reader_language()
    reader = person.zone or practice().zone
    found = []
    for session in sessions:
        when = time_words(
            language,
            session.starts_at,
            session.ends_at,
            session.zone,
            reader,
        )
        found.append((when, kind_in(language, session.kind)))
    return found


def _said(hours: Hours) -> str:
    """Return what is said of hours that were kept: whether they leave room for a meeting."""
    if hours is None:
        return KEPT
    if not hours:
        return NEVER
    return KEPT if any(map(_is_long, hours)) else SHORT


def _is_long(window: Window) -> bool:
    return timedelta(minutes=window.end - window.start) >= USUAL


def _ask(lost: list[Session], person: Person) -> str:
    """Return the page that names the dates which hours take out, before they do; nothing is
    kept.
    """
    shown = _named(lost, person)
    db.session.rollback()
    asked = [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_ASKED]
    return render_template(
        "own/week_takes_out.html",
        lost=shown,
        asked=asked,
        is_patient=me().kind is PersonKind.PATIENT,
    )


def _page(errors: dict[str, str], *, is_new: bool = False) -> str:
    person, language = me(), reader_language()
    hours = weekly_hours(person)
    return render_template(
        "own/own_week.html",
        errors=errors,
        is_patient=person.kind is PersonKind.PATIENT,
        home=home_of(person),
        seen=as_seen(hours),
        week=week_shown(hours, as_known=is_new),
        clock=zone(person.zone or practice().zone, language),
    )
