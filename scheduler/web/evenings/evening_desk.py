"""Open evenings at the desk: which there are, a new one, cancelling one, going in to lead it."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.open_evenings import (
    LONGEST_MINUTES,
    MOST_PLACES,
    BadEvening,
    EveningDoor,
    EveningWish,
    announce_evening,
    cancel_evening,
    evening_by_slug,
    evening_door,
    evenings_since,
    rooms_for_evenings,
    way_in,
)
from scheduler.open_evenings.models import OpenEvening
from scheduler.people import practice
from scheduler.rooms import RoomUnavailable
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.family.room_handover import Handover
from scheduler.web.parts.family_times import hours_in
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import day_words, zone_words

bp = Blueprint("evening_desk", __name__, url_prefix="/desk/evenings")
SHOWN_BACK = timedelta(days=60)
USUAL = {"title": "", "day": "", "at": "19:00", "minutes": "90", "places": "50", "room": ""}


@bp.get("/")
@allow(*STAFF)
def overview() -> Page:
    """List the evenings ahead and lately held, and take a new one."""
    return _page({})


@bp.post("/")
@allow(*STAFF)
def announce() -> Page:
    """Make an evening with an address of its own."""
    try:
        row = announce_evening(_wish(), by=me().key, now=now())
    except BadEvening as error:
        db.session.rollback()
        said = catalog(reader_language()).gettext("Nothing was made.")
        return _page({error.field: f"{sentence(error)} {said}"}), 422
    db.session.commit()
    said = catalog(reader_language()).gettext("The evening has its address now: {address}")
    flash(said.format(address=_address(row)))
    return redirect(url_for("evening_desk.overview"), 303)


@bp.post("/<slug>/cancel")
@allow(*STAFF)
def cancel(slug: str) -> Page:
    """Cancel an evening: its page says so, and nobody gets in."""
    cancel_evening(_evening(slug), by=me().key, now=now())
    db.session.commit()
    flash(catalog(reader_language()).gettext("The evening is cancelled; its page says so."))
    return redirect(url_for("evening_desk.overview"), 303)


@bp.post("/<slug>/room")
@allow(*STAFF)
def go_in(slug: str) -> Page:
    """Let somebody of the staff in as moderator, who takes no place."""
    evening, person, moment = _evening(slug), me(), now()
    open_now = evening_door(evening, now=moment, has_place=True) is EveningDoor.OPEN
    room = None
    if open_now:
        try:
            url = way_in(evening, person.name, moderates=True, now=moment)
            room = Handover(url, None)
        except RoomUnavailable:
            room = Handover(None, None)
    back = url_for("evening_desk.overview")
    again = url_for("evening_desk.go_in", slug=slug)
    return render_template("family/room.html", room=room, back=back, again=again)


def _evening(slug: str) -> OpenEvening:
    return evening_by_slug(slug) or abort(404)


def _wish() -> EveningWish:
    typed = request.form
    try:
        starts = datetime.fromisoformat(f"{typed.get('day', '')}T{typed.get('at', '')}")
    except ValueError:
        raise BadEvening("day", "give a day and a start") from None
    return EveningWish(
        title=typed.get("title", ""),
        starts=starts.replace(tzinfo=None),
        minutes=_number("minutes"),
        places=_number("places"),
        room_key=typed.get("room", ""),
    )


def _number(name: str) -> int:
    typed = request.form.get(name, "")
    is_number = typed.isascii() and typed.isdigit()
    if not is_number or len(typed) > 5:
        return 0
    return int(typed)


def _page(errors: dict[str, str]) -> str:
    moment = now()
    rows = evenings_since(moment - SHOWN_BACK)
    typed = {name: request.form[name] for name in USUAL if name in request.form}
    return render_template(
        "desk/evenings.html",
        shown=[_shown(row, moment) for row in rows],
        rooms=[(room.key, room.key) for room in rooms_for_evenings()],
        fields=USUAL | typed,
        zone=zone_words(practice().zone),
        longest=LONGEST_MINUTES,
        most=MOST_PLACES,
        errors=errors,
    )


def _shown(row: OpenEvening, moment: datetime) -> dict[str, object]:
    day = datetime.fromisoformat(row.starts_local).date()
    return {
        "row": row,
        "when": f"{day_words(day)}, {hours_in('en', row.starts_at, row.ends_at, row.zone)}",
        "address": _address(row),
        "door": evening_door(row, now=moment).value,
    }


def _address(row: OpenEvening) -> str:
    return f"{current_app.config['KINFOLD'].base_url}{url_for('open_evening.page', slug=row.slug)}"
