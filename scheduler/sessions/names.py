"""The name under which each person's calendar knows a session: chosen once, the same in invitation and feed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.people.models import Practice
from scheduler.sessions.models import CalendarForm, CalendarName, Session
from scheduler.sessions.series import regular_form

Names = dict[tuple[str, str], CalendarName]
"""By person id and session id; sessions of one regular series share one name."""


def calendar_names(known: Mapping[str, Sequence[Session]], *, host: str, now: datetime) -> Names:
    """Give the name of each session that each person (by id) knows, making those that are missing.

    A regular series gets one name, other sessions one each; a form once chosen is kept while any of it stands.
    `host` ends a new UID (RFC 7986 5.3: nothing in a UID may tell of anybody).
    """
    db.session.execute(select(Practice.id).with_for_update())  # one at a time: two would name the same thing twice
    live = _live(known)
    single: dict[str, dict[str, CalendarName]] = defaultdict(dict)
    for row in (each for rows in live.values() for each in rows):
        if row.session_id is not None:  # a session that changes its series keeps a name of its own
            single[row.person_id][row.session_id] = row
    names: Names = {}
    fresh: list[CalendarName] = []
    for person_id, sessions in known.items():
        for series, those in _by_series(sessions).items():
            here = live[person_id, series]
            names |= _named(person_id, series, those, here, single[person_id], host, now, fresh)
    if fresh:
        db.session.execute(insert(CalendarName), [_row(one) for one in fresh])
    return names


def retire(uids: Iterable[str], *, now: datetime) -> None:
    """Take names out of use for ever: what is booked again gets a new one (RFC 5546 2.1.5)."""
    for row in db.session.scalars(select(CalendarName).where(CalendarName.uid.in_(list(uids)))):
        row.retired_on = now.date()
    db.session.flush()


def wall_starts(sessions: Iterable[Session], zone: str) -> list[tuple[datetime, int]]:
    """Give the naive wall-clock start in `zone` and the minutes of each session, in order."""
    return sorted((each.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), each.minutes) for each in sessions)


def _live(known: Mapping[str, Sequence[Session]]) -> dict[tuple[str, str], list[CalendarName]]:
    found: dict[tuple[str, str], list[CalendarName]] = defaultdict(list)
    rows = select(CalendarName).where(CalendarName.retired_on.is_(None))
    if len(known) < 500:
        rows = rows.where(CalendarName.person_id.in_(list(known)))
    for row in db.session.scalars(rows):
        found[row.person_id, row.series].append(row)
    return found


def _by_series(sessions: Iterable[Session]) -> dict[str, list[Session]]:
    found: dict[str, list[Session]] = defaultdict(list)
    for each in sessions:
        found[each.series].append(each)
    return found


def _named(
    person_id: str, series: str, sessions: Sequence[Session], live: Sequence[CalendarName],
    single: Mapping[str, CalendarName], host: str, now: datetime, fresh: list[CalendarName],
) -> Names:  # fmt: skip
    """Name the sessions one person has in one series; `single` are their names of single sessions, in any series."""
    zone = sessions[0].zone
    whole = next((row for row in live if row.form is CalendarForm.SERIES), None)
    kept, free = whole is not None, not live and not any(each.id in single for each in sessions)
    regular = (kept or free) and regular_form(wall_starts(sessions, zone), zone, kept=kept) is not None

    def make(form: CalendarForm, session_id: str | None) -> CalendarName:
        words = {"person_id": person_id, "series": series, "form": form, "session_id": session_id}
        fresh.append(CalendarName(uid=f"{new_id()}@{host}", made_at=now, retired_on=None, **words))
        return fresh[-1]

    if regular:
        name = whole or make(CalendarForm.SERIES, None)
        return {(person_id, each.id): name for each in sessions}
    return {(person_id, each.id): single.get(each.id) or make(CalendarForm.SINGLES, each.id) for each in sessions}


def _row(name: CalendarName) -> dict[str, object]:
    return {column.key: getattr(name, column.key) for column in CalendarName.__table__.columns}
