"""Shared reads of invitations: by the secret of a personal page, for the desk, for reminders."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from scheduler.i18n import Finding, lint_outward
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.links import link_settings
from scheduler.invitations.model.models import Answer, AnswerGiven, HeldReply, HeldState, Invitation
from scheduler.invitations.replies.answer import dates_of, order
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.outbox.models import Letter
from scheduler.people import practice
from scheduler.programs.models import Program
from scheduler.sessions.models import Session


def outward_findings() -> list[Finding]:
    """Return what is wrong with all that this practice shows to the outside: sender, programs'
    outward titles, links.
    """
    house = practice()
    titles = db.session.scalars(
        select(Program.outward_title).distinct().order_by(Program.outward_title)
    )
    return lint_outward(
        house.outward_name, house.outward_email, titles, house.name, link_settings().base_url
    )


@dataclass(frozen=True, slots=True)
class ToldDate:
    """One meeting a person was told: its session, its name within the invitation, when it is, and
    their answer.

    `answer` is the one that counts, to this date or to the whole; `current` says whether it is to
    the time told last.
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


def by_token(token: str) -> Invitation | None:
    """Return the invitation behind the secret of a personal page, whatever became of it."""
    return db.session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))


@dataclass(frozen=True, slots=True)
class DateSaid:
    """One date as a person was told it: its session, and when it was said to be."""

    session_id: str
    begins_at: datetime
    ends_at: datetime


def dates_before(row: Invitation) -> list[DateSaid]:
    """Return what was told under an invitation before it was moved or cancelled, in order."""
    found = []
    for session_id, begins, minutes in row.was or ():
        begins_at = datetime.fromisoformat(begins)
        ends_at = begins_at + timedelta(minutes=minutes)
        found.append(DateSaid(session_id, begins_at, ends_at))
    return found


def any_invitation() -> Invitation | None:
    """Return some invitation, always the same; None before the first."""
    return db.session.scalar(select(Invitation).order_by(Invitation.uid).limit(1))


def invitations_of(person_id: str) -> list[Invitation]:
    """Return the invitations of which something stands, for one person."""
    rows = select(Invitation).where(
        Invitation.person_id == person_id,
        Invitation.told.is_not(None),
    )
    in_order = rows.order_by(Invitation.series, Invitation.uid)
    return list(db.session.scalars(in_order))


def told_dates(people: Collection[str]) -> list[ToldDate]:
    """Return all dates that these people (ids) were told and that stand, in order, with their
    answers.
    """
    rows = select(Invitation).where(
        Invitation.person_id.in_(list(people)),
        Invitation.told.is_not(None),
    )
    invitations = list(db.session.scalars(rows))
    return dates_told(invitations)


