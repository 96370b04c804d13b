"""Telling patients and clinicians what changed, however their calendar is fed: one letter a person,
and nothing to who is told by invitation.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from sqlalchemy import Select, or_, select

from scheduler import audit
from scheduler.consents import audiences, is_placed
from scheduler.invitations.letters.change_letter import (
    ChangeLetter,
    changes_section,
    key_of,
    send_changes,
)
from scheduler.invitations.letters.message_body import Reader, Section
from scheduler.invitations.model.itip import SOON
from scheduler.invitations.model.models import ChangeNotice
from scheduler.invitations.sync.unknown import Times, Unknown, by_person, parts_of
from scheduler.kernel.database import db
from scheduler.outbox import take_back_letter
from scheduler.people import calendar_choices, people_by_id
from scheduler.people.models import Person, Way
from scheduler.sessions import cooling_sessions, sessions_by_id
from scheduler.sessions.models import Session, Status

NEAR = timedelta(days=7)
"""How near a time is, old or new, that is told by a letter of its own; later ones wait for the
week's.
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """One person who is told, and by which letter."""

    person_id: str
    series: str
    letter_id: str | None


def tell_changes(
    *,
    by: str,
    now: datetime,
    people: Collection[str] | None = None,
    patience: timedelta = timedelta(),
) -> list[Heard]:
    """Write each of `people` (ids; None: all) one letter about what changed within seven days.

    With `patience` it waits that long for more, unless something is within a day.
    """
    near = unknown_changes(now=now, people=people, until=now + NEAR)
    everybody = people_by_id({each.notice.person_id for each in near})
    told = []
    for person_id, theirs in by_person(near).items():
        if _waits(theirs, patience, now):
            continue
        person = everybody[person_id]
        letter_id = send_changes(letter_about(person, theirs), now=now)
        mark_told(theirs, letter_id=letter_id, now=now)
        heard = Heard(
            person_id,
            theirs[0].session.series,
            letter_id,
        )
        write_down(heard, theirs, by=by, now=now)
        told.append(heard)
    return told


def unknown_changes(
    *, now: datetime, people: Collection[str] | None = None, until: datetime | None = None
) -> list[Unknown]:
    """Return what people (ids; None: all) do not know as it is, in order; with `until` only what is
    or was to begin by then.

    What they know by now, what is over, and what an invitation tells is let go on the way. A letter
    about one of them that still waits is taken back: what it told is not known yet.
    """
    found = _unknown(now, people, until)
    is_other = False
    for letter_id in sorted(_letters_of(found)):
        if _is_taken_back(letter_id):
            is_other = True
    if is_other:
        return _unknown(now, people, until)
    return found


def _letters_of(found: Iterable[Unknown]) -> set[str]:
    """Return the letters (ids) that told of these sessions last."""
    letters = set()
    for each in found:
        if each.notice.letter_id is not None and each.notice.told_at is not None:
            letters.add(each.notice.letter_id)
    return letters


def take_back_changes(letter_ids: Iterable[str]) -> None:
    """Take back each of these letters that tells changes and of which nothing has left: what it
    told is not known yet.
    """
    for letter_id in letter_ids:
        told = select(ChangeNotice.session_id).where(ChangeNotice.letter_id == letter_id)
        if db.session.scalar(told.limit(1)) is not None:
            _is_taken_back(letter_id)


def _is_taken_back(letter_id: str) -> bool:
    """Take back a letter, if nothing of it has left, and let its reader know what they knew before;
    say whether it was.
    """
    if not take_back_letter(letter_id):
        return False
    rows = select(ChangeNotice).where(ChangeNotice.letter_id == letter_id)
    for notice in db.session.scalars(rows):
        notice.starts_at = notice.was_at
        notice.ends_at = notice.was_until
        notice.is_fewer = notice.is_fewer or notice.was_fewer
        notice.was_fewer = False
        notice.pending = True
        notice.told_at = None
    db.session.flush()
    return True


def _unknown(
    now: datetime, people: Collection[str] | None, until: datetime | None
) -> list[Unknown]:
    rows = list(db.session.scalars(_pending(people, until, now)))
    if not rows:
        return []
    sessions = sessions_by_id({row.session_id for row in rows})
    stands = _standing(sessions, now)
    invited = _invited({row.person_id for row in rows})
    found = []
    for row in rows:
        session = sessions[row.session_id]
        is_invited = invited.hears(row.person_id, session)
        now_is = stands.get((row.person_id, session.id))
        each = _read(row, session, now_is, is_invited=is_invited)
        if _is_over(each, now):
            db.session.delete(row)
        elif each.is_known:
            _let_stand(row, is_invited=is_invited)
        elif until is None or each.starts[0] <= until:
            found.append(each)
    db.session.flush()
    return sorted(found, key=lambda each: (each.starts[0], each.session.key))


