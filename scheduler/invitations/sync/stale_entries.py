"""Telling again what was told to be gone in a letter that never left: the calendar shows it
still.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from scheduler.consents import barred_people, is_barred
from scheduler.consents.model.models import Grant
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.sync.desired_state import DesiredState
from scheduler.outbox import has_left, was_withheld, will_leave


def tell_gone_again(
    known: Mapping[str, Invitation],
    should: Mapping[str, DesiredState],
    told: Mapping[str, Content],
    grants: Mapping[str, Grant],
    *,
    now: datetime,
) -> dict[str, Content]:
    """Count as told, by UID, what calendars still show, so that the comparison takes it out.

    What silence left goes once its person is told of it under another name: under the grant of
    that. What a withdrawal kept in by chance, because a letter still waited, goes as the withdrawal
    says. What stands at an address they have left stays there.
    """
    wanted = _wanted_by_session(should)
    found = {}
    for uid, row in known.items():
        before = told.get(uid)
        if uid in should or row.shown is None or _lies_ahead(before, now):
            continue
        left = Content.of_document(row.shown)
        ahead = left.ahead(now)
        again = _wanted_again(row, ahead, wanted)
        goes = _is_still_shown(row) if again else _was_stopped(row, grants)
        if not ahead or not goes:
            continue
        begun = before.begun(now) if before else ()
        found[uid] = replace(left, meetings=tuple(sorted((*begun, *ahead))))
        row.told = found[uid].document()
        if again is not None:
            row.grant_id = again.recipient.grant_id
    return found


def _lies_ahead(told: Content | None, now: datetime) -> bool:
    return told is not None and bool(told.ahead(now))


def _wanted_by_session(
    should: Mapping[str, DesiredState],
) -> dict[tuple[str, str], DesiredState]:
    """Return by (person, session) under which name it is wanted now."""
    found = {}
    for want in should.values():
        person_id = want.recipient.person.id
        for meeting in want.content.meetings:
            found[person_id, meeting.session_id] = want
    return found


def _wanted_again(
    row: Invitation,
    ahead: Iterable[Meeting],
    wanted: Mapping[tuple[str, str], DesiredState],
) -> DesiredState | None:
    """Return the first name under which one of these meetings is told at the same address."""
    for meeting in ahead:
        want = wanted.get((row.person_id, meeting.session_id))
        if want is not None and want.recipient.person.email == row.address:
            return want
    return None


def is_quiet(known: Invitation | None, grants: Mapping[str, Grant]) -> bool:
    """True if their calendar is left as it is: silence was chosen, or they are not to be
    contacted at all.
    """
    grant = grants.get(known.grant_id or "") if known else None
    if known is None or grant is None:
        return False
    return grant.silent or is_barred(
        known.person_id,
        known.patient_id,
        barred_people([known.patient_id]),
    )


def _is_still_shown(row: Invitation) -> bool:
    """True if no letter has taken it out, nor one that waits will."""
    about = row.person_id, row.uid, row.sequence, row.address
    return not has_left(*about) and not will_leave(*about)


def _was_stopped(row: Invitation, grants: Mapping[str, Grant]) -> bool:
    kept_in = was_withheld(
        row.person_id,
        row.uid,
        row.sequence,
        row.address,
    )
    return kept_in and not is_quiet(row, grants)
