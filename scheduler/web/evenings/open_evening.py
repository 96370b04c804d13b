"""An open evening at its public address: it says when it begins, opens by itself, and lets anyone
in while there is a place.

Nothing is kept of who comes: the number of places that are taken, and in the visitor's own browser
that it has one.
"""

from datetime import datetime
from math import ceil

from flask import Blueprint, abort, current_app, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.logs import Log
from scheduler.open_evenings import (
    OPENS,
    EveningDoor,
    evening_by_slug,
    evening_door,
    take_place,
    way_in,
)
from scheduler.open_evenings.models import OpenEvening
from scheduler.people import TooMany
from scheduler.rooms import RoomUnavailable
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.known_browser import counted_place
from scheduler.web.auth.rate_limit import RateLimit
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.family.room_handover import Handover
from scheduler.web.parts.family_times import clock_in, time_words
from scheduler.web.parts.page import Page

bp = Blueprint("open_evening", __name__)
log = Log(__name__)
ENTRIES = 120, 60.0
"""Tries to go in, a minute and address: a family and a library's network, no flood."""
LOOKED_AGAIN = 600
"""Seconds after which a page that waits is loaded again."""
PLACES = "open_evenings"
MOST_PLACES_KEPT = 5
"""Evenings that a browser remembers a place of."""
LONGEST_NAME = 40


@bp.record
def _begin(state: BlueprintSetupState) -> None:
    state.app.config["EVENING_ENTRIES"] = RateLimit(*ENTRIES)


@bp.get("/open/<slug>")
@allow(Who.ANYONE)
def page(slug: str) -> Page:
    """Say what is true of the evening now."""
    return _page(_evening(slug), now())


@bp.post("/open/<slug>")
@allow(Who.ANYONE)
def go_in(slug: str) -> Page:
    """Take a place, unless this browser has one, and hand over the evening's room."""
    entries: RateLimit = current_app.config["EVENING_ENTRIES"]
    if entries.too_many(counted_place()):
        raise TooMany
    moment = now()
    evening = _evening(slug)
    has_place = _has_place(evening)
    door = evening_door(evening, now=moment, has_place=has_place)
    if door is not EveningDoor.OPEN or not (has_place or take_place(evening)):
        return _page(evening, moment)
    try:
        room = Handover(way_in(evening, _name(), now=moment), None)
    except RoomUnavailable as error:
        db.session.rollback()
        log.error("room unavailable", kind="open evening", error=error)
        return _room(Handover(None, None), slug)
    db.session.commit()
    _keep_place(evening)
    return _room(room, slug)


def _room(room: Handover, slug: str) -> str:
    back = url_for("open_evening.page", slug=slug)
    again = url_for("open_evening.go_in", slug=slug)
    # The name is kept nowhere: who goes in again brings it along.
    return render_template(
        "family/room.html",
        room=room,
        back=back,
        again=again,
        called=_name(),
    )


def _evening(slug: str) -> OpenEvening:
    return evening_by_slug(slug) or abort(404)


def _page(evening: OpenEvening, moment: datetime) -> str:
    language = reader_language()
    opens_at = evening.starts_at - OPENS
    opens_in = ceil((opens_at - moment).total_seconds())
    return render_template(
        "evenings/open_evening.html",
        evening=evening,
        door=evening_door(
            evening,
            now=moment,
            has_place=_has_place(evening),
        ),
        when=time_words(
            language,
            evening.starts_at,
            evening.ends_at,
            evening.zone,
            evening.zone,
        ),
        opens=clock_in(language, opens_at, evening.zone),
        opens_in=opens_in,
        again_in=min(max(opens_in, 1), LOOKED_AGAIN),
        longest=LONGEST_NAME,
    )


def _name() -> str:
    """Return what the others in the room see: what the visitor typed, else a word for a guest."""
    words = request.form.get("name", "").split()
    typed = " ".join(words)[:LONGEST_NAME]
    if typed and typed.isprintable():
        return typed
    _ = catalog(reader_language())
    return _("Guest")


def _has_place(evening: OpenEvening) -> bool:
    return evening.id in session.get(PLACES, ())


def _keep_place(evening: OpenEvening) -> None:
    kept = [evening.id]
    for known in session.get(PLACES, ()):
        if known != evening.id:
            kept.append(known)
    session[PLACES] = kept[:MOST_PLACES_KEPT]
