"""What a subscribed calendar says: one entry for each name, the same bytes for the same facts.
Pure.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.feeds.declined import with_declined
from scheduler.feeds.split_overrides import with_overrides_split
from scheduler.i18n import catalog, neutral_title
from scheduler.ical import Entry, feed
from scheduler.sessions import calendar_entry

BACK = timedelta(days=30)
"""How long a meeting stays in a feed after its end (icalendar H12)."""


@dataclass(frozen=True, slots=True)
class Known:
    """One session as a feed tells it, and the calendar name it stands under."""

    uid: str
    series: bool
    title: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    version: int
    changed_at: datetime
    leads: tuple[str, ...] = ()
    """First names of who leads; empty for a neutral title."""
    starts_local: str = ""
    """Wall time of `zone`, `YYYY-MM-DDTHH:MM`: the truth, whatever the zone's rules are by now; "":
    by the instant.
    """
    struck_until: datetime | None = None
    """For a cancelled one: when its day is over, and it goes."""
    session_id: str = ""
    link: str = ""
    """The page that the entry leads to; "": none."""
    declined: bool = False
    """Whether the owner of the calendar said no to it, as it stands."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The finished body, its strong ETag, and until when it stays right though nothing changes."""

    body: bytes
    etag: str
    stale_at: datetime


def render(known: Iterable[Known], *, language: str | None, now: datetime) -> Rendered:
    """Return the calendar of `known`; a series is told whole while any of it is ahead or ended
    within 30 days.
    """
    by_uid: dict[str, list[Known]] = {}
    for appointment in known:
        by_uid.setdefault(appointment.uid, []).append(appointment)
    shown = {
        uid: those
        for uid, those in by_uid.items()
        if max(appointment.ends_at for appointment in those) > now - BACK
    }
    entries = [
        _entry(uid, sorted(those, key=_start), language) for uid, those in sorted(shown.items())
    ]
    name = catalog(language).gettext("My appointments")
    body = feed(with_overrides_split(entries), name=name)
    leaves = [_leaves(those) for those in shown.values()]
    return Rendered(
        body,
        etag_of(body),
        min(leaves, default=now + BACK),
    )


def _leaves(those: list[Known]) -> datetime:
    """Return when an entry leaves the calendar by itself."""
    first = those[0]
    if first.struck_until is not None:
        return first.struck_until
    return max(appointment.ends_at for appointment in those) + BACK


def etag_of(body: bytes) -> str:
    """Return the strong ETag of a body, without quotation marks: its SHA-256."""
    return hashlib.sha256(body).hexdigest()


def first_name(name: str) -> str:
    """Return what a person is called: the first word of a name that is no title."""
    words = name.split()
    return next((word for word in words if not word.endswith(".")), words[0] if words else "")


def _start(appointment: Known) -> datetime:
    return appointment.starts_at


def _wall(appointment: Known, zone: str) -> datetime:
    if appointment.starts_local and appointment.zone == zone:
        return datetime.fromisoformat(appointment.starts_local)
    return appointment.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _title(those: list[Known], language: str | None) -> str:
    """Return one title for all of an entry: with names only where the same people lead
    throughout.
    """
    title = neutral_title(those[0].title, language)
    leads = {appointment.leads for appointment in those}
    named = leads.pop() if len(leads) == 1 else ()
    if not named:
        return title
    said = catalog(language).gettext("{title} with {names}")
    return said.format(title=title, names=", ".join(named))


def _entry(uid: str, those: list[Known], language: str | None) -> Entry:
    zone = those[0].zone
    starts = [_wall(appointment, zone) for appointment in those]
    minutes = [
        int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60
        for appointment in those
    ]
    changed = max(appointment.changed_at for appointment in those)
    _ = catalog(language)
    # The last date of a series is ahead as long as any of it is.
    link = those[-1].link
    entry = calendar_entry(
        list(zip(starts, minutes, strict=True)),
        zone=zone,
        series=those[0].series,
        uid=uid,
        sequence=max(appointment.version for appointment in those),
        stamp=changed,
        changed=changed,
        title=_title(those, language),
        link=link or None,
        link_label=_("Join") if link else "",
        place=_("Online") if link else "",
        cancelled=those[0].struck_until is not None,
    )
    declined = set()
    for start, appointment in zip(starts, those, strict=True):
        if appointment.declined:
            declined.add(start)
    return with_declined(entry, declined, language)
