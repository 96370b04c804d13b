"""A reminder as one text message: who writes, when, where, and how to end it; neutral, and never
without its link. Pure.
"""

from zoneinfo import ZoneInfo

from scheduler.i18n import catalog, clock, short_day, zone
from scheduler.ical import safe_text
from scheduler.invitations.letters.message_body import Notice, Reader, title_for
from scheduler.sms import fit

SHORTER = (40, 20, 12)
"""Letters of the sender's name, in the order they are tried."""


def reminder_text(notice: Notice, reader: Reader, *, asks: bool = False) -> str:
    """Return the words for the first meeting of `notice`, in the reader's own zone; what does not
    fit beside the link is said more briefly.
    """
    _ = catalog(reader.language)
    sender = safe_text(notice.sender, limit=40)
    title = title_for(notice.title, reader, limit=40)
    when = _when(notice, reader, named=True)
    opening = _("{sender}: {title} {when}").format(
        sender=sender,
        title=title,
        when=when,
    )
    ask = _("Will you come?") if asks else ""
    link = notice.link or ""
    stop = _("Reply STOP to end.")
    brief = _brief_openings(notice, reader)
    shorter = [(words, link, stop) for words in brief]
    return fit(
        (opening, ask, link, stop),
        (opening, link, stop),
        *shorter,
        (link, stop),
    )


def soon_text(*, sender: str, link: str, language: str | None) -> str:
    """Return the words that ask somebody to look at their page, where a letter could not come in
    time.
    """
    _ = catalog(language)
    stop = _("Reply STOP to end.")
    ways = []
    for limit in SHORTER:
        name = safe_text(sender, limit=limit)
        ways.append((_("{sender}: please open your page soon.").format(sender=name), link, stop))
    return fit(*ways, (link, stop))


def _brief_openings(notice: Notice, reader: Reader) -> list[str]:
    """Return who and when, ever more briefly: without the title, without the zone, with less of the
    sender's name, without it.
    """
    named = catalog(reader.language).gettext("{sender}: {when}")
    sender = safe_text(notice.sender, limit=SHORTER[0])
    when = _when(notice, reader, named=False)
    found = [named.format(sender=sender, when=_when(notice, reader, named=True))]
    for limit in SHORTER:
        found.append(named.format(sender=safe_text(notice.sender, limit=limit), when=when))
    return [*found, when]


def _when(notice: Notice, reader: Reader, *, named: bool) -> str:
    """Return day and start as a sentence; `named` says the zone."""
    begins_at, _minutes = notice.now[0]
    local = begins_at.astimezone(ZoneInfo(reader.zone))
    day = short_day(local.date(), reader.language)
    words = f"{day}, {clock(local, reader.language)}"
    if named:
        words = f"{words}, {zone(reader.zone, reader.language)}"
    return words if words.endswith(".") else f"{words}."
