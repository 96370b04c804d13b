"""One letter as it was sent, for staff: its words and its calendar part, without what is for its
reader's eyes alone.
"""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Blueprint, render_template

from scheduler import outbox
from scheduler.kernel.errors import NotFound
from scheduler.outbox.models import Channel, Letter
from scheduler.people import names_by_id, practice
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words, zone_words

bp = Blueprint("opened_letter", __name__, url_prefix="/desk/letters")
SECRET = re.compile(r"/(i|j|r|feeds)/[\w-]{20,}", re.ASCII)
"""What opens a reader's own page; it is theirs alone."""
CODES = frozenset({"code", "password"})
"""Kinds of letter whose words sign somebody in."""


@bp.get("/<letter_id>")
@allow(*STAFF)
def page(letter_id: str) -> Page:
    """Show a letter as its reader got it."""
    letter = outbox.letters_by_id([letter_id]).get(letter_id)
    if letter is None:
        raise NotFound("there is no such letter")
    zone = practice().zone
    names = names_by_id({letter.recipient_id})
    return render_template(
        "desk/opened_letter.html",
        letter=letter,
        to=names.get(letter.recipient_id, ""),
        sent=moment_words(letter.sent_at, zone) if letter.sent_at else None,
        zone=zone_words(zone),
        **_parts(letter),
    )


def _parts(letter: Letter) -> dict[str, str | None]:
    """Return subject, words and calendar part; nothing but the subject of a letter with a code."""
    if letter.channel is Channel.TEXT:
        words = outbox.text_words(letter.mime)
        return {"subject": None, "words": _shown(words), "calendar": None}
    message = message_from_bytes(letter.mime, policy=policy.default)
    assert isinstance(message, EmailMessage)
    subject = str(message["Subject"])
    if letter.kind in CODES:
        return {"subject": subject, "words": None, "calendar": None}
    body = message.get_body(("plain",))
    words = str(body.get_content()) if body else ""
    return {
        "subject": subject,
        "words": _shown(words),
        "calendar": _calendar(message),
    }


def _calendar(message: EmailMessage) -> str | None:
    for part in message.walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "text/calendar" and isinstance(content, bytes):
            unfolded = content.decode("utf-8", "replace").replace("\r\n ", "")
            return _shown(unfolded)
    return None


def _shown(words: str) -> str:
    return SECRET.sub(r"/\1/…", words).strip()
