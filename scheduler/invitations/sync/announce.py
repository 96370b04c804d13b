"""Telling everybody who is invited what is different from what they were told; every letter to them
begins here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from scheduler import audit
from scheduler.consents.model.models import Grant
from scheduler.invitations.letters.invitation_letter import Bulk, Sending, send
from scheduler.invitations.model.itip import Message, Method, News, follow
from scheduler.invitations.model.links import link_token
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.sync.debounce import waiting
from scheduler.invitations.sync.desired_state import DesiredState
from scheduler.invitations.sync.diff import Difference, Grants, differences
from scheduler.invitations.sync.stale_entries import is_quiet
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.outbox import withdraw
from scheduler.sessions import retire

KINDS = {News.NEW: "invitation", News.CHANGED: "update", News.GONE: "cancellation"}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing a person is told: `kind` is invitation, update or cancellation; `letter_id` None:
    nothing leaves.
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
) -> list[Told]:
    """Compare what people (ids; None: all) were told with what is true, and write the letter for
    each difference.

    Safe to repeat: without a difference nothing is written. What has begun is never taken back.
    With `patience` a change waits that long for others, unless it presses: then nothing of that
    person is told yet.
    """
    found, grants = differences(now=now, people=people)
    later = waiting(found, people, patience=patience, now=now)
    due = _in_order(difference for difference in found if difference.person_id not in later)
    bulks = _bulks(due, grants)
    told = [
        _tell(difference, grants, bulks[_together(difference)], by=by, now=now)
        for difference in due
    ]
    return [entry for entry in told if entry is not None]


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
    """Put first what can tell all and be answered, and of those what comes soonest."""
    return sorted(found, key=_rank)


def _rank(difference: Difference) -> tuple[bool, datetime, str]:
    message = difference.message
    if message is None:
        return True, datetime.max.replace(tzinfo=UTC), difference.uid
    starts = [
        meeting.begins_at for meeting in message.after or message.before or message.content.meetings
    ]
    return message.method is not Method.REQUEST, min(starts), difference.uid


def _speaks(difference: Difference, grants: Grants) -> bool:
    """True if its message leaves as a letter, to an address that knows what was before."""
    silent = difference.wanted is None and is_quiet(difference.known, grants)
    never_left = (
        difference.message is not None
        and difference.message.news is News.GONE
        and difference.shown is None
    )
    return not (silent or never_left or difference.elsewhere)


def _tell(
    difference: Difference, grants: Grants, bulk: Bulk, *, by: str, now: datetime
) -> Told | None:
    """Write what is told from now on, and the letter, unless its silence was asked for or nothing
    had arrived yet.
    """
    message, known = difference.message, difference.known
    grant = grants.get(known.grant_id or "") if known else None
    quiet = is_quiet(known, grants)
    silent = quiet and difference.wanted is None
    if difference.elsewhere and known is not None and not quiet:
        _say_goodbye(difference, known, grant, now)
    if message is None:
        assert known is not None
        withdraw(known.person_id, known.uid, known.address)
        _noted(difference, now)
        return None
    row = _noted(difference, now)
    letter_id = None
    if message.news is News.GONE and difference.shown is None:
        withdraw(row.person_id, row.uid, row.address)  # what never left needs no cancellation
    elif not silent:
        purpose = (difference.wanted.recipient.purpose if difference.wanted else None) or (
            grant.purpose if grant else None
        )
        until = difference.wanted.covers_until if difference.wanted else None
        about = (row, row.person, row.address, KINDS[message.news], purpose, until, message)
        letter_id = send(
            Sending(*about, bulk if message in bulk.messages else Bulk((message,))), now=now
        )
    kind = KINDS[message.news]
    noted = {
        "uid": difference.uid,
        "sequence": row.sequence,
        "grant": row.grant_id,
        "letter": letter_id,
    }
    audit.append(f"invitations.{kind}", f"person {row.person_id}", noted, by=by, now=now)
    return Told(row.person_id, row.patient_id, row.uid, row.series, kind, row.sequence, letter_id)


def _say_goodbye(
    difference: Difference, row: Invitation, grant: Grant | None, now: datetime
) -> None:
    """Take what lies ahead out of the calendar at the old address, which may be somebody else's by
    now.
    """
    about: dict[str, Any] = {"sequence": row.sequence, "withdrawn": True, "now": now}
    message = follow(difference.shown, None, shown=difference.shown, **about)
    if message is not None:
        kind, purpose = KINDS[News.GONE], grant.purpose if grant else None
        send(
            Sending(row, row.person, row.address, kind, purpose, None, message, Bulk((message,))),
            now=now,
        )


def _noted(difference: Difference, now: datetime) -> Invitation:
    """Write into the invitation what its person knows now."""
    message, want, row = difference.message, difference.wanted, difference.known
    if row is None:
        assert want is not None
        row = _new(difference.uid, want)
    row.shown = (
        None if difference.elsewhere or difference.shown is None else difference.shown.document()
    )
    if want is not None:
        row.grant_id, row.address = want.recipient.grant_id, want.recipient.person.email
    told = message.told if message else difference.told
    row.sequence, row.told_at = message.sequence if message else row.sequence, now
    row.told = told.document() if told else None
    db.session.flush()
    if want is None and row.grant_id is None:
        retire(
            [difference.uid], now=now
        )  # a patient's sessions go on in their feed, under a name that no invitation had
    return row


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
