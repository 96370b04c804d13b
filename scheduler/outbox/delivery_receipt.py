"""What is heard later of a text message: delivered or not; and holding back those to a number that
asked for none.
"""

from sqlalchemy import select, update

from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.outbox.models import Channel, Letter, LetterState

STOPPED = N_("the number asked for no more text messages")


def note_receipt(letter_id: str, *, delivered: bool, words: str) -> bool | None:
    """Write down a delivery receipt; True when the message turns out undelivered now, None for an
    unknown message.
    """
    letter = db.session.get(Letter, letter_id)
    if letter is None or letter.channel is not Channel.TEXT:
        return None
    if delivered:
        letter.reply = "delivered"
        return False
    if letter.state is not LetterState.SENT:
        return False
    letter.state = LetterState.SET_ASIDE
    letter.reason = f"not delivered: {words[:200]}"
    return True


def stop_texts(phone: str) -> list[str]:
    """Hold back every text message to a number that has not begun to leave, and give their ids."""
    waiting = Letter.state.in_((LetterState.WAITING, LetterState.RETRY))
    ids = list(
        db.session.scalars(
            select(Letter.id).where(
                Letter.channel == Channel.TEXT,
                Letter.address == phone,
                waiting,
            )
        )
    )
    db.session.execute(
        update(Letter)
        .where(Letter.id.in_(ids))
        .values(state=LetterState.SUPPRESSED, reason=STOPPED)
    )
    return ids
