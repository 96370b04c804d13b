"""A clinician's own busy times: a calendar is uploaded or followed, and plans keep clear of it."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.busy import calendar_of, feed_of, follow, forget, read_soon, upload
from scheduler.busy.models import BusyFeed
from scheduler.i18n import N_, catalog
from scheduler.ical import LARGEST
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import practice
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import moment_words

bp = Blueprint("busy_calendar", __name__, url_prefix="/mine/busy")

ROOM_FOR_FORM = 64 * 1024
"""Octets of a form beside the file in it."""
ENDINGS = (".ics", ".ical", ".icalendar", ".ifb")
"""Of the names of files that are calendars (RFC 5545 8.1)."""
AFTER_FILE = N_(
    "The calendar is read within a minute and then takes the place of the file you brought; plans "
    "keep clear of the file until then. Look again then."
)
MOST_NAMED = 20
"""Entries that could not be read which the page names; of the others it says how many."""


@bp.url_value_preprocessor
def take_large_files(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Let a calendar be as large as calendars are, at this door alone; before the form is read."""
    if endpoint == f"{bp.name}.bring":
        request.max_content_length = LARGEST + ROOM_FOR_FORM
        request.max_form_memory_size = LARGEST + ROOM_FOR_FORM


@bp.get("/")
@allow(*STAFF)
def page() -> Page:
    """Show what is known, and take a calendar."""
    return _page({})


@bp.post("/")
@allow(*STAFF)
def bring() -> Page:
    """Read an uploaded calendar."""
    person = me()
    file = request.files.get("calendar")
    data = b""
    if file is not None:
        if (file.filename or "").lower().endswith(ENDINGS):
            data = file.read()
        file.close()
    if not data:
        said = N_("Choose the file that your calendar program exported (it ends in .ics).")
        return _page({"calendar": catalog(reader_language())(said)}), 422
    try:
        count = upload(
            person,
            data,
            by=person.key,
            now=now(),
        )
    except InputError as error:
        return _refused("calendar", error), 422
    db.session.commit()
    said = catalog(reader_language()).gettext(
        "{count} busy times are known now. The next plan keeps clear of them; what is published "
        "stays as it is."
    )
    flash(said.format(count=count))
    return redirect(url_for("busy_calendar.page"), 303)


@bp.post("/forget")
@allow(*STAFF)
def let_go() -> Page:
    """Forget the calendar."""
    person = me()
    forget(person, by=person.key, now=now())
    db.session.commit()
    flash(catalog(reader_language()).gettext("Your busy times are forgotten."))
    return redirect(url_for("busy_calendar.page"), 303)


@bp.post("/address")
@allow(*STAFF)
def follow_address() -> Page:
    """Follow a calendar at its address; the worker reads it, this process reaches nothing."""
    person = me()
    replaces_file = calendar_of(person) is not None and feed_of(person) is None
    try:
        follow(
            person,
            request.form.get("address", ""),
            by=person.key,
            now=now(),
        )
    except InputError as error:
        return _refused("address", error), 422
    db.session.commit()
    said = (
        AFTER_FILE
        if replaces_file
        else N_("The calendar is read within a minute. Look again then.")
    )
    flash(catalog(reader_language())(said))
    return redirect(url_for("busy_calendar.page"), 303)


@bp.post("/again")
@allow(*STAFF)
def read_again() -> Page:
    """Let the followed calendar be read next, not more often than once a minute."""
    try:
        read_soon(me(), now=now())
    except InputError as error:
        return _refused("address", error), 422
    db.session.commit()
    said = N_("The calendar is read again within a minute or two. Look again then.")
    flash(catalog(reader_language())(said))
    return redirect(url_for("busy_calendar.page"), 303)


def _refused(field: str, error: InputError) -> str:
    db.session.rollback()
    said = catalog(reader_language()).gettext("Nothing was changed.")
    return _page({field: f"{sentence(error)} {said}"})


def _page(errors: dict[str, str]) -> str:
    person = me()
    zone = practice().zone
    known = calendar_of(person)
    feed = feed_of(person)
    unread = (known.unread if known else None) or ()
    return render_template(
        "desk/busy_calendar.html",
        errors=errors,
        largest=LARGEST // 1024**2,
        unread=[(_at(entry.starts_at, zone), entry.why) for entry in unread[:MOST_NAMED]],
        more_unread=max(len(unread) - MOST_NAMED, 0),
        since=_at(known.uploaded_at, zone) if known else None,
        feed=feed,
        said=request.form.get("address", "") if "address" in errors else "",
        **_followed(feed, zone),
    )


def _followed(feed: BusyFeed | None, zone: str) -> dict[str, str | None]:
    """Return what the page says of the address that is followed; nothing without one."""
    if feed is None:
        return {}
    return {
        "host": urlsplit(feed.address).hostname,
        "read": _at(feed.read_at, zone),
        "tried": _at(feed.tried_at, zone),
        "following": _at(feed.next_at, zone),
    }


def _at(moment: datetime | None, zone: str) -> str | None:
    return moment_words(moment, zone) if moment else None
