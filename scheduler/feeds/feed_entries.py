"""What each person's calendar address shows: what stands, by the names their calendars know it by,
and what is struck.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scheduler.feeds.declined import declined_by
from scheduler.feeds.exclusions import excluded
from scheduler.feeds.page_link import page_link
from scheduler.feeds.render import Known, first_name
from scheduler.feeds.struck import struck_uids
from scheduler.kernel.database import db
from scheduler.people import calendar_choices, practice
from scheduler.sessions import Names, calendar_names
from scheduler.sessions.models import CalendarForm, Session, Status


def entries_of(
    known: Mapping[str, Sequence[Session]],
    left: Mapping[str, Sequence[Session]],
    people: Collection[str],
    now: datetime,
) -> dict[str, list[Known]]:
    """Return what each person's calendar address shows, by the names their calendars know it by;
    what they `left` is struck.
    """
    told: dict[str, list[Known]] = {person_id: [] for person_id in people}
    live, struck = _parted(known, left)
    if not live and not struck:
        return told
    host = practice().outward_email.rpartition("@")[2]
    for person_id, entry in _standing(live, people, host, now):
        told[person_id].append(entry)
    for person_id, entry in _struck(struck, host):
        told[person_id].append(entry)
    return told


def _standing(
    live: Mapping[str, Sequence[Session]], people: Collection[str], host: str, now: datetime
) -> Iterator[tuple[str, Known]]:
    """Return what stands, with the person (id) whose calendar shows it."""
    names: Names = {}
    if live:
        names = calendar_names(
            live,
            host=host,
            now=now,
            with_past=True,
        )
    elsewhere = excluded(list(people))
    leads = _first_names(live)
    declined = declined_by(list(live))
    for person_id, theirs in live.items():
        for session in theirs:
            name = names[person_id, session.id]
            has_begun = session.starts_at <= now
            uid = elsewhere.name_for(
                person_id,
                session.id,
                name.uid,
                begun=has_begun,
            )
            if uid is not None:
                named = leads.get((person_id, session.id), ())
                entry = _known(session, uid, name.form, named)
                is_declined = (person_id, session.id) in declined
                yield person_id, replace(entry, declined=is_declined)


def _struck(struck: Mapping[str, Sequence[Session]], host: str) -> Iterator[tuple[str, Known]]:
    """Return what is struck, with the person (id) whose calendar shows it."""
    if not struck:
        return
    uids = struck_uids(struck, host)
    for person_id, theirs in struck.items():
        for session in theirs:
            uid = uids[person_id, session.id]
            entry = _known(
                session,
                uid,
                CalendarForm.SINGLES,
                (),
            )
            yield person_id, replace(entry, struck_until=session.day_over, link="")


def _parted(
    known: Mapping[str, Sequence[Session]], left: Mapping[str, Sequence[Session]]
) -> tuple[dict[str, list[Session]], dict[str, list[Session]]]:
    """Return by person (id) what stands and what is struck, without those who have none."""
    live: dict[str, list[Session]] = defaultdict(list)
    struck: dict[str, list[Session]] = defaultdict(list)
    for person_id, theirs in known.items():
        for session in theirs:
            part = struck if session.status is Status.CANCELLED else live
            part[person_id].append(session)
    for person_id, gone in left.items():
        if gone:
            struck[person_id] += gone
    return dict(live), dict(struck)


def _known(session: Session, uid: str, form: CalendarForm, leads: tuple[str, ...]) -> Known:
    return Known(
        uid=uid,
        series=form is CalendarForm.SERIES,
        title=session.cohort.program.outward_title,
        leads=leads,
        zone=session.zone,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        version=session.version,
        changed_at=session.changed_at,
        starts_local=session.starts_local,
        session_id=session.id,
        link=page_link(session.id),
    )


def _first_names(
    sessions: Mapping[str, Sequence[Session]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return by (person, session) the first names of who leads, for patients who asked for them and
    nobody else.
    """
    asking = [
        person_id
        for person_id, choice in calendar_choices(list(sessions)).items()
        if choice.first_names
    ]
    ids = {session.id for person_id in asking for session in sessions[person_id]}
    if not ids:
        return {}
    rows = db.session.scalars(
        select(Session).where(Session.id.in_(ids)).options(selectinload(Session.leads))
    )
    leads = {}
    for row in rows:
        leads[row.id] = tuple(first_name(clinician.name) for clinician in row.leads)
    found = {}
    for person_id in asking:
        for session in sessions[person_id]:
            found[person_id, session.id] = leads[session.id]
    return found
