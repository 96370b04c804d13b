"""What staff decide about a mailed answer that waits: take it, decline it, put it aside."""

from datetime import datetime

from scheduler import audit, sessions, tasks
from scheduler.consents import is_free, is_placed
from scheduler.ical import Party, decline_counter
from scheduler.invitations.letters import message_body
from scheduler.invitations.letters.message_body import Notice, Reader
from scheduler.invitations.model.at_address import dates_gone_over
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.dates import dates_of
from scheduler.invitations.model.links import link
from scheduler.invitations.model.models import (
    AnswerGiven,
    HeldKind,
    HeldReply,
    HeldState,
    Invitation,
)
from scheduler.invitations.replies.answer import MAIL, answer
from scheduler.invitations.replies.answer_tasks import take_as_known
from scheduler.invitations.replies.review_queue import task_key
from scheduler.invitations.sync.desired_state import DesiredState, desired_state
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.outbox import CalendarPart, Ground, MailWords, Posting, Sender, post
from scheduler.outbox.models import Basis
from scheduler.people import note_own_word, practice, sender_name, stretch, whom_to_ask
from scheduler.people.models import Person
from scheduler.sessions.models import Session


def proposed_for(held: HeldReply, *, now: datetime) -> Session:
    """Return the session that a proposal is about. Raises Conflict when it is no longer what was
    spoken of or is for many, InputError when no time was named.
    """
    row = _row(held, HeldKind.PROPOSAL)
    session = db.session.get(Session, _session_spoken_of(row, held.recurrence, now))
    if session is None or held.starts_at is None or held.ends_at is None:
        raise InputError("the proposal names no time; decline it, or move the session by hand")
    if not is_placed(session):
        raise Conflict("a session for many does not move for one; decline the proposal")
    return session


def accept_proposal(held: HeldReply, *, by: str, now: datetime) -> Session:
    """Move the session to the proposed time; everybody affected is told as of any other move (RFC
    5546 3.2.7).

    Whoever proposes a time is free then: their free times grow by it. Raises Conflict when it
    cannot be moved there or is no longer what was spoken of, InputError for a bad time.
    """
    session = proposed_for(held, now=now)
    assert held.starts_at is not None and held.ends_at is not None
    sessions.reschedule(
        session,
        held.starts_at,
        held.ends_at,
        by=by,
        now=now,
    )
    if held.person is not None:
        _free_then(held.person, session, by=by, now=now)
    close_reply(held, HeldState.TAKEN, by=by, now=now)
    return session


def return_to_queue(held: HeldReply, *, by: str, now: datetime) -> None:
    """Let a proposal that was taken up wait for staff anew: its session was put back. Any other
    stays as it is.
    """
    if held.state is not HeldState.TAKEN:
        return
    held.state, held.decided_at, held.decided_by = HeldState.OPEN, None, None
    tasks.raise_again(task_key(held), now=now)
    _note(held, by=by, now=now)


def decline_proposal(held: HeldReply, *, by: str, now: datetime) -> str | None:
    """Leave everything as it is and tell so the one who proposed (RFC 5546 3.2.8); give the
    letter's id.

    None when this person may not be told of it any more: then only the desk knows.
    """
    row = _row(held, HeldKind.PROPOSAL)
    close_reply(held, HeldState.DECLINED, by=by, now=now)
    want = desired_state([row.person_id], now=now).get(row.uid)
    if want is None or row.told is None:
        return None
    return _declined(held, row, want, now)


def count_answer(held: HeldReply, *, by: str, now: datetime) -> AnswerGiven:
    """Let an answer count that staff know to be the invited person's. Raises Conflict,
    InputError.
    """
    row = _row(held, HeldKind.UNSURE)
    if held.answer is None:
        raise InputError("it says neither yes, no nor maybe; put it aside")
    given = answer(
        row,
        held.answer,
        held.recurrence,
        by=by,
        now=now,
        way=MAIL,
        sequence=held.sequence,
        stamp=held.stamp,
        comment=held.comment,
    )
    take_as_known(row.person_id, by=by, now=now)
    close_reply(held, HeldState.TAKEN, by=by, now=now)
    return given


def set_reply_aside(held: HeldReply, *, by: str, now: datetime) -> None:
    """Close it without any effect; nobody is told."""
    close_reply(held, HeldState.DISMISSED, by=by, now=now)


def _session_spoken_of(row: Invitation, recurrence: datetime | None, now: datetime) -> str:
    """Return the session (id) that a proposal is about, at their calendar address, too. Raises
    Conflict as `meeting_of` does.
    """
    over = []
    for date in dates_gone_over(row):
        is_named = date.recurrence == recurrence or (recurrence is None and row.told is None)
        if is_named and date.begins_at > now:
            over.append(date)
    if len(over) == 1:
        return over[0].session_id
    return meeting_of(row, recurrence, now).session_id


