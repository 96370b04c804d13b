"""What changed, as one text message: who writes, what, and how to end it; neutral, and never
without its link. Pure.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.i18n import N_, catalog, clock, short_day, zone
from scheduler.ical import safe_text
from scheduler.invitations.letters.message_body import Reader, title_for
from scheduler.invitations.letters.what_changed import Changed, is_all_lost
from scheduler.sms import fit

STANDS = N_("{sender}: changed. {title}: {when}")
LOST = N_("{sender}: no longer on your calendar: {title} {when}")
SEVERAL = N_("{sender}: several things changed on your calendar.")


def change_text(parts: Sequence[Changed], reader: Reader, *, sender: str, link: str) -> str:
    """Return the words for what changed, in the reader's own zone; of several things only that they
    changed.
    """
    _ = catalog(reader.language)
    stop = _("Reply STOP to end.")
    ways = []
    for limit in (40, 12):
        name = safe_text(sender, limit=limit)
        ways.append((_(SEVERAL).format(sender=name), link, stop))
    if sum(part.many for part in parts) == 1:
        alone = _alone(parts[0], reader, sender, is_lost=is_all_lost(parts))
        ways.insert(0, (alone, link, stop))
    return fit(*ways, (link, stop))


def _alone(part: Changed, reader: Reader, sender: str, *, is_lost: bool) -> str:
    """Return the one thing that changed: where it is now, or where it was."""
    begins_at, _minutes = part.first()
    words = LOST if is_lost else STANDS
    said = catalog(reader.language).gettext(words)
    return said.format(
        sender=safe_text(sender, limit=40),
        title=title_for(part.title, reader, limit=40),
        when=_when(begins_at, reader),
    )


def _when(at: datetime, reader: Reader) -> str:
    local = at.astimezone(ZoneInfo(reader.zone))
    day = short_day(local.date(), reader.language)
    place = zone(reader.zone, reader.language)
    words = f"{day}, {clock(local, reader.language)}, {place}"
    return words if words.endswith(".") else f"{words}."
