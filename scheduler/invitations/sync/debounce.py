"""A few minutes of patience: changes that follow each other soon are told together, those that
press at once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from scheduler.invitations.model.itip import News
from scheduler.invitations.model.models import Pause
from scheduler.invitations.sync.diff import Difference
from scheduler.kernel.database import db

PATIENCE = timedelta(minutes=3)
"""How long after the first change the worker waits for more, so that a person is written to once.
"""


def waiting(
    found: Sequence[Difference],
    people: Collection[str] | None,
    *,
    patience: timedelta,
    now: datetime,
) -> set[str]:
    """Return the ids of those who are told later, and remember since when: a change waits
    `patience` for more.

    A person waits for everything or for nothing, so that their letters keep their order. Whoever
    has nothing to be told any more (of `people`, by id; None: all) waits no more.
    """
    since = {row.person_id: row.since for row in db.session.scalars(select(Pause))}
    theirs: dict[str, list[Difference]] = defaultdict(list)
    for difference in found:
        theirs[difference.person_id].append(difference)
    later = set()
    for person_id, changes in theirs.items():
        waited = now - since.get(person_id, now)
        if waited < patience and _may_wait(changes, now):
            later.add(person_id)
    _remember(later, since, people, now)
    return later


def paused_people() -> set[str]:
    """Return the ids of those who are told later."""
    return set(db.session.scalars(select(Pause.person_id)))


def _remember(
    later: set[str], since: Mapping[str, datetime], people: Collection[str] | None, now: datetime
) -> None:
    """Begin a pause for each of `later` who has none, and end those that are over."""
    over = set(since) - later
    if people is not None:
        over &= set(people)
    if over:
        db.session.execute(delete(Pause).where(Pause.person_id.in_(over)))
    new = sorted(later - set(since))
    db.session.add_all(Pause(person_id=person_id, since=now) for person_id in new)
    db.session.flush()


def _may_wait(changes: Sequence[Difference], now: datetime) -> bool:
    """True if there is a change in it, and nothing that presses: a withdrawal, another address,
    a meeting soon.
    """
    messages = [change.message for change in changes if change.message is not None]
    if any(change.elsewhere for change in changes):
        return False
    if all(message.news is News.NEW for message in messages):
        return False
    return all(message.can_wait(now) for message in messages)