def _read(
    row: ChangeNotice, session: Session, now_is: Times | None, *, is_invited: bool
) -> Unknown:
    """Return what somebody does not know; an invitation tells them the time, and nothing of who
    takes part.
    """
    was = now_is if is_invited else _times(row.starts_at, row.ends_at)
    return Unknown(
        row,
        session,
        was,
        now_is,
    )


def changes_in_digest(theirs: Iterable[Unknown], reader: Reader) -> list[Section]:
    """Return what one person does not know as sections of the week's letter."""
    return changes_section(parts_of(theirs), reader)


def mark_told(theirs: Iterable[Unknown], *, now: datetime, letter_id: str | None = None) -> None:
    """Keep what people know from now on, by a letter that may be taken back."""
    for each in theirs:
        notice = each.notice
        notice.was_at = notice.starts_at
        notice.was_until = notice.ends_at
        notice.letter_id = letter_id
        notice.starts_at, notice.ends_at = each.now_is or (None, None)
        notice.was_fewer = each.is_fewer
        notice.is_fewer = False
        notice.pending = False
        notice.told_at = now
        notice.pressed_at = None


def _pending(
    people: Collection[str] | None, until: datetime | None, now: datetime
) -> Select[ChangeNotice]:
    rows = (
        select(ChangeNotice)
        .join(Session, Session.id == ChangeNotice.session_id)
        .where(ChangeNotice.pending, ChangeNotice.session_id.not_in(cooling_sessions(now)))
        .order_by(ChangeNotice.person_id, ChangeNotice.session_id)
        .with_for_update(skip_locked=True, of=ChangeNotice)
    )
    if people is not None:
        rows = rows.where(ChangeNotice.person_id.in_(list(people)))
    if until is not None:
        was_near = ChangeNotice.starts_at <= until
        is_near = Session.starts_at <= until
        rows = rows.where(or_(was_near, is_near))
    return rows


def _standing(sessions: Mapping[str, Session], now: datetime) -> dict[tuple[str, str], Times]:
    """Return by (person, session) when it is, for everybody who may know of it."""
    live = [row for row in sessions.values() if row.status is not Status.CANCELLED]
    found = {}
    for session_id, recipients in audiences(live, now=now).items():
        session = sessions[session_id]
        for recipient in recipients:
            times = session.starts_at, session.ends_at
            found[recipient.person.id, session_id] = times
    return found


@dataclass(frozen=True, slots=True)
class _Invited:
    """Who chose invitations."""

    ways: Mapping[str, Way]

    def hears(self, person_id: str, session: Session) -> bool:
        """True if an invitation tells this person what becomes of a session."""
        way = self.ways.get(person_id, Way.FEED)
        return way is Way.INVITATIONS or (way is Way.BOTH and is_placed(session))


def _invited(people: Collection[str]) -> _Invited:
    choices = calendar_choices(people)
    return _Invited({person_id: choice.way for person_id, choice in choices.items()})


def _is_over(each: Unknown, now: datetime) -> bool:
    return bool(each.starts) and each.starts[-1] <= now


def _let_stand(row: ChangeNotice, *, is_invited: bool) -> None:
    """Nothing is to be told: it is as they know it."""
    if is_invited or row.told_at is None:
        db.session.delete(row)
    else:
        row.pending = False


def _times(starts_at: datetime | None, ends_at: datetime | None) -> Times | None:
    if starts_at is None or ends_at is None:
        return None
    return starts_at, ends_at


def _waits(theirs: Iterable[Unknown], patience: timedelta, now: datetime) -> bool:
    """True if more may follow within `patience` of the first, and nothing is within a day."""
    first = now
    for each in theirs:
        if any(now < start <= now + SOON for start in each.starts):
            return False
        first = min(first, each.notice.since)
    return now - first < patience


def letter_about(person: Person, theirs: list[Unknown], *, again: bool = False) -> ChangeLetter:
    """Return the letter that tells one person what they do not know, or may have missed."""
    words = ["again"] if again else []
    for each in theirs:
        session = each.session
        was = each.was[0] if each.was else None
        before = each.notice.letter_id
        words.append(f"{session.id}:{session.version}:{was}:{before}")
    last = max(each.ends[-1] for each in theirs)
    return ChangeLetter(
        person,
        parts_of(theirs),
        key_of(person, words),
        first=theirs[0].starts[0],
        last=last,
    )


def write_down(heard: Heard, theirs: Iterable[Unknown], *, by: str, now: datetime) -> None:
    """Keep in the record that a person was told, of which sessions and by which letter."""
    keys = sorted(map(attrgetter("session.key"), theirs))
    details = {"sessions": keys, "letter": heard.letter_id}
    audit.append("invitations.change", f"person {heard.person_id}", details, by=by, now=now)
