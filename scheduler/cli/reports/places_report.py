"""The nearest places that work where a change by hand was refused, a line each."""

from datetime import datetime

from scheduler.planning import places_instead
from scheduler.sessions import can_be_put_back, place_back, session_by_key, sessions_from
from scheduler.sessions.models import Status


def places_to_move(
    key: str, to: datetime | None, minutes: int | None, onward: bool, moment: datetime
) -> list[str]:
    """Return a line for each of the nearest places that work, as `--to` takes them."""
    row = session_by_key(key)
    wish = to or datetime.fromisoformat(row.starts_local)
    if row.status is not Status.SCHEDULED or row.starts_at <= moment:
        return []
    concerned = sessions_from(row, onward=onward, now=moment)
    places = places_instead(concerned, to=wish, minutes=minutes, now=moment)
    return [f"this would work: --to {place:%Y-%m-%dT%H:%M}" for place in places]


def places_to_put_back(key: str, to: datetime | None, moment: datetime) -> list[str]:
    """Return a line for each of the nearest places that work instead of where it is put back to."""
    row = session_by_key(key)
    if not can_be_put_back(row, now=moment):
        return []
    wish, minutes = place_back(row, to)
    how = "--to"
    if row.status is Status.SCHEDULED:
        how = f"sessions move {key} --to"
    places = places_instead(
        [row],
        to=wish,
        minutes=minutes,
        now=moment,
    )
    lines = []
    for place in places:
        line = f"this would work: {how} {place:%Y-%m-%dT%H:%M}"
        lines.append(line)
    return lines
