"""A few minutes of patience: changes that follow each other soon are told together, those that
press at once.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
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
    for each in found:
        theirs[each.person_id].append(each)
    later = {
        person
        for person, those in theirs.items()
        if now - since.get(person, now) < patience and _may_wait(those, now)
    }
    over = [one for one in since if one not in later and (people is None or one in people)]
    if over:
        db.session.execute(delete(Pause).where(Pause.person_id.in_(over)))
    db.session.add_all(Pause(person_id=one, since=now) for one in sorted(later - set(since)))
    db.session.flush()
    return later


def _may_wait(those: Sequence[Difference], now: datetime) -> bool:
    """Say whether there is a change in it, and nothing that presses: a withdrawal, another address,
    a meeting soon.
    """
    messages = [each.message for each in those if each.message is not None]
    changes = any(each.news is not News.NEW for each in messages)
    return (
        changes
        and not any(each.elsewhere for each in those)
        and all(each.can_wait(now) for each in messages)
    )
