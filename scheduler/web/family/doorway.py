"""What stands behind the address of a door: an invitation's own, or the short one of a text
message.
"""

from datetime import datetime

from scheduler.invitations import (
    DateSaid,
    any_invitation,
    by_short_token,
    by_token,
    dates_before,
    dates_of_page,
)
from scheduler.invitations.model.models import Invitation, ShortLink
from scheduler.web.auth.access import known_here
from scheduler.web.family.door_state import (
    Door,
    Doorway,
    door_state,
    is_about,
    is_ahead,
)
from scheduler.web.family.home.shown_dates import dates_of
from scheduler.web.family.nothing_here import nothing_stands


def doorway_behind(token: str, *, now: datetime) -> Doorway:
    """Return what stands behind an address while there is something to say of it; what is
    withdrawn, over or never was costs as much to look at, and ends at `nothing_stands`.
    """
    found = _found(
        token,
        now,
    )
    if found is None:
        stand_in = any_invitation()
        if stand_in is not None:
            _stands(
                _of_invitation(stand_in),
                now,
            )
        nothing_stands()
    return found


def require_standing(doorway: Doorway, now: datetime) -> None:
    """Go on only while something of it is still to come for its person, or was cancelled today."""
    if not _stands(
        doorway,
        now,
    ):
        nothing_stands()


def knows_more_at_the_door(token: str, now: datetime) -> bool:
    """True if nothing stands on the page of an invitation any more, and its owner, who is here, can
    read at its door what became of it. Everybody else is told the same of every address.
    """
    row = by_token(token, now=now)
    if row is None or known_here(row.person_id) is None or dates_of(row, row.person, now):
        return False
    return door_state(_of_invitation(row), now=now) is not None


def _stands(doorway: Doorway, now: datetime) -> bool:
    state = door_state(
        doorway,
        now=now,
    )
    if is_ahead(
        doorway,
        now,
    ):
        return True
    return (
        state is not None
        and state.door is Door.CANCELLED
        and is_about(
            state.told,
            now,
        )
    )


def _found(token: str, now: datetime) -> Doorway | None:
    row = by_token(token, now=now)
    link = by_short_token(
        token,
        now=now,
    )
    if row is not None:
        return _of_invitation(row)
    return _of_link(link) if link is not None else None


def _of_invitation(row: Invitation) -> Doorway:
    told = []
    for date in dates_of_page(row):
        told.append(
            DateSaid(
                date.session_id,
                date.begins_at,
                date.ends_at,
            )
        )
    before = tuple(dates_before(row))
    return Doorway(
        row.person,
        row.patient_id,
        tuple(told),
        before,
        row.uid,
    )


def _of_link(link: ShortLink) -> Doorway:
    date = DateSaid(
        link.session_id,
        link.begins_at,
        link.until,
    )
    return Doorway(
        link.person,
        link.patient_id,
        (date,),
        (),
        link.uid,
    )