def told_elsewhere(people: Collection[str]) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the UIDs under which these people (ids) were told something by invitation, and
    (person, session) of it.
    """
    rows = select(
        Invitation.uid,
        Invitation.person_id,
        Invitation.told,
    )
    told = rows.where(Invitation.person_id.in_(list(people)), Invitation.told.is_not(None))
    uids, sessions = set(), set()
    for uid, person, document in db.session.execute(told):
        uids.add(uid)
        sessions |= {(person, session) for session, *_ in document["meetings"]}
    return uids, sessions


def answers_to(session_id: str, people: Collection[str]) -> list[ToldDate]:
    """Return for one session what each of `people` (the ids of its audience) was told and
    answered.
    """
    return [told for told in told_dates(people) if told.session_id == session_id]


def dates_told(invitations: Collection[Invitation]) -> list[ToldDate]:
    """Return the dates of these invitations in order, with the answer that counts for each."""
    given = _newest_answers([row.uid for row in invitations])
    unmoved = _unmoved_since(invitations, given.values())
    found = []
    for row in invitations:
        if row.told is None:
            continue
        content = Content.of_document(row.told)
        names = {begins: name for name, begins in dates_of(content).items()}
        for meeting in content.meetings:
            name = names[meeting.begins_at]
            best = _best(given.get((row.uid, None)), given.get((row.uid, name)))
            date = ToldDate(
                row.uid,
                row.person_id,
                meeting.session_id,
                name,
                meeting.begins_at,
                meeting.ends_at,
                row.told_at,
                answer=best.answer if best else None,
                current=best is not None and _is_current(best, row, meeting, unmoved),
            )
            found.append(date)
    return sorted(found, key=lambda told: (told.begins_at, told.uid))


def _newest_answers(uids: Collection[str]) -> dict[tuple[str, datetime | None], AnswerGiven]:
    """Return by UID and date the answer that counts for it."""
    newest: dict[tuple[str, datetime | None], AnswerGiven] = {}
    rows = select(AnswerGiven).where(AnswerGiven.uid.in_(uids))
    for answer in db.session.scalars(rows):
        key = answer.uid, answer.recurrence
        before = newest.get(key)
        if before is None or order(answer) >= order(before):
            newest[key] = answer
    return newest


def _best(series: AnswerGiven | None, date: AnswerGiven | None) -> AnswerGiven | None:
    """Return which of two answers counts: one date keeps its own unless the series' is newer
    (G7).
    """
    if series is None or date is None:
        return date or series
    return date if order(date) > order(series) else series


Unmoved = Callable[[AnswerGiven, str], bool]


def _is_current(answer: AnswerGiven, row: Invitation, meeting: Meeting, unmoved: Unmoved) -> bool:
    """True if an answer is to the time that was told last."""
    if answer.sequence is None or answer.sequence >= row.sequence:
        return True
    return unmoved(answer, meeting.session_id)


def _unmoved_since(invitations: Collection[Invitation], given: Collection[AnswerGiven]) -> Unmoved:
    """Return whether a session (id) stands where the version that was answered told it: what was
    changed since in its series was another date.
    """
    older = _answers_to_older_versions(invitations, given)
    if not older:
        return lambda _answer, _session: False
    letters = select(
        Letter.uid,
        Letter.sequence,
        Letter.created_at,
    )
    theirs = letters.where(Letter.uid.in_({answer.uid for answer in older}))
    written = {(row.uid, row.sequence): row.created_at for row in db.session.execute(theirs)}
    changed = _session_changes(invitations)

    def unmoved(answer: AnswerGiven, session_id: str) -> bool:
        at = written.get((answer.uid, answer.sequence))
        return at is not None and session_id in changed and changed[session_id] <= at

    return unmoved


def _answers_to_older_versions(
    invitations: Collection[Invitation], given: Collection[AnswerGiven]
) -> list[AnswerGiven]:
    numbers = {row.uid: row.sequence for row in invitations}
    older = []
    for answer in given:
        if answer.sequence is not None and answer.sequence < numbers[answer.uid]:
            older.append(answer)
    return older


def _session_changes(invitations: Collection[Invitation]) -> dict[str, datetime]:
    """Return when each session (id) that was told has been changed last."""
    told: set[str] = set()
    for row in invitations:
        if row.told is not None:
            told.update(meeting[0] for meeting in row.told["meetings"])
    changes = select(Session.id, Session.changed_at)
    rows = db.session.execute(changes.where(Session.id.in_(told)))
    found = {}
    for session_id, changed_at in rows:
        found[session_id] = changed_at
    return found


def waiting_replies(limit: int = 200) -> list[HeldReply]:
    """Return the mailed answers that wait for a person, the oldest first."""
    rows = (
        select(HeldReply)
        .where(HeldReply.state == HeldState.OPEN)
        .order_by(HeldReply.came_at, HeldReply.id)
    )
    return list(db.session.scalars(rows.limit(limit)))


def count_waiting_replies() -> int:
    """Return how many mailed answers wait for a person."""
    rows = select(func.count()).select_from(HeldReply).where(HeldReply.state == HeldState.OPEN)
    return db.session.scalar(rows) or 0


def answers_given(people: Collection[str], limit: int = 200) -> list[AnswerGiven]:
    """Return every answer of these people (ids), by mail and by page, the newest first."""
    rows = select(AnswerGiven).where(AnswerGiven.person_id.in_(list(people)))
    return list(
        db.session.scalars(rows.order_by(AnswerGiven.given_at.desc(), AnswerGiven.id).limit(limit))
    )
