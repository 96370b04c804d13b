"""A patient or relative changes their mind about how their sessions come: one entry takes the new
way at once, so that one letter tells it; the others stay as they came until they end, or until it
is asked again (docs/decisions/0010-one-letter-a-change-of-way.md). What was answered stays, too: an
entry that ended would take the answer off the calendar. The page of one that moves goes on
(`at_address`).
"""

from datetime import datetime

from sqlalchemy import select

from scheduler.invitations.model.chosen_ways import subscribers
from scheduler.invitations.model.content import Content
from scheduler.invitations.model.models import AnswerGiven
from scheduler.invitations.sync.announce import Told, announce
from scheduler.invitations.sync.told_and_wanted import read_both_sides
from scheduler.kernel.database import db
from scheduler.people import choose_calendar, keep_entries
from scheduler.people.models import Person, Way

MOST_TRIED = 3
"""Entries of which one may take the new way at once."""
MOST_ROUNDS = 4


def change_way(
    person: Person, *, way: Way, first_names: bool = False, by: str, now: datetime
) -> list[Told]:
    """Note what a patient or relative chose, and tell what follows: at most one letter about what
    stands, but for who had no calendar before. Raises InputError for first names that are not
    theirs to choose.
    """
    people = {person.id}
    _settle(people, by=by, now=now)
    choose_calendar(
        person,
        way=way,
        first_names=first_names,
        by=by,
        now=now,
    )
    keep_entries(person, ())
    if not subscribers(people):
        # Nothing shows their sessions yet: all of them are told now.
        return _settle(people, by=by, now=now)
    free, answered = _moving(person, now)
    moving = [*free, *answered]
    for uid in free[:MOST_TRIED]:
        with db.session.begin_nested() as trial:
            keep_entries(person, [other for other in moving if other != uid])
            told = _settle(people, by=by, now=now)
            if _letters(told) <= 1:
                return told
            # This entry can only be told in pieces, or brings another with it.
            trial.rollback()
    keep_entries(person, moving)
    return _settle(people, by=by, now=now)


def _settle(people: set[str], *, by: str, now: datetime) -> list[Told]:
    """Tell until nothing is left to tell: an entry that has ended may leave its date to another,
    which is seen only then.
    """
    told: list[Told] = []
    for _round in range(MOST_ROUNDS):
        news = announce(by=by, now=now, people=people)
        told += news
        if not news:
            break
    return told


def _letters(told: list[Told]) -> int:
    return sum(news.letter_id is not None for news in told)


def _moving(person: Person, now: datetime) -> tuple[list[str], list[str]]:
    """Return the UIDs that would take another way, the soonest first; and those of them that would
    end although they were answered.
    """
    should, _known, told = read_both_sides({person.id}, now)
    starts = {}
    for uid, want in should.items():
        if uid not in told:
            starts[uid] = want.content.meetings[0].begins_at
    for uid, content in told.items():
        first = _first_ahead(content, now)
        if uid not in should and first is not None:
            starts[uid] = first
    given = select(AnswerGiven.uid).where(AnswerGiven.person_id == person.id)
    kept = set(db.session.scalars(given)) & set(told)
    soonest = sorted(starts, key=lambda uid: (starts[uid], uid))
    free = [uid for uid in soonest if uid not in kept]
    answered = [uid for uid in soonest if uid in kept]
    return free, answered


def _first_ahead(content: Content, now: datetime) -> datetime | None:
    return min((meeting.begins_at for meeting in content.ahead(now)), default=None)
