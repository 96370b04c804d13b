"""The name under which each person's calendar knows a session: chosen once, the same in invitation
and feed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.people.models import Practice
from scheduler.sessions.models import CalendarForm, CalendarName, Session
from scheduler.sessions.series import at_the_edge, regular_form

Names = dict[tuple[str, str], CalendarName]
"""By person id and session id; sessions of one regular series share one name."""


def calendar_names(
    known: Mapping[str, Sequence[Session]], *, host: str, now: datetime, with_past: bool = False
) -> Names:
    """Return the name of each session that each person (by id) knows, making those that are
    missing.

    A regular series gets one name, other sessions one each; a form once chosen is kept while any of
    it stands. `host` ends a new UID (RFC 7986 5.3: nothing in a UID may tell of anybody).
    `with_past`: `known` holds what began before `now`, too, so that a session ahead which a kept
    series would have to begin with, moved, can stand apart.
    """
    db.session.execute(
        select(Practice.id).with_for_update()
    )  # one at a time: two would name the same thing twice
    live = _live(known)
    single: dict[str, dict[str, CalendarName]] = defaultdict(dict)
    for row in (name for rows in live.values() for name in rows):
        if row.session_id is not None:  # a session that changes its series keeps a name of its own
            single[row.person_id][row.session_id] = row
    names: Names = {}
    fresh: list[CalendarName] = []
    for person_id, sessions in known.items():
        for series, those in _by_series(sessions).items():
            here = live[person_id, series]
            names |= _named(
                person_id, series, those, here, single[person_id], host, now, fresh, with_past
            )
    if fresh:
        db.session.execute(insert(CalendarName), [_row(name) for name in fresh])
    return names


def retire(uids: Iterable[str], *, now: datetime) -> None:
    """Take names out of use for ever: what is booked again gets a new one (RFC 5546 2.1.5)."""
    for row in db.session.scalars(select(CalendarName).where(CalendarName.uid.in_(list(uids)))):
        row.retired_on = now.date()
    db.session.flush()


def give_own_uids(uid: str, sessions: Sequence[str], *, now: datetime) -> None:
    """Give sessions (ids) of a kept series names of their own; the series goes on without
    them.
    """
    if not sessions:
        return
    whole = db.session.get_one(CalendarName, uid)
    host = uid.rpartition("@")[2]
    db.session.add_all(
        _name(whole.person_id, whole.series, session_id, host, now) for session_id in sessions
    )
    db.session.flush()


def wall_starts(sessions: Iterable[Session], zone: str) -> list[tuple[datetime, int]]:
    """Return the naive wall-clock start in `zone` and the minutes of each session, in order."""
    return sorted((wall_start(session, zone), session.minutes) for session in sessions)


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
    for session in sessions:
        found[session.series].append(session)
    return found


def _named(
    person_id: str,
    series: str,
    sessions: Sequence[Session],
    live: Sequence[CalendarName],
    single: Mapping[str, CalendarName],
    host: str,
    now: datetime,
    fresh: list[CalendarName],
    with_past: bool,
) -> Names:
    """Name the sessions one person has in one series; `single` are their names of single sessions,
    in any series.
    """
    whole = next((row for row in live if row.form is CalendarForm.SERIES), None)
    if whole is not None:
        together = _together(sessions, single, now, with_past)
    else:
        together = _new_series(sessions, live, single)
    known = dict(single)
    if together and _is_regular(together, kept=whole is not None):
        if whole is None:
            whole = _name(person_id, series, None, host, now)
            fresh.append(whole)
        known.update(dict.fromkeys((session.id for session in together), whole))
    names: Names = {}
    for session in sessions:
        if session.id not in known:
            known[session.id] = _name(person_id, series, session.id, host, now)
            fresh.append(known[session.id])
        names[person_id, session.id] = known[session.id]
    return names


def _new_series(
    sessions: Sequence[Session],
    live: Sequence[CalendarName],
    single: Mapping[str, CalendarName],
) -> Sequence[Session]:
    """Return the sessions that may share a new name: all of them, if none was named before."""
    if live:
        return []
    named_before = any(session.id in single for session in sessions)
    return [] if named_before else sessions


def _is_regular(sessions: Sequence[Session], *, kept: bool) -> bool:
    """True if one rule tells them in the zone of the first, which is the one their entry is
    written in.
    """
    zone = min(sessions, key=lambda session: session.starts_at).zone
    return regular_form(wall_starts(sessions, zone), zone, kept=kept) is not None


def _together(
    sessions: Sequence[Session],
    single: Mapping[str, CalendarName],
    now: datetime,
    with_past: bool,
) -> Sequence[Session]:
    """Return what a kept series holds: what once stood apart stays apart, because a name is never
    changed.
    """
    rest = [session for session in sessions if session.id not in single]
    if not with_past or not rest:
        return rest
    zone = rest[0].zone
    edge = set(at_the_edge(wall_starts(rest, zone), zone))
    together = []
    for session in rest:
        if session.starts_at <= now or wall_start(session, zone) not in edge:
            together.append(session)
    return together


def _name(
    person_id: str, series: str, session_id: str | None, host: str, now: datetime
) -> CalendarName:
    form = CalendarForm.SINGLES if session_id else CalendarForm.SERIES
    about = {
        "person_id": person_id,
        "series": series,
        "form": form,
        "session_id": session_id,
    }
    return CalendarName(
        uid=f"{new_id()}@{host}",
        made_at=now,
        retired_on=None,
        **about,
    )


def wall_start(session: Session, zone: str) -> datetime:
    """Return the wall time of `zone` a session begins at: its own is the truth, whatever the zone's
    rules are by now.
    """
    if session.zone == zone:
        return datetime.fromisoformat(session.starts_local)
    return session.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _row(name: CalendarName) -> dict[str, object]:
    return {column.key: getattr(name, column.key) for column in CalendarName.__table__.columns}
