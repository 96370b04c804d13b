"""The neutral envelope: subject and bodies that say when, who asks and where to answer, and nothing
else. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from scheduler.i18n import (
    N_,
    catalog,
    clock,
    date_range,
    language_for,
    long_day,
    neutral_title,
    speak,
    zone,
)
from scheduler.ical import safe_text
from scheduler.kernel.installation import templates
from scheduler.people import Help

TEMPLATES = templates() / "letters"
SUBJECT_LIMIT = 150
SHOWN = 100
"""Dates of one series that a letter lists."""

_mail = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=select_autoescape(("html",)),
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
speak(_mail, lambda: "en")

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
    return _written(notice, reader, _(subject), opening, notice.now, answer=True)


def cancellation(notice: Notice, reader: Reader) -> Envelope:
    """Write that something is no longer on the reader's calendar; never why, and without a link."""
    _ = catalog(reader.language)
    return _written(notice, reader, _(GONE), _(GONE_OPENING), notice.gone, answer=False)


def reminder(notice: Notice, reader: Reader, *, asks: bool = False) -> Envelope:
    """Write that something told before is near, and ask for an answer that is still waited for."""
    _ = catalog(reader.language)
    subject = ONE if len(notice.now) == 1 else SEVERAL
    opening = _("A reminder from {sender}.")
    if asks:
        opening += " " + _("Please say on your page whether you will come.")
    return _written(notice, reader, _(subject), opening, notice.now, answer=False)


def declined(notice: Notice, reader: Reader) -> Envelope:
    """Write that a proposed time is not possible and that everything stays."""
    _ = catalog(reader.language)
    subject = _("Stays as it is: {title} {first}")
    opening = _("The time you proposed is not possible. Everything stays as it is.")
    return _written(notice, reader, subject, opening, notice.now, answer=False)


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
) -> Envelope:
    """Put sections of lines, and single lines of `facts`, into the form that every letter has."""
    name = safe_text(sender, limit=80)
    told = {
        "subject": safe_text(subject, limit=SUBJECT_LIMIT),
        "opening": opening.format(sender=name),
        "sections": sections,
        "facts": facts,
        "link": link,
        "answer": answer,
        "sender": name,
        "help": reader.help,
        "language": language_for(reader.language),
    }
    text = _mail.get_template("letter.txt")
    html = _mail.get_template("letter.html")
    return Envelope(
        str(told["subject"]),
        text.render(told),
        html.render(told),
    )


def _written(
    notice: Notice,
    reader: Reader,
    subject: str,
    opening: str,
    about: tuple[Span, ...],
    *,
    answer: bool,
) -> Envelope:
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
        [section],
        sender=notice.sender,
        link=notice.link,
        answer=answer,
    )


def title_for(title: str, reader: Reader, *, limit: int = 80) -> str:
    """Return the outward title as a reader is told it, safe for any line."""
    return safe_text(neutral_title(title, reader.language), limit=limit)


def times(spans: Sequence[Span], zone_name: str, reader: Reader) -> list[str]:
    """Return one line for each meeting, as people say times; the zone is named in each line only
    when there is one.
    """
    is_alone = len(spans) == 1
    lines = []
    for span in spans[:SHOWN]:
        line = _line(span, zone_name, reader, named=is_alone)
        lines.append(line)
    if len(spans) > SHOWN:
        lines.append("…")
    if not is_alone and spans:
        _ = catalog(reader.language)
        place = zone(zone_name, reader.language)
        said = _("All times are {zone}.").format(zone=place)
        lines.append(said)
    return lines


def when(span: Span, zone_name: str, reader: Reader) -> str:
    """Return one meeting as people say it, with the zone: "Tue 9 March 2027, 6:00 – 7:00 PM, New
    York time (… where you are)".
    """
    return _line(span, zone_name, reader, named=True)


def subject_time(at: datetime, zone_name: str, reader: Reader) -> str:
    """Return weekday, day and start for a subject line: "Tue 9 March, 6:00 PM"."""
    local = at.astimezone(ZoneInfo(zone_name))
    day = long_day(local.date(), reader.language)
    start = clock(local, reader.language)
    return f"{day}, {start}"


def _line(span: Span, zone_name: str, reader: Reader, *, named: bool) -> str:
    begin, minutes = span
    end = begin + timedelta(minutes=minutes)
    return date_range(
        begin,
        end,
        zone_name,
        reader.zone,
        reader.language,
        named=named,
        dated=True,
    )
