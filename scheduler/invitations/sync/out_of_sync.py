"""What somebody should have been told and was not, and what somebody was told twice: neither should
ever last.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler.invitations.model.content import Content
from scheduler.invitations.model.models import Invitation, Pause
from scheduler.invitations.sync.debounce import PATIENCE
from scheduler.invitations.sync.diff import differences
from scheduler.invitations.sync.take_up_changes import take_up_changes
from scheduler.invitations.sync.tell_changes import NEAR, unknown_changes
from scheduler.kernel.database import db

WORKED_OFF = timedelta(minutes=1)
"""How long after its patience has run out a change may still be on its way into a letter."""


@dataclass(frozen=True, slots=True)
class OutOfSync:
    """One calendar name under which a person knows something other than what stands."""

    person_id: str
    uid: str
    sequence: int | None


def out_of_sync(*, now: datetime) -> list[OutOfSync]:
    """Return what `announce` would have to say at `now` and no pause excuses. Nothing is written.

    A change that has just been made is among it until the worker has come by.
    """
    waits = set(
        db.session.scalars(select(Pause.person_id).where(Pause.since > now - PATIENCE - WORKED_OFF))
    )
    looking = db.session.begin_nested()
    try:
        found, _ = differences(now=now, people=None)
        return [
            OutOfSync(
                difference.person_id,
                difference.uid,
                difference.known.sequence if difference.known else None,
            )
            for difference in found
            if difference.person_id not in waits
        ]
    finally:
        looking.rollback()  # comparing takes new names for what cannot go on under its own


def unheard_changes(*, now: datetime) -> list[tuple[str, str]]:
    """Return (person, session), by id, of what changed within seven days and the person does not
    know, longer ago than a pause. Nothing is written.
    """
    looking = db.session.begin_nested()
    try:
        take_up_changes(now=now)
        found = []
        for each in unknown_changes(now=now, until=now + NEAR):
            if each.session.changed_at <= now - PATIENCE - WORKED_OFF:
                found.append((each.notice.person_id, each.session.id))
        return sorted(found)
    finally:
        looking.rollback()


def told_twice(*, now: datetime) -> list[tuple[str, str]]:
    """Return (person, session), by id, of what lies ahead and was told under more than one calendar
    name.
    """
    rows = select(Invitation.person_id, Invitation.told)
    standing = rows.where(Invitation.told.is_not(None))
    times: Counter[tuple[str, str]] = Counter()
    for person_id, told in db.session.execute(standing):
        content = Content.of_document(told)
        for meeting in content.ahead(now):
            times[person_id, meeting.session_id] += 1
    twice = []
    for pair, many in times.items():
        if many > 1:
            twice.append(pair)
    return sorted(twice)
