"""Writing one letter or text message and queueing it: the one way from words into the outbox, and
back to be read.
"""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from scheduler.kernel.ids import new_id
from scheduler.outbox.mime_message import CalendarPart, Sender, compose, message_id_for
from scheduler.outbox.models import Basis, Channel, Letter
from scheduler.outbox.queueing import Draft, enqueue
from scheduler.outbox.sms_gateway import text_body, text_words


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may be written to: about themselves, or about a patient under a grant.

    `covers_until` is the instant up to which a letter tells of something, so that the database can
    refuse it where the grant ends before.
    """

    basis: Basis = Basis.SELF
    grant_id: str | None = None
    subject_id: str | None = None
    purpose: str | None = None
    covers_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """A letter before it has words: `key` is nominal, so that the same matter is written once.

    `uid` and `sequence` name the calendar entry and version it speaks of, `follows` is the id of
    the letter that leaves first, after `not_after` it is of no use; at `needed_by` begins what
    it tells of.
    """

    kind: str
    key: str
    recipient_id: str
    address: str
    ground: Ground
    due_at: datetime
    not_after: datetime | None = None
    needed_by: datetime | None = None
    uid: str | None = None
    sequence: int | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class MailWords:
    """What a letter says, twice, and the calendar part that goes with it.

    `belongs_to` is the Message-ID of a letter that mail programs show this one with.
    """

    subject: str
    text: str
    html: str
    calendar: CalendarPart | None = None
    belongs_to: str | None = None


def post(
    posting: Posting, words: MailWords | str, *, sender: Sender, now: datetime
) -> Letter | None:
    """Write a letter, or a text message where `words` are one string, and queue it.

    Return None when the same was queued before, or when it takes back what never left. Raises
    InputError for an address that would break the message.
    """
    letter_id = new_id()
    message_id = message_id_for(letter_id, sender)
    if isinstance(words, str):
        channel = Channel.TEXT
        content = text_body(letter_id, posting.address, words)
    else:
        channel = Channel.MAIL
        content = _mail(posting.address, words, sender, message_id, now)
    ground = posting.ground
    draft = Draft(
        id=letter_id,
        dedupe_key=posting.key,
        kind=posting.kind,
        recipient_id=posting.recipient_id,
        address=posting.address,
        basis=ground.basis,
        mime=content,
        message_id=message_id,
        due_at=posting.due_at,
        grant_id=ground.grant_id,
        subject_id=ground.subject_id,
        purpose=ground.purpose,
        covers_until=ground.covers_until,
        uid=posting.uid,
        sequence=posting.sequence,
        not_after=posting.not_after,
        needed_by=posting.needed_by,
        channel=channel,
        follows=posting.follows,
    )
    return enqueue(draft, now=now)


def _mail(address: str, words: MailWords, sender: Sender, message_id: str, now: datetime) -> bytes:
    return compose(
        sender=sender,
        recipient=address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=message_id,
        now=now,
        calendar=words.calendar,
        belongs_to=words.belongs_to,
    )


def letter_subject(letter: Letter) -> str:
    """Return what a letter's reader sees first, "" for a text message: it has none."""
    if letter.channel is Channel.TEXT:
        return ""
    message = message_from_bytes(letter.mime, policy=policy.default)
    return str(message["Subject"]).strip()  # a long one is folded after its name


def letter_words(letter: Letter) -> str:
    """Return the plain words of a letter or of a text message."""
    if letter.channel is Channel.TEXT:
        return text_words(letter.mime)
    message = message_from_bytes(letter.mime, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    if body is None:
        return ""
    return str(body.get_content()).strip()
