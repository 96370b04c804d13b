"""Where a lifted session could be in a week: a page for who has no script, and what the board asks
for whoever moves it there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import Blueprint, jsonify, render_template, request, url_for

from scheduler.kernel.clock import now
from scheduler.people import names_by_key, practice
from scheduler.planning import (
    Hours,
    Place,
    grid_of,
    places_in_week,
    standing_sessions,
)
from scheduler.sessions import is_within_reach, session_by_key
from scheduler.sessions.models import Session
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import titles_by_key, when_words
from scheduler.web.desk.truth.session_wish import LONGEST, SHORTEST
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import clock_words, day_words, named, title_words, zone_words

bp = Blueprint("session_places", __name__, url_prefix="/desk/sessions")
FIRST = 7 * 60
LAST = 22 * 60
"""Nobody is asked for the middle of the night, unless a board shows it: minutes after midnight of
starts.
"""
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One start of a week: where it leads, or why it cannot be."""

    start: datetime
    words: str
    why: str
    href: str
    rules: tuple[str, ...]
    """What is in the way, whatever the hour."""

    @property
    def clock(self) -> str:
        """The time without its day."""
        return clock_words(self.start)


@dataclass(frozen=True, slots=True)
class DayShown:
    """The starts of a day: those that are open, and stretches of the others with what is in their
    way: first start, last start, words of the first.
    """

    words: str
    is_open: tuple[PlaceShown, ...]
    shut: tuple[tuple[str, str, str], ...]


@bp.get("/<key>/places")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show every place of a week at which a session could be, and what is in the way of the
    others.
    """
    row = session_by_key(key)
    monday = _monday(row)
    minutes = number_asked("minutes", row.minutes, least=SHORTEST, most=LONGEST)
    moment = now()
    first = number_asked("first", FIRST, least=0, most=LAST)
    last = number_asked("last", LAST, least=first, most=DAY)
    hours = Hours(first, last, grid_of(row))
    found = places_in_week(row, monday=monday, hours=hours, minutes=minutes, now=moment)
    shown = _shown(row, found, minutes)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(places=[_as_json(place) for place in shown], step=hours.every)
    return render_template(
        "desk/board/session_places.html",
        row=row,
        days=_by_day(shown),
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        week=f"{day_words(monday)} – {day_words(monday + timedelta(days=6))}",
        minutes=minutes,
        title=title_words(row.kind, row.title, row.topic, reader_language()),
        when=when_words(row),
        zone=zone_words(row.zone),
    )


def _shown(row: Session, places: Iterable[Place], minutes: int) -> list[PlaceShown]:
    names = names_by_key() | titles_by_key(standing_sessions([row.cohort_id]))
    stands = datetime.fromisoformat(row.starts_local)
    found = []
    for place in places:
        day = place.start.date()
        is_same = place.start == stands and minutes == row.minutes
        href = url_for(
            "session_edit.look",
            key=row.key,
            deed="move",
            day=day.isoformat(),
            at=f"{place.start:%H:%M}",
            minutes=minutes,
        )
        shown = PlaceShown(
            start=place.start,
            words=f"{day_words(day)}, {clock_words(place.start)}",
            why=sentence(named(place.words, names)) if place.words else "",
            href="" if place.words or is_same else href,
            rules=tuple(finding.rule.value for finding in place.broken) or (place.refusal,),
        )
        found.append(shown)
    return found


def _as_json(place: PlaceShown) -> dict[str, object]:
    return {
        "day": place.start.date().isoformat(),
        "at": place.start.hour * 60 + place.start.minute,
        "words": place.words,
        "why": place.why,
        "href": place.href,
    }


def _by_day(places: Iterable[PlaceShown]) -> list[DayShown]:
    by_day: dict[date, list[PlaceShown]] = {}
    for place in places:
        by_day.setdefault(place.start.date(), []).append(place)
    days = []
    for day, own in by_day.items():
        free = tuple(place for place in own if not place.why)
        days.append(DayShown(day_words(day), free, tuple(_shut(own))))
    return days


def _shut(places: Iterable[PlaceShown]) -> Iterator[tuple[str, str, str]]:
    """Yield the stretches of a day for which the same rules are in the way."""
    for is_shut, stretch in groupby(places, key=_way):
        starts = list(stretch)
        if is_shut:
            yield starts[0].clock, starts[-1].clock, starts[0].why


def _way(place: PlaceShown) -> tuple[str, ...]:
    return place.rules if place.why else ()


def _monday(row: Session) -> date:
    """Return the Monday of the week asked for, else of the session's own."""
    own = datetime.fromisoformat(row.starts_local).date()
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        day = own
    if not is_within_reach(row, day, today=practice().day_at(now())):
        day = own
    return day - timedelta(days=day.weekday())


def number_asked(name: str, otherwise: int, *, least: int, most: int) -> int:
    """Return a number of the address; `otherwise` where there is none between these bounds."""
    said = request.args.get(name, "")
    is_number = said.isdecimal() and len(said) < 5
    if is_number and least <= int(said) <= most:
        return int(said)
    return otherwise
