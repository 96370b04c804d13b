"""The words of a letter that reminds of something told before: how near it is, and what follows
later. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.i18n import N_, catalog
from scheduler.invitations.letters.message_body import (
    ONE,
    SEVERAL,
    Envelope,
    Notice,
    Reader,
    Section,
    Span,
    times,
    written,
)


class Near(StrEnum):
    """How near something is, where a word says it better than its date."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    HOUR = "hour"
    SOON = "soon"


NEAR_SUBJECTS = {
    Near.TODAY: N_("Today: {what}"),
    Near.TOMORROW: N_("Tomorrow: {what}"),
    Near.HOUR: N_("In one hour: {what}"),
    Near.SOON: N_("Soon: {what}"),
}
NEAR_OPENINGS = {
    None: N_("A reminder from {sender}."),
    Near.TODAY: N_("A reminder from {sender}: this is today."),
    Near.TOMORROW: N_("A reminder from {sender}: this is tomorrow."),
    Near.HOUR: N_("A reminder from {sender}: this begins in one hour."),
    Near.SOON: N_("A reminder from {sender}: this begins soon."),
}


def reminder(
    notice: Notice,
    reader: Reader,
    *,
    asks: bool = False,
    near: Near | None = None,
    more: Sequence[Section] = (),
) -> Envelope:
    """Write that something told before is near, and ask for an answer that is still waited for;
    `more` is told as well.

    Where a word names the day, what lies on other days stands apart.
    """
    _ = catalog(reader.language)
    later: list[Section] = []
    if near in (Near.TODAY, Near.TOMORROW):
        notice, later = _first_day(notice, reader)
    subject = _(ONE if len(notice.now) == 1 else SEVERAL)
    if near is not None:
        subject = _(NEAR_SUBJECTS[near]).format(what=subject)
    opening = _(NEAR_OPENINGS[near])
    if asks:
        opening += " " + _("Please say on your page whether you will come.")
    return written(
        notice,
        reader,
        subject,
        opening,
        notice.now,
        answer=False,
        asks=asks,
        more=[*later, *more],
    )


def _first_day(notice: Notice, reader: Reader) -> tuple[Notice, list[Section]]:
    """Return a notice of the first day alone by its reader's clock, and the other days under a
    heading of their own.
    """
    first, *_rest = notice.now
    day = _day(first, reader)
    same = []
    rest = []
    for span in notice.now:
        if _day(span, reader) == day:
            same.append(span)
        else:
            rest.append(span)
    if not rest:
        return notice, []
    _ = catalog(reader.language)
    heading = _("Later this week:")
    lines = times(rest, notice.zone, reader)
    later = Section(heading, lines)
    today = replace(notice, now=tuple(same))
    return today, [later]


def _day(span: Span, reader: Reader) -> date:
    begins_at, _minutes = span
    there = ZoneInfo(reader.zone)
    local = begins_at.astimezone(there)
    return local.date()
