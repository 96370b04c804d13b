"""A reminder as one text message: who writes, when, where, and how to end it; neutral, and never
without its link. Pure.
"""

from zoneinfo import ZoneInfo

from scheduler.i18n import catalog, clock, short_day, zone
from scheduler.ical import safe_text
from scheduler.invitations.letters.message_body import Notice, Reader, title_for
from scheduler.sms import fit


def reminder_text(notice: Notice, reader: Reader, *, asks: bool = False) -> str:
    """Return the words for the first meeting of `notice`, in the reader's own zone; what does not
    fit beside the link is said more briefly.
    """
    _ = catalog(reader.language)
    local = notice.now[0][0].astimezone(ZoneInfo(reader.zone))
    day = short_day(local.date(), reader.language)
    moment = f"{day}, {clock(local, reader.language)}"
    when = f"{moment}, {zone(reader.zone, reader.language)}."
    briefly = moment if moment.endswith(".") else f"{moment}."
    sender, title = safe_text(notice.sender, limit=40), title_for(notice.title, reader, limit=40)
    link, stop = notice.link or "", _("Reply STOP to end.")
    opening = _("{sender}: {title} {when}").format(sender=sender, title=title, when=when)
    named = _("{sender}: {when}")
    ask = _("Will you come?") if asks else ""
    return fit(
        (opening, ask, link, stop),
        (opening, link, stop),
        (named.format(sender=sender, when=when), link, stop),
        (named.format(sender=sender, when=briefly), link, stop),
        (named.format(sender=safe_text(sender, limit=20), when=briefly), link, stop),
        (named.format(sender=safe_text(sender, limit=12), when=briefly), link, stop),
        (briefly, link, stop),
        (link, stop),
    )
