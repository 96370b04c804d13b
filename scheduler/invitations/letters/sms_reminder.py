"""A reminder as one text message: who writes, when, where, and how to end it; neutral, at most 160
signs. Pure.
"""

from scheduler.ical import safe_text
from scheduler.invitations.letters.message_body import Notice, Reader, short_time, zone_name
from scheduler.invitations.letters.phrases import phrases_for
from scheduler.sms import fit


def reminder_text(notice: Notice, reader: Reader, *, asks: bool = False) -> str:
    """Return the words for the first meeting of `notice`, in the reader's own zone; the link goes
    when it has no room.
    """
    words = phrases_for(reader.language)
    sender, title = safe_text(notice.sender, limit=40), safe_text(notice.title, limit=40)
    when = f"{short_time(notice.now[0][0], reader.zone, words)}, {zone_name(reader.zone, words)}."
    opening = f"{sender}: {title} {when}"
    ask = words.asks_short if asks else ""
    return fit(
        (opening, ask, notice.link or "", words.stop),
        (opening, notice.link or "", words.stop),
        (opening, words.stop),
        (opening,),
    )
