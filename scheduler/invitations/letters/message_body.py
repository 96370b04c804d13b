"""The neutral envelope: subject and bodies that say when, who asks and where to answer, and nothing
else. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.i18n import (
    N_,
    catalog,
    clock,
    clocks_differ,
    date_range,
    glued,
    hours,
    language_for,
    long_day,
    neutral_title,
    zone,
)
from scheduler.ical import safe_text
from scheduler.invitations.letters.letter_template import bodies
from scheduler.invitations.model.links import is_mail_read
from scheduler.people import Help

SUBJECT_LIMIT = 150
SHOWN = 100
"""Dates of one series that a letter lists."""
FEW = 4
"""Lines below which the way to answer is still seen on a phone."""

ONE = N_("{title} {first}")
SEVERAL = N_("{title} from {first}")
GONE = N_("No longer on your calendar: {title} {first}")
GONE_OPENING = N_("This is no longer on your calendar. You need not do anything.")
Span = tuple[datetime, int]
"""The UTC instant a meeting begins, and its minutes."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom: the language tag, the reader's own zone (IANA), and whom they may ask."""

    language: str | None
    zone: str
    help: Help | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A subject and the two bodies, both saying the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Section:
    """Some lines under a heading; `past` are those of what no longer is."""

    heading: str
    lines: Sequence[str]
    past: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What a letter tells: `zone` is the meetings', `gone` and `now` their times, `link` the
    personal page.
    """

    title: str
    sender: str
    zone: str
    link: str | None
    now: tuple[Span, ...] = ()
    gone: tuple[Span, ...] = ()


def invitation(notice: Notice, reader: Reader) -> Envelope:
    """Write the first letter about something new."""
    _ = catalog(reader.language)
    subject = ONE if len(notice.now) == 1 else SEVERAL
    opening = _("{sender} invites you.")
    return written(notice, reader, _(subject), opening, notice.now, answer=True)


def cancellation(notice: Notice, reader: Reader) -> Envelope:
    """Write that something is no longer on the reader's calendar; never why, and without a link."""
    _ = catalog(reader.language)
    return written(notice, reader, _(GONE), _(GONE_OPENING), notice.gone, answer=False)


def declined(notice: Notice, reader: Reader) -> Envelope:
    """Write that a proposed time is not possible and that everything stays."""
    _ = catalog(reader.language)
    subject = _("Stays as it is: {title} {first}")
    opening = _("The time you proposed is not possible. Everything stays as it is.")
    return written(notice, reader, subject, opening, notice.now, answer=False)


def bare(subject: str, opening: str, *, sender: str, link: str, reader: Reader) -> Envelope:
    """Write a letter that only says there is something to read on the reader's own page."""
    return rendered(reader, subject, opening, [], sender=sender, link=link)


def rendered(
    reader: Reader,
    subject: str,
    opening: str,
    sections: Sequence[Section],
    *,
    sender: str,
    link: str | None,
    facts: Sequence[str] = (),
    answer: bool = False,
    asks: bool = False,
) -> Envelope:
    """Put sections of lines, and single lines of `facts`, into the form that every letter has.

    Who is asked to `answer` an invitation finds the way to it above a long list; where it `asks`
    for an answer on the page alone, it stands below what is asked about.
    """
    name = safe_text(sender, limit=80)
    many = sum(len(section.lines) for section in sections)
    told = {
        "subject": safe_text(subject, limit=SUBJECT_LIMIT),
        "opening": opening.format(sender=name),
        "sections": sections,
        "facts": facts,
        "link": link,
        "joins": any(section.lines and not section.past for section in sections),
        "answer": answer,
        "asks": answer or asks,
        "first": answer and many > FEW and len(sections) == 1,
        "beside": asks,
        "sender": name,
        "help": reader.help,
        "reads_mail": is_mail_read(),
        "language": language_for(reader.language),
    }
    text, html = bodies("letter", told)
    return Envelope(str(told["subject"]), text, html)


