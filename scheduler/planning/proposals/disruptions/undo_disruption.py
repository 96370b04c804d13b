"""What was done about a disruption put back as one: every session where it was and as it was led,
and the days as they were noted.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, NotFound
from scheduler.people import Absence, people_by_id, person_by_key
from scheduler.people.models import Person
from scheduler.planning.explain.disruptions.disruption import read_choice
from scheduler.planning.proposals.disruptions.days_away import take_back_days_away
from scheduler.planning.proposals.models import DisruptionMet
from scheduler.programs import open_house
from scheduler.sessions import Snapshot, put_in_place, sessions_by_key, undo_change
from scheduler.sessions.models import Session

SHOWN = 10
RECENT = timedelta(days=31)


def disruption_met(row_id: str) -> DisruptionMet:
    """Return what was done about a disruption. Raises NotFound."""
    found = db.session.get(DisruptionMet, row_id)
    if found is None:
        raise NotFound("there is no such disruption")
    return found


def disruptions_met(*, now: datetime) -> list[DisruptionMet]:
    """Return what was done about disruptions of late, the newest first; ten at most."""
    since = now - RECENT
    newest_first = DisruptionMet.met_at.desc()
    recent = select(DisruptionMet).where(DisruptionMet.met_at > since)
    recent = recent.order_by(newest_first, DisruptionMet.id)
    shown = recent.limit(SHOWN)
    return list(db.session.scalars(shown))


def sessions_of(met: DisruptionMet) -> dict[str, Session]:
    """Return the sessions that were changed, by key."""
    return sessions_by_key([step["key"] for step in met.steps])


def away_of(met: DisruptionMet) -> Person | None:
    """Return who was away; None: the house was closed."""
    if met.clinician_id is None:
        return None
    return people_by_id([met.clinician_id])[met.clinician_id]


def undo_disruption(met: DisruptionMet, *, by: str, now: datetime) -> list[Session]:
    """Put everything back; return the sessions.

    Raises Conflict, with nothing changed, when it was put back already, a session was changed again
    since or would begin in the past, or somebody is engaged by now.
    """
    db.session.refresh(met, with_for_update=True)
    if met.put_back_at is not None:
        raise Conflict("this was put back already")
    rows = sessions_of(met)
    _refuse_changed(met, rows, now)
    away = away_of(met)
    places = []
    for step in met.steps:
        choice = read_choice(step["choice"])
        if choice.clinician is None or away is None:
            lay = _place(step)
            places.append(lay)
            continue
        comes = person_by_key(choice.clinician)
        put_in_place(
            rows[step["key"]],
            leaves=comes,
            comes=away,
            by=by,
            now=now,
        )
    undo_change(places, by=by, now=now)
    _take_days_back(met, away, by, now)
    met.put_back_at = now
    met.put_back_by = by
    db.session.flush()
    _note(met, away, by, now)
    return list(rows.values())


def _refuse_changed(met: DisruptionMet, rows: Mapping[str, Session], now: datetime) -> None:
    """Raise Conflict where a session is no longer as it was left, or has begun."""
    for step in met.steps:
        key = step["key"]
        row = rows.get(key)
        if row is None or row.version != step["version"]:
            raise Conflict(f"{key} was changed again since; look at it anew")
        if row.starts_at <= now:
            raise Conflict(f"{key} has begun or is over")


def _note(met: DisruptionMet, away: Person | None, by: str, now: datetime) -> None:
    about = f"person {away.key}" if away else "practice"
    details = {"disruption": met.id, "sessions": len(met.steps)}
    audit.append(
        "planning.undo_disruption",
        about,
        details,
        by=by,
        now=now,
    )


def _place(step: dict[str, object]) -> Snapshot:
    values = {name: value for name, value in step.items() if name != "choice"}
    return Snapshot(**values)  # type: ignore[arg-type]


def _take_days_back(met: DisruptionMet, away: Person | None, by: str, now: datetime) -> None:
    """Take the days back, where they were noted with it."""
    if not met.is_noted:
        return
    if away is None:
        open_house(
            met.first,
            met.last,
            by=by,
            now=now,
        )
        return
    absence = Absence(met.first, met.last)
    take_back_days_away(
        away,
        absence,
        by=by,
        now=now,
    )
