"""What a letter is called on pages."""

from email import message_from_bytes, policy

from scheduler import outbox
from scheduler.outbox.models import Channel, Letter


def subject_of(letter: Letter) -> str:
    """Return the subject of a letter; of a text message all of it."""
    if letter.channel is Channel.TEXT:
        return outbox.text_words(letter.mime)
    message = message_from_bytes(letter.mime, policy=policy.default)
    return str(message["Subject"])