def written(
    notice: Notice,
    reader: Reader,
    subject: str,
    opening: str,
    about: tuple[Span, ...],
    *,
    answer: bool,
    asks: bool = False,
    more: Sequence[Section] = (),
) -> Envelope:
    """Write a letter about some meetings, which are named by the first of `about`."""
    title = title_for(notice.title, reader)
    first = ""
    if about:
        begins_at, _minutes = about[0]
        first = subject_time(begins_at, notice.zone, reader)
    spans = notice.now or notice.gone
    lines = times(spans, notice.zone, reader)
    section = Section(title, lines)
    return rendered(
        reader,
        subject.format(title=title, first=first),
        opening,
        [section, *more],
        sender=notice.sender,
        link=notice.link,
        answer=answer,
        asks=asks,
    )


def title_for(title: str, reader: Reader, *, limit: int = 80) -> str:
    """Return the outward title as a reader is told it, safe for any line."""
    return safe_text(neutral_title(title, reader.language), limit=limit)


def times(spans: Sequence[Span], zone_name: str, reader: Reader) -> list[str]:
    """Return one line for each meeting, as people say times; the zone is named in each line only
    when there is one.
    """
    is_alone = len(spans) == 1
    told_in = zone_name
    if any(_is_elsewhere(span, zone_name, reader) for span in spans):
        told_in = reader.zone
    lines = []
    for span in spans[:SHOWN]:
        line = when(span, zone_name, reader) if is_alone else _line(span, told_in, reader)
        lines.append(line)
    if len(spans) > SHOWN:
        lines.append("…")
    if not is_alone and spans:
        _ = catalog(reader.language)
        place = zone(told_in, reader.language)
        said = _("All times are {zone}.").format(zone=place)
        lines.append(said)
    return lines


def when(span: Span, zone_name: str, reader: Reader) -> str:
    """Return one meeting as people say it, in the reader's own time: "Tue 9 March 2027, 5:00 – 6:00
    PM, Chicago time (6:00 – 7:00 PM, New York time)".
    """
    if not _is_elsewhere(span, zone_name, reader):
        place = zone(zone_name, reader.language)
        return f"{_line(span, zone_name, reader)}, {place}"
    own = f"{_line(span, reader.zone, reader)}, {zone(reader.zone, reader.language)}"
    place = zone(zone_name, reader.language)
    return f"{own} ({_held(span, zone_name, reader)}, {place})"


def _held(span: Span, zone_name: str, reader: Reader) -> str:
    """Return the hours of a meeting where it is held, with the day where that is another."""
    begin, end = _ends(span)
    there = ZoneInfo(zone_name)
    start = begin.astimezone(there)
    said = glued(hours(start, end.astimezone(there), reader.language))
    own_day = begin.astimezone(ZoneInfo(reader.zone)).date()
    if start.date() == own_day:
        return said
    return f"{long_day(start.date(), reader.language)}, {said}"


def subject_time(at: datetime, zone_name: str, reader: Reader) -> str:
    """Return weekday, day and start for a subject line, in the reader's own time: "Tue 9 March,
    6:00 PM"; the zone is named when theirs is another.
    """
    is_elsewhere = clocks_differ(at, at, zone_name, reader.zone)
    told_in = reader.zone if is_elsewhere else zone_name
    local = at.astimezone(ZoneInfo(told_in))
    day = long_day(local.date(), reader.language)
    start = clock(local, reader.language)
    said = f"{day}, {start}"
    return f"{said}, {zone(told_in, reader.language)}" if is_elsewhere else said


def _is_elsewhere(span: Span, zone_name: str, reader: Reader) -> bool:
    """True if the reader's clock shows another time than the one a meeting is held by."""
    begin, end = _ends(span)
    return clocks_differ(begin, end, zone_name, reader.zone)


def _ends(span: Span) -> tuple[datetime, datetime]:
    begin, minutes = span
    return begin, begin + timedelta(minutes=minutes)


def _line(span: Span, told_in: str, reader: Reader) -> str:
    """Return day and hours of a meeting by the clock of `told_in`."""
    begin, end = _ends(span)
    return date_range(
        begin,
        end,
        told_in,
        told_in,
        reader.language,
        named=False,
        dated=True,
    )
