"""Shared reads of invitations: by the secret of a personal page, for the desk, for reminders."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from scheduler.i18n import Finding, lint_outward
from scheduler.invitations.model.at_address import dates_at_address
from scheduler.invitations.model.content import Content
from scheduler.invitations.model.links import link_settings
from scheduler.invitations.model.models import (
    Answer,
    AnswerGiven,
    FormerLink,
    HeldKind,
    HeldReply,
    HeldState,
    Invitation,
)
from scheduler.invitations.model.standing_answers import ToldDate, dates_told
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.people import practice
from scheduler.people.models import CalendarChoice, Person, PersonKind
from scheduler.programs.models import Program


def outward_findings() -> list[Finding]:
    """Return what is wrong with all that this practice shows to the outside: sender, programs'
    outward titles, links.
    """
    house = practice()
    titles = db.session.scalars(
        select(Program.outward_title).distinct().order_by(Program.outward_title)
    )
    return lint_outward(
        house.outward_name,
        house.outward_email,
        titles,
        house.name,
        link_settings().base_url,
    )


def by_token(token: str, *, now: datetime) -> Invitation | None:
    """Return the invitation behind the secret of a personal page, whatever became of it; a secret
    of before the last change of keys counts until its time is over.
    """
    known = token_hash(token)
    standing = (FormerLink.token_hash == known, FormerLink.ends_at > now)
    former = select(FormerLink.uid).where(*standing).scalar_subquery()
    wanted = or_(Invitation.token_hash == known, Invitation.uid == former)
    return db.session.scalar(select(Invitation).where(wanted))


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


def sessions_shown(people: Collection[str]) -> set[str]:
    """Return the sessions (ids) that calendars of these people (ids) show though nothing is told of
    them any more.
    """
    rows = select(Invitation.shown).where(
        Invitation.person_id.in_(list(people)),
        Invitation.shown.is_not(None),
    )
    found = set()
    for shown in db.session.scalars(rows):
        found |= {meeting.session_id for meeting in Content.of_document(shown).meetings}
    return found


def people_told() -> set[str]:
    """Return the ids of everybody who has an invitation of which something stands."""
    rows = select(Invitation.person_id).where(Invitation.told.is_not(None)).distinct()
    return set(db.session.scalars(rows))


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


def answered_dates(people: Collection[str]) -> list[ToldDate]:
    """Return the same, and what these people (ids) answered of what is at their calendar
    address.
    """
    answered = [date for date in dates_at_address(people) if date.answer is not None]
    return told_dates(people) + answered


def declined_sessions(people: Collection[str]) -> set[tuple[str, str]]:
    """Return (person, session), by id, of what these people said no to, as it stands."""
    rows = select(AnswerGiven.person_id).where(
        AnswerGiven.person_id.in_(list(people)),
        AnswerGiven.answer == Answer.DECLINED,
    )
    some = set(db.session.scalars(rows.distinct()))
    found = set()
    for date in answered_dates(some) if some else ():
        if date.current and date.answer is Answer.DECLINED:
            found.add((date.person_id, date.session_id))
    return found


def told_elsewhere(people: Collection[str]) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the UIDs under which these people (ids) were told something by invitation, and
    (person, session) of it; nothing for relatives who have not chosen: their address shows all.
    """
    rows = select(
        Invitation.uid,
        Invitation.person_id,
        Invitation.told,
    )
    told = rows.where(Invitation.person_id.in_(list(people)), Invitation.told.is_not(None))
    open_choice = _not_chosen(people)
    uids, sessions = set(), set()
    for uid, person, document in db.session.execute(told):
        if person in open_choice:
            continue
        uids.add(uid)
        sessions |= {(person, session) for session, *_ in document["meetings"]}
    return uids, sessions


def _not_chosen(people: Collection[str]) -> set[str]:
    chose = select(CalendarChoice.person_id)
    rows = select(Person.id).where(
        Person.id.in_(list(people)),
        Person.kind == PersonKind.RELATIVE,
        Person.id.not_in(chose),
    )
    return set(db.session.scalars(rows))


def answers_to(session_id: str, people: Collection[str]) -> list[ToldDate]:
    """Return for one session what each of `people` (the ids of its audience) was told and
    answered.
    """
    return [told for told in answered_dates(people) if told.session_id == session_id]


def waiting_replies(limit: int = 200) -> list[HeldReply]:
    """Return the mailed answers that wait for a person, the oldest first."""
    rows = (
        select(HeldReply)
        .where(HeldReply.state == HeldState.OPEN)
        .order_by(HeldReply.came_at, HeldReply.id)
    )
    return list(db.session.scalars(rows.limit(limit)))


def proposals_waiting(uid: str) -> list[HeldReply]:
    """Return the other times asked for under one invitation that wait for staff, oldest first."""
    rows = select(HeldReply).where(
        HeldReply.uid == uid,
        HeldReply.kind == HeldKind.PROPOSAL,
        HeldReply.state == HeldState.OPEN,
    )
    return list(db.session.scalars(rows.order_by(HeldReply.came_at, HeldReply.id)))


def answers_given(people: Collection[str], limit: int = 200) -> list[AnswerGiven]:
    """Return every answer of these people (ids), by mail and by page, the newest first."""
    rows = select(AnswerGiven).where(AnswerGiven.person_id.in_(list(people)))
    return list(
        db.session.scalars(rows.order_by(AnswerGiven.given_at.desc(), AnswerGiven.id).limit(limit))
    )
