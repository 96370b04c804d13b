"""What staff make of words that somebody wrote back: a no to dates, no more letters, or an address
that is somebody else's.
"""

from collections.abc import Collection
from datetime import datetime

from scheduler import consents, tasks
from scheduler.consents.model.models import BarrierKind
from scheduler.i18n import N_
from scheduler.invitations.model.at_address import dates_gone_over, dates_of_page
from scheduler.invitations.model.content import Content
from scheduler.invitations.model.dates import dates_of
from scheduler.invitations.model.models import (
    Answer,
    AnswerGiven,
    HeldKind,
    HeldReply,
    HeldState,
    Invitation,
)
from scheduler.invitations.replies.answer import DESK, MAIL, answer
from scheduler.invitations.replies.answer_tasks import take_as_known
from scheduler.invitations.replies.mended_addresses import close, matter_of
from scheduler.invitations.replies.review import close_reply, meeting_of
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox.models import Letter
from scheduler.people.models import Person, PersonKind

SOMEBODY_ELSE = N_("somebody else reads it; they wrote so")
BREACH = (
    "Letters to {address} were read by somebody else, who wrote so. Look at what was told there "
    "(who was told what), decide whether it is a breach to report (45 CFR 164.400 to 164.414), and "
    "ask for the right address. Nothing goes there any more."
)


def count_as_no(
    held: HeldReply, dates: Collection[datetime] = (), *, by: str, now: datetime
) -> AnswerGiven:
    """Let words of a person count as a no to `dates` (names within their invitation), or to the one
    date ahead of the letter they answer; give the last answer noted. Raises Conflict where there is
    none ahead, or more than one and none is named.
    """
    row = held.invitation
    if held.kind is not HeldKind.WORDS or row is None:
        raise Conflict("this cannot be decided that way; put it aside instead")
    given = None
    over = {date.recurrence for date in dates_gone_over(row) if date.begins_at > now}
    for name in _names(row, dates, over, now):
        given = answer(
            row,
            Answer.DECLINED,
            name,
            by=by,
            now=now,
            way=DESK if name in over else MAIL,
            comment=held.comment,
        )
    assert given is not None
    take_as_known(row.person_id, by=by, now=now)
    close_reply(held, HeldState.TAKEN, by=by, now=now)
    return given


def stop_writing(held: HeldReply, *, by: str, now: datetime) -> None:
    """Write nothing more to a relative who asks for that (do-not-contact; lifted only by staff).

    Raises Conflict for anybody else: a patient's own affairs go on, so they are called.
    """
    person = held.person
    if person is None or person.kind is not PersonKind.RELATIVE or person.relative is None:
        raise Conflict("only letters to a relative can be ended here; talk to them instead")
    consents.add_barrier(
        patient=person.relative.patient,
        person=person,
        kind=BarrierKind.DO_NOT_CONTACT,
        asked_by=person.key,
        by=by,
        now=now,
    )
    close_reply(held, HeldState.TAKEN, by=by, now=now)


def take_as_wrong_address(held: HeldReply, *, by: str, now: datetime) -> None:
    """Let nothing go any more to the address of the letter that was answered, and ask somebody to
    look at what was read there. Raises Conflict where that letter is not known.
    """
    letter = None
    if held.letter_id:
        letter = db.session.get(Letter, held.letter_id)
    if letter is None or held.person_id is None:
        raise Conflict("which letter it answers is not known; put it aside instead")
    leads_to = close(letter.address, SOMEBODY_ELSE, by=by, now=now)
    tasks.raise_task(
        "breach",
        f"breach:{matter_of(held.person_id, letter.address)}",
        BREACH.format(address=letter.address),
        about_id=held.person_id,
        leads_to=leads_to,
        now=now,
    )
    close_reply(held, HeldState.TAKEN, by=by, now=now)


def is_relative(person: Person | None) -> bool:
    """True if letters to this person can be ended at their word."""
    return person is not None and person.kind is PersonKind.RELATIVE


def _names(
    row: Invitation, dates: Collection[datetime], over: Collection[datetime], now: datetime
) -> list[datetime | None]:
    """Return the names of the dates that are refused, those ahead at a calendar address (`over`)
    too; None of a single meeting. Raises Conflict where none is ahead, as where nothing is told
    any more.
    """
    content = None
    if row.told is not None:
        content = Content.of_document(row.told)
    if over:
        return _among_both(row, content, dates, over, now)
    if content is None or not content.series:
        meeting_of(row, None, now)
        return [None]
    known = dates_of(content)
    if dates:
        return [name for name in sorted(dates) if name in known]
    meeting = meeting_of(row, None, now)
    return [name for name, begins in known.items() if begins == meeting.begins_at]


def _among_both(
    row: Invitation,
    content: Content | None,
    dates: Collection[datetime],
    over: Collection[datetime],
    now: datetime,
) -> list[datetime | None]:
    """Return the same where some of it went over to a calendar address."""
    ahead = {date.recurrence for date in dates_of_page(row) if date.begins_at > now}
    chosen = sorted(ahead.intersection(dates or ahead))
    is_said_which = bool(dates) or len(chosen) == 1
    if not chosen or not is_said_which:
        raise Conflict("say which of the dates ahead it is about")
    is_series = content is not None and content.series
    names: list[datetime | None] = []
    for name in chosen:
        names.append(_within(name, over, is_series=is_series))
    return names


def _within(name: datetime, over: Collection[datetime], *, is_series: bool) -> datetime | None:
    """Return the name that an answer to a date carries: None for an invitation's single meeting."""
    if is_series or name in over:
        return name
    return None
