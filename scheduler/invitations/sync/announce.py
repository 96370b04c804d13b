"""Telling everybody who is invited what is different from what they were told; every letter to them
begins here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scheduler import audit
from scheduler.consents.model.models import Grant
from scheduler.invitations.letters.bulk import Bulk
from scheduler.invitations.letters.invitation_letter import Sending, send
from scheduler.invitations.model.content import Content
from scheduler.invitations.model.itip import Message, Method, News, follow
from scheduler.invitations.model.links import link_token
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.sync.debounce import paused_people, waiting
from scheduler.invitations.sync.desired_state import DesiredState
from scheduler.invitations.sync.diff import Difference, Grants, differences
from scheduler.invitations.sync.press_changes import press_changes
from scheduler.invitations.sync.stale_entries import is_quiet
from scheduler.invitations.sync.take_up_changes import take_up_changes
from scheduler.invitations.sync.tell_changes import Heard, tell_changes
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.outbox import withdraw
from scheduler.people import has_chosen
from scheduler.sessions import retire

A_DAY = timedelta(days=1)
KINDS = {
    News.NEW: "invitation",
    News.CHANGED: "update",
    News.GONE: "cancellation",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing a person is told: `kind` is invitation, update, cancellation, or change for who is
    not invited by calendar; `letter_id` None: nothing leaves.
    """

    person_id: str
    patient_id: str
    uid: str
    series: str
    kind: str
    sequence: int
    letter_id: str | None


def announce(
    *,
    by: str,
    now: datetime,
    people: Collection[str] | None = None,
    patience: timedelta = timedelta(),
    concerned: Collection[str] | None = None,
) -> list[Told]:
    """Compare what people (ids; None: all) were told with what is true, and write the letter for
    each difference.

    Safe to repeat: without a difference nothing is written. What has begun is never taken back.
    With `patience` a change waits that long for others, unless it presses: then nothing of that
    person is told yet. `concerned` are those (ids; None: all) whom anything changed for since all
    were compared, and those who wait.
    """
    take_up_changes(now=now, people=people)
    among = _among(people, concerned)
    found, grants = differences(now=now, people=among)
    later = waiting(found, among, patience=patience, now=now)
    due = _in_order(difference for difference in found if difference.person_id not in later)
    bulks = _bulks(due, grants)
    told = [
        _tell(difference, grants, bulks[_together(difference)], by=by, now=now)
        for difference in due
    ]
    heard = tell_changes(
        by=by,
        now=now,
        people=people,
        patience=patience,
    )
    heard += press_changes(by=by, now=now, people=people)
    return [entry for entry in told if entry is not None] + [_heard(each) for each in heard]


def _among(
    people: Collection[str] | None, concerned: Collection[str] | None
) -> Collection[str] | None:
    """Return those (ids; None: all) who are to be compared."""
    if people is not None or concerned is None:
        return people
    return {*concerned, *paused_people()}


def _heard(heard: Heard) -> Told:
    return Told(
        heard.person_id,
        heard.person_id,
        uid="",
        series=heard.series,
        kind="change",
        sequence=0,
        letter_id=heard.letter_id,
    )


def _bulks(found: Iterable[Difference], grants: Grants) -> dict[tuple[str, str | None], Bulk]:
    """Put together what one person is told under one grant: the gate judges a letter by one, so it
    may tell no more.
    """
    messages: dict[tuple[str, str | None], list[Message]] = defaultdict(list)
    for difference in _in_order(found):
        said = (
            [difference.message]
            if difference.message is not None and _speaks(difference, grants)
            else []
        )
        messages[_together(difference)] += said
    return {key: Bulk(tuple(together)) for key, together in messages.items()}


def _together(difference: Difference) -> tuple[str, str | None]:
    """Return what may stand in one letter: one person's, under one grant, or their own affair."""
    return difference.person_id, difference.grant_id


def _in_order(found: Iterable[Difference]) -> list[Difference]:
    """Put first what can tell all and asks for an answer, and of those what comes soonest."""
    return sorted(found, key=_rank)


def _rank(difference: Difference) -> tuple[bool, bool, datetime, str]:
    message = difference.message
    if message is None:
        last = datetime.max.replace(tzinfo=UTC)
        return True, True, last, difference.uid
    meetings = message.after or message.before or message.content.meetings
    first = min(meeting.begins_at for meeting in meetings)
    is_asking = message.may_ask and bool(message.fresh())
    return message.method is not Method.REQUEST, not is_asking, first, difference.uid


def _speaks(difference: Difference, grants: Grants) -> bool:
    """True if its message leaves as a letter, to an address that knows what was before."""
    silent = difference.wanted is None and is_quiet(difference.known, grants)
    return not (silent or difference.never_left or difference.elsewhere)


