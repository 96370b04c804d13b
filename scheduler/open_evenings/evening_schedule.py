"""Announcing an open evening, and cancelling one."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler import audit
from scheduler.i18n import lint
from scheduler.ical import steady, to_utc
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.open_evenings.models import OpenEvening
from scheduler.open_evenings.queries import evening_by_slug, rooms_for_evenings
from scheduler.people import practice

MOST_PLACES = 500
LONGEST_MINUTES = 240
LONGEST_TITLE = 80
FARTHEST = timedelta(days=366)
NOT_AHEAD = "choose a time ahead, within a year"
LONGEST_SLUG = 50


class BadEvening(InputError):
    """What was wished in one field cannot be."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class EveningWish:
    """An evening as the desk wants it; `starts` is wall time of the practice's zone."""

    title: str
    starts: datetime
    minutes: int
    places: int
    room_key: str


def announce_evening(wish: EveningWish, *, by: str, now: datetime) -> OpenEvening:
    """Make an open evening with an address of its own. Raises BadEvening."""
    house = practice()
    title = _title(wish.title, house.name)
    _require_sizes(wish)
    room = next((room for room in rooms_for_evenings() if room.key == wish.room_key), None)
    if room is None:
        raise BadEvening("room", "choose a room whose service makes an address for each evening")
    begin = _beginning(wish, house.zone, now)
    row = OpenEvening(
        slug=_free_slug(title, wish.starts),
        title=title,
        starts_local=f"{wish.starts:%Y-%m-%dT%H:%M}",
        zone=house.zone,
        starts_at=begin,
        ends_at=begin + timedelta(minutes=wish.minutes),
        places=wish.places,
        room_id=room.id,
        made_at=now,
        made_by=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.append("evenings.announce", row.slug, {"places": row.places}, by=by, now=now)
    return row


def cancel_evening(evening: OpenEvening, *, by: str, now: datetime) -> None:
    """Cancel an evening that is not over; its address says so. Raises InputError."""
    if evening.ends_at <= now:
        raise InputError("this evening is over")
    if evening.cancelled_at is None:
        evening.cancelled_at = now
        audit.append("evenings.cancel", evening.slug, {}, by=by, now=now)


def _title(text: str, legal_name: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise BadEvening("title", f"give a title of at most {LONGEST_TITLE} characters")
    found = lint(title, [legal_name])
    if found:
        raise BadEvening(
            "title",
            f"anybody can read the title, and “{found[0].word}” says too much; find another",
        )
    return title


def _require_sizes(wish: EveningWish) -> None:
    if not 15 <= wish.minutes <= LONGEST_MINUTES:
        raise BadEvening("minutes", f"an evening has 15 to {LONGEST_MINUTES} minutes")
    if not 1 <= wish.places <= MOST_PLACES:
        raise BadEvening("places", f"an evening has 1 to {MOST_PLACES} places")


def _beginning(wish: EveningWish, zone: str, now: datetime) -> datetime:
    nearly = wish.starts.date() - now.date()
    if abs(nearly) > FARTHEST:
        raise BadEvening("day", NOT_AHEAD)  # the last day of all has no instant everywhere
    begin = to_utc(wish.starts, zone)
    if not steady(wish.starts, wish.minutes, zone):
        raise BadEvening("at", "clocks change then; choose another time")
    if not now < begin < now + FARTHEST:
        raise BadEvening("day", NOT_AHEAD)
    return begin


def _free_slug(title: str, starts: datetime) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")
    name = f"{words or 'evening'}-{starts:%m-%d}"
    slug = name
    number = 1
    while evening_by_slug(slug) is not None:
        number += 1
        slug = f"{name}-{number}"
    return slug
