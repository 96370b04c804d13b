"""A relative changes their mind about how their sessions come: one entry takes the new way at once,
so that one letter tells it; the others stay as they came until they change or it is asked again.
"""

from datetime import datetime

from scheduler.invitations.model.content import Content
from scheduler.invitations.sync.announce import Told, announce
from scheduler.invitations.sync.told_and_wanted import read_both_sides
from scheduler.kernel.database import db
from scheduler.people import choose_calendar, keep_entries
from scheduler.people.models import Person, Way


def change_way(
    person: Person, *, way: Way, first_names: bool = False, by: str, now: datetime
) -> list[Told]:
    """Note what a relative chose, and tell what follows: at most one letter about what stands.

    Raises InputError for somebody who is neither patient nor relative.
    """
    people = {person.id}
    announce(
        by=by,
        now=now,
        people=people,
    )
    choose_calendar(
        person,
        way=way,
        first_names=first_names,
        by=by,
        now=now,
    )
    keep_entries(person, ())
    moving = _moving(people, now)
    with db.session.begin_nested() as trial:
        keep_entries(person, moving[1:])
        told = announce(by=by, now=now, people=people)
        letters = [news for news in told if news.letter_id is not None]
        if len(letters) <= 1:
            return told
        # The entry can only be told in pieces: everything stays as it came.
        trial.rollback()
    keep_entries(person, moving)
    return announce(by=by, now=now, people=people)


def _moving(people: set[str], now: datetime) -> list[str]:
    """Return the UIDs that would take another way, the soonest first."""
    should, _known, told = read_both_sides(people, now)
    starts = {}
    for uid, want in should.items():
        if uid not in told:
            starts[uid] = want.content.meetings[0].begins_at
    for uid, content in told.items():
        first = _first_ahead(content, now)
        if uid not in should and first is not None:
            starts[uid] = first
    return sorted(starts, key=lambda uid: (starts[uid], uid))


def _first_ahead(content: Content, now: datetime) -> datetime | None:
    return min((meeting.begins_at for meeting in content.ahead(now)), default=None)