def _tell(
    difference: Difference, grants: Grants, bulk: Bulk, *, by: str, now: datetime
) -> Told | None:
    """Write what is told from now on, and the letter, unless its silence was asked for or nothing
    had arrived yet.
    """
    known = difference.known
    grant = grants.get(known.grant_id or "") if known else None
    quiet = is_quiet(known, grants)
    if difference.elsewhere and known is not None and not quiet:
        _say_goodbye(difference, known, grant, now)
    if difference.message is None:
        _let_stand(difference, now)
        return None
    row = _noted(difference, now)
    letter_id = None
    if difference.never_left:
        withdraw(
            row.person_id,
            row.uid,
            row.address,
        )  # what never left needs no cancellation
    elif difference.wanted is not None or not quiet:
        letter_id = _send(difference, difference.message, row, grant, bulk, now)
    kind = KINDS[difference.message.news]
    told = Told(
        row.person_id,
        row.patient_id,
        row.uid,
        row.series,
        kind,
        row.sequence,
        letter_id,
    )
    _write_down(told, row.grant_id, by=by, now=now)
    return told


def _let_stand(difference: Difference, now: datetime) -> None:
    """Keep in the letter that waits: what the calendar shows is right as it is."""
    known = difference.known
    assert known is not None
    withdraw(
        known.person_id,
        known.uid,
        known.address,
    )
    _noted(difference, now)


def _send(
    difference: Difference,
    message: Message,
    row: Invitation,
    grant: Grant | None,
    bulk: Bulk,
    now: datetime,
) -> str | None:
    want = difference.wanted
    purpose = want.recipient.purpose if want else None
    if purpose is None and grant is not None:
        purpose = grant.purpose
    sending = Sending(
        row,
        row.person,
        row.address,
        KINDS[message.news],
        purpose,
        want.covers_until if want else None,
        message,
        bulk if message in bulk.messages else Bulk((message,)),
    )
    return send(sending, now=now)


def _write_down(told: Told, grant_id: str | None, *, by: str, now: datetime) -> None:
    details = {
        "uid": told.uid,
        "sequence": told.sequence,
        "grant": grant_id,
        "letter": told.letter_id,
    }
    about = f"person {told.person_id}"
    audit.append(f"invitations.{told.kind}", about, details, by=by, now=now)


def _say_goodbye(
    difference: Difference, row: Invitation, grant: Grant | None, now: datetime
) -> None:
    """Take what lies ahead out of the calendar at the old address, which may be somebody else's by
    now.
    """
    shown = difference.shown
    message = follow(shown, None, shown=shown, sequence=row.sequence, withdrawn=True, now=now)
    if message is None:
        return
    sending = Sending(
        row,
        row.person,
        row.address,
        KINDS[News.GONE],
        grant.purpose if grant else None,
        None,
        message,
        Bulk((message,)),
    )
    send(sending, now=now)


def _noted(difference: Difference, now: datetime) -> Invitation:
    """Write into the invitation what its person knows now."""
    message, want, row = difference.message, difference.wanted, difference.known
    if row is None:
        assert want is not None
        row = _new(difference.uid, want)
    shown = None if difference.elsewhere else difference.shown
    row.shown = shown.document() if shown else None
    if want is not None:
        row.grant_id = want.recipient.grant_id
        row.address = want.recipient.person.email
    told = difference.told
    if message is not None:
        told = message.told
        row.sequence = message.sequence
    row.told_at = now
    row.was = _told_before(row, told, now)
    row.told = told.document() if told else None
    db.session.flush()
    if want is None and _may_subscribe(row):
        # Their sessions go on in their feed, under a name that no invitation had.
        retire([difference.uid], now=now)
    return row


def _may_subscribe(row: Invitation) -> bool:
    return row.grant_id is None or has_chosen(row.person)


def _told_before(row: Invitation, told: Content | None, now: datetime) -> list[list[object]] | None:
    """Return what `row` has said and `told` says no more, for as long as its day may last."""
    before = list(row.was or ())
    if row.told is not None:
        for meeting in Content.of_document(row.told).meetings:
            before.append([meeting.session_id, meeting.begins_at.isoformat(), meeting.minutes])
    meetings = told.meetings if told else ()
    stands = {(meeting.session_id, meeting.begins_at.isoformat()) for meeting in meetings}
    gone: list[list[object]] = []
    for session_id, begins, minutes in before:
        is_recent = datetime.fromisoformat(begins) > now - A_DAY
        if is_recent and (session_id, begins) not in stands:
            gone.append([session_id, begins, minutes])
    return gone or None


def _new(uid: str, want: DesiredState) -> Invitation:
    person = want.recipient.person
    row = Invitation(
        uid=uid,
        person_id=person.id,
        patient_id=want.recipient.about_id,
        series=want.name.series,
        token_hash=token_hash(link_token(uid)),
    )
    row.person = person
    db.session.add(row)
    return row
