"""Telling one person again what stands: asked for by their program (REFRESH), or after an answer to
an old version.
"""

from datetime import datetime

from scheduler.invitations.letters.bulk import Bulk
from scheduler.invitations.letters.invitation_letter import Sending, send
from scheduler.invitations.model.content import Content
from scheduler.invitations.model.itip import Message, Method, News
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.sync.desired_state import desired_state

KIND = "refresh"


def resend(row: Invitation, *, now: datetime) -> str | None:
    """Queue the REQUEST that was sent last, with its SEQUENCE; at most once a version, so that no
    loop can turn.

    Return the letter's id; None when nothing of it stands, or when what stands is other than what
    was told: that is announce's to say.
    """
    want = desired_state([row.person_id], now=now).get(row.uid)
    if want is None or row.told is None or want.recipient.person.email != row.address:
        return None
    told = Content.of_document(row.told)
    ahead = tuple(meeting for meeting in told.meetings if meeting.begins_at > now)
    if ahead != want.content.meetings:
        return None
    message = Message(
        Method.REQUEST,
        News.NEW,
        told,
        told,
        row.sequence,
        after=ahead,
    )
    about = (row, row.person, row.address, KIND, want.recipient.purpose, want.covers_until)
    return send(
        Sending(
            *about,
            message,
            Bulk((message,)),
        ),
        now=now,
    )
