"""A reminder as one text message: who writes, when, where, and how to end it; neutral, at most 160
signs. Pure.
"""

from zoneinfo import ZoneInfo

from scheduler.i18n import catalog, clock, short_day, zone
from scheduler.ical import safe_text
from scheduler.invitations.letters.message_body import Notice, Reader, title_for
from scheduler.sms import fit


def reminder_text(notice: Notice, reader: Reader, *, asks: bool = False) -> str:
    """Return the words for the first meeting of `notice`, in the reader's own zone; the link goes
    when it has no room.
    """
    _ = catalog(reader.language)
    begins_at, _minutes = notice.now[0]
    local = begins_at.astimezone(ZoneInfo(reader.zone))
    day = short_day(local.date(), reader.language)
    start = clock(local, reader.language)
    place = zone(reader.zone, reader.language)
    when = f"{day}, {start}, {place}."
    sender = safe_text(notice.sender, limit=40)
    title = title_for(notice.title, reader, limit=40)
    opening = _("{sender}: {title} {when}").format(sender=sender, title=title, when=when)
    ask = _("Will you come?") if asks else ""
    link = notice.link or ""
    stop = _("Reply STOP to end.")
    return fit(
        (opening, ask, link, stop),
        (opening, link, stop),
        (opening, stop),
        (opening,),
    )
