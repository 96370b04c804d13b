"""The one page for whatever a personal address no longer opens, or never did.

Withdrawn, ended, rotated, mistyped or guessed: the same status and the same bytes, after the same
work, so that an address tells nothing to somebody who only tries.
"""

from datetime import datetime
from typing import NoReturn

from flask import abort, make_response, render_template

from scheduler.consents import agenda
from scheduler.invitations import any_invitation, by_token, dates_of_page
from scheduler.invitations.model.models import Invitation
from scheduler.web.auth.access import whoami
from scheduler.web.auth.reader_language import forget_reader, speak_to


def invitation_behind(token: str, *, now: datetime) -> Invitation:
    """Return the invitation of a personal address; an address that never was costs as much to look
    at and ends at `nothing_stands`.
    """
    row = by_token(token, now=now)
    if row is None:
        _look_at_another(now)
        nothing_stands()
    return row


def _look_at_another(now: datetime) -> None:
    stand_in = any_invitation()
    if stand_in is not None:
        dates_of_page(stand_in)
        agenda(stand_in.person, now=now, since=now)


def nothing_stands() -> NoReturn:
    """Say that there is nothing to see or answer, in the language of the browser or of who is
    signed in with it, not in that of the address.
    """
    forget_reader()
    person = whoami()
    if person is not None:
        speak_to(person)
    abort(make_response(render_template("family/gone.html"), 410))
