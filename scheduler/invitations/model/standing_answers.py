"""The answer that counts for each date somebody was told: to all of its series or to it alone, and
whether it was given to the time that stands.

A date that moves is asked about anew; one that stays keeps its answer, also under another calendar
name.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import select

from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.dates import dates_of
from scheduler.invitations.model.models import Answer, AnswerGiven, Invitation
from scheduler.kernel.database import db

NEWEST = 2**31
"""More than any SEQUENCE."""


@dataclass(frozen=True, slots=True)
class ToldDate:
    """One meeting a person was told: its session, its name within the invitation, when it is, and
    their answer.

    `answer` is the one that counts, to this date or to the whole; `current` says whether it is to
    the time told last, and `answered_for` when it was to begin as it was answered, where that is
    known; `alone` says whether it was given to this date and no other.
    """

    uid: str
    person_id: str
    session_id: str
    recurrence: datetime
    begins_at: datetime
    ends_at: datetime
    told_at: datetime
    answer: Answer | None
    current: bool
    answered_for: datetime | None = None
    alone: bool = False

    @property
    def stands_alone(self) -> bool:
        """True if the answer counts for the time that stands, and for this date by itself."""
        return self.alone and self.current


Times = Mapping[str, tuple[datetime, int]]
"""By session (id) when it was to begin, and its minutes."""


def times_answered(given: AnswerGiven) -> Times | None:
    """Return the times that an answer was given to; None where they are not known."""
    if given.answered_to is None:
        return None
    found = {}
    for session_id, (begins, minutes) in given.answered_to.items():
        found[session_id] = datetime.fromisoformat(begins), minutes
    return found


def order(given: AnswerGiven) -> tuple[int, datetime]:
    """Return what decides between two answers (RFC 5546 2.1.5); one without a SEQUENCE counts as to
    the newest.
    """
    sequence = given.sequence
    if sequence is None:
        sequence = NEWEST
    moment = given.stamp or given.given_at
    return sequence, moment


def dates_told(invitations: Collection[Invitation]) -> list[ToldDate]:
    """Return the dates of these invitations in order, with the answer that counts for each."""
    given = answers_of({row.person_id for row in invitations})
    found = []
    for row in invitations:
        if row.told is None:
            continue
        content = Content.of_document(row.told)
        theirs = given.get(row.person_id, [])
        names = {}
        for name, begins in dates_of(content).items():
            names[begins] = name
        for meeting in content.meetings:
            name = names[meeting.begins_at]
            best = _that_counts(theirs, row, name, meeting)
            date = _told_date(row, name, meeting, best)
            found.append(date)
    found.sort(key=attrgetter("begins_at", "uid"))
    return found


def _told_date(
    row: Invitation, name: datetime, meeting: Meeting, best: AnswerGiven | None
) -> ToldDate:
    answered = _time_answered(best, meeting) if best else None
    is_current = False
    if best is not None and answered is not None:
        is_current = answered == (meeting.begins_at, meeting.minutes)
    elif best is not None:
        is_current = best.sequence is None or best.sequence >= row.sequence
    return ToldDate(
        row.uid,
        row.person_id,
        meeting.session_id,
        name,
        meeting.begins_at,
        meeting.ends_at,
        row.told_at,
        answer=best.answer if best else None,
        current=is_current,
        answered_for=answered[0] if answered else None,
        alone=is_to_one_date(best),
    )


def is_to_one_date(given: AnswerGiven | None) -> bool:
    """True if an answer was given to one date and no other."""
    if given is None:
        return False
    times = times_answered(given)
    return given.recurrence is not None or (times is not None and len(times) == 1)


def _time_answered(given: AnswerGiven, meeting: Meeting) -> tuple[datetime, int] | None:
    times = times_answered(given)
    if times is not None:
        return times.get(meeting.session_id)
    return None


def _that_counts(
    given: Collection[AnswerGiven], row: Invitation, name: datetime, meeting: Meeting
) -> AnswerGiven | None:
    """Return the answer that counts for a date: under its own calendar name the newest, a date's
    own unless the series' is newer (G7); else the newest said under another name.
    """
    own = []
    others = []
    for answer in given:
        times = times_answered(answer)
        is_own = answer.uid == row.uid
        if times is not None and meeting.session_id not in times:
            continue
        if is_own and answer.recurrence in {None, name}:
            own.append(answer)
        elif times is not None:
            others.append(answer)
    if own:
        return max(own, key=_weight)
    return max(others, key=newness, default=None)


def _weight(given: AnswerGiven) -> tuple[tuple[int, datetime], bool]:
    """Return what decides under one name: of two of one moment that to the date by itself, as a
    program says the exceptions of a series in one reply.
    """
    return order(given), is_to_one_date(given)


def newness(given: AnswerGiven) -> tuple[datetime, bool]:
    """Return what decides between answers under several names: when it was said, which a mail that
    came late says itself; of two of one moment that to the date by itself.
    """
    said = min(given.stamp or given.given_at, given.given_at)
    return said, is_to_one_date(given)


def answers_of(people: Collection[str]) -> dict[str, list[AnswerGiven]]:
    """Return by person (id) all that they answered, what was written last first: of two answers of
    one moment the later counts.
    """
    theirs = select(Invitation.uid).where(Invitation.person_id.in_(people))
    rows = select(AnswerGiven).where(AnswerGiven.uid.in_(theirs))
    found: dict[str, list[AnswerGiven]] = defaultdict(list)
    as_written = db.session.scalars(rows).all()
    for answer in reversed(as_written):
        theirs_so_far = found[answer.person_id]
        theirs_so_far.append(answer)
    return found