def meeting_of(row: Invitation, recurrence: datetime | None, now: datetime) -> Meeting:
    """Return the one meeting that an answer speaks of. Raises Conflict when there is none ahead, or
    more than one.
    """
    ahead: list[Meeting] = []
    if row.told is not None:
        content = Content.of_document(row.told)
        ahead = _spoken_of(content, recurrence, now)
    if len(ahead) != 1:
        raise Conflict(
            "it does not speak of one session that is still ahead; move sessions by hand, or "
            "decline"
        )
    return ahead[0]


def _spoken_of(content: Content, recurrence: datetime | None, now: datetime) -> list[Meeting]:
    """Return the meetings ahead: the one named `recurrence`, else all."""
    ahead = list(content.ahead(now))
    if recurrence is None or not content.series:
        return ahead
    begins = dates_of(content).get(recurrence)
    return [meeting for meeting in ahead if meeting.begins_at == begins]


def _free_then(person: Person, session: Session, *, by: str, now: datetime) -> None:
    """Let a person's free times grow by the time they proposed themselves."""
    zone = person.zone or practice().zone
    begins, ends = session.starts_at, session.ends_at
    if person.free is None or is_free(person.free, zone, begins, ends):
        return
    proposed = stretch(zone, begins, ends)
    person.free = (*person.free, *proposed)
    db.session.flush()
    about = f"person {person.id}"
    details = {"session": session.key}
    audit.append("people.free_times", about, details, by=by, now=now)
    note_own_word(person, ["free"], by=by, now=now)


def _row(held: HeldReply, kind: HeldKind) -> Invitation:
    if held.kind is not kind or held.invitation is None:
        raise Conflict("this cannot be decided that way; put it aside instead")
    return held.invitation


def close_reply(held: HeldReply, state: HeldState, *, by: str, now: datetime) -> None:
    """Note what was decided, and take it off the list. Raises Conflict where it was decided
    already.
    """
    if held.state is not HeldState.OPEN:
        raise Conflict("somebody has decided this already")
    held.state = state
    held.decided_at = now
    held.decided_by = by
    tasks.finish_matter(task_key(held), by=by, now=now)
    _note(held, by=by, now=now)


def _note(held: HeldReply, *, by: str, now: datetime) -> None:
    db.session.flush()
    if held.person_id:
        subject = f"person {held.person_id}"
    else:
        subject = f"reply {held.id}"
    details = {"reply": held.id, "state": held.state.value}
    audit.append("invitations.decided", subject, details, by=by, now=now)


def _declined(held: HeldReply, row: Invitation, want: DesiredState, now: datetime) -> str | None:
    """Write that the proposed time is not possible, with DECLINECOUNTER (RFC 5546 3.2.8)."""
    house = practice()
    part = decline_counter(
        uid=row.uid,
        sequence=row.sequence,
        stamp=now,
        recurrence=held.recurrence,
        organizer=Party(house.outward_email, sender_name(row.person)),
        attendee=Party(row.address),
    )
    reader = Reader(row.person.language, row.person.zone or house.zone, whom_to_ask())
    envelope = message_body.declined(_notice(held, row, want.content), reader)
    words = MailWords(
        envelope.subject,
        envelope.text,
        envelope.html,
        calendar=CalendarPart(part, "DECLINECOUNTER"),
    )
    posting = Posting(
        kind="declined",
        key=f"declined:{held.id}",
        recipient_id=row.person_id,
        address=row.person.email,
        ground=_ground(row, want),
        due_at=now.replace(second=0, microsecond=0),
    )
    sender = Sender(sender_name(row.person), house.outward_email)
    letter = post(posting, words, sender=sender, now=now)
    return letter.id if letter else None


def _notice(held: HeldReply, row: Invitation, content: Content) -> Notice:
    """Return the times that stay: of the date that was proposed to be moved, else of all."""
    begins = None
    if held.recurrence is not None and content.series:
        begins = dates_of(content).get(held.recurrence)
    spans = tuple(
        (meeting.begins_at, meeting.minutes)
        for meeting in content.meetings
        if begins in {None, meeting.begins_at}
    )
    return Notice(
        content.title,
        sender_name(row.person),
        content.zone,
        link(row.uid),
        now=spans,
    )


def _ground(row: Invitation, want: DesiredState) -> Ground:
    purpose = want.recipient.purpose
    if purpose is None:
        return Ground(grant_id=want.recipient.grant_id, covers_until=want.covers_until)
    return Ground(
        Basis.GRANT,
        grant_id=want.recipient.grant_id,
        subject_id=row.patient_id,
        purpose=purpose.value,
        covers_until=want.covers_until,
    )
