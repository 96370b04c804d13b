"""The neutral envelope: subject and bodies that say when, who asks and where to answer, and nothing
else. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from scheduler.ical import safe_text
from scheduler.invitations.letters.phrases import Phrases, phrases_for

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "letters"
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

Span = tuple[datetime, int]
"""The UTC instant a meeting begins, and its minutes."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom: the language tag and the reader's own zone (IANA)."""

    language: str | None
    zone: str


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
    words = phrases_for(reader.language)
    subject = words.subject if len(notice.now) == 1 else words.subject_many
    return _written(notice, reader, subject, words.invites, notice.now, answer=True)


def cancellation(notice: Notice, reader: Reader) -> Envelope:
    """Write that something is no longer on the reader's calendar; never why, and without a link."""
    words = phrases_for(reader.language)
    return _written(notice, reader, words.subject_gone, words.gone, notice.gone, answer=False)


def reminder(notice: Notice, reader: Reader, *, asks: bool = False) -> Envelope:
    """Write that something told before is near, and ask for an answer that is still waited for."""
    words = phrases_for(reader.language)
    subject = words.subject_soon if len(notice.now) == 1 else words.subject_many
    opening = f"{words.soon} {words.asks}" if asks else words.soon
    return _written(notice, reader, subject, opening, notice.now, answer=False)


def declined(notice: Notice, reader: Reader) -> Envelope:
    """Write that a proposed time is not possible and that everything stays."""
    words = phrases_for(reader.language)
    return _written(notice, reader, words.subject_stays, words.stays, notice.now, answer=False)


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
    words, name = phrases_for(reader.language), safe_text(sender, limit=80)
    told = {
        "words": words,
        "subject": safe_text(subject, limit=SUBJECT_LIMIT),
        "opening": opening.format(sender=name),
        "sections": sections,
        "facts": facts,
        "link": link,
        "answer": words.answer if answer else None,
        "closing": words.sender.format(sender=name),
        "language": "es" if words.hours_24 else "en",
    }
    text = _mail.get_template("letter.txt").render(told)
    return Envelope(str(told["subject"]), text, _mail.get_template("letter.html").render(told))


def _written(
    notice: Notice,
    reader: Reader,
    subject: str,
    opening: str,
    about: tuple[Span, ...],
    *,
    answer: bool,
) -> Envelope:
    words, title = phrases_for(reader.language), safe_text(notice.title, limit=80)
    first = short_time(about[0][0], notice.zone, words) if about else ""
    sections = [Section(title, times(notice.now or notice.gone, notice.zone, reader, words))]
    subject = subject.format(title=title, first=first)
    return rendered(
        reader, subject, opening, sections, sender=notice.sender, link=notice.link, answer=answer
    )


def times(spans: Sequence[Span], zone: str, reader: Reader, words: Phrases) -> list[str]:
    """Return one line for each meeting, as people say times; the zone is named in each line only
    when there is one.
    """
    lines = [_line(span, zone, reader, words, named=len(spans) == 1) for span in spans[:SHOWN]]
    if len(spans) > SHOWN:
        lines.append("…")
    if len(spans) > 1:
        lines.append(words.all_zone.format(zone=zone_name(zone, words)))
    return lines


def when(span: Span, zone: str, reader: Reader) -> str:
    """Return one meeting as people say it: "Tue 9 March 2027, 6:00 – 7:00 PM, New York time (…
    where you are)".
    """
    return _line(span, zone, reader, phrases_for(reader.language), named=True)


def short_time(at: datetime, zone: str, words: Phrases) -> str:
    """Return weekday, day and start for a subject line: "Tue 9 March, 6:00 PM"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_day(local, words)}, {_clock(local, words)}"


def zone_name(zone: str, words: Phrases) -> str:
    """Return a zone in words: "New York time"."""
    if zone.rpartition("/")[2] in {"UTC", "UCT", "GMT", "Zulu", "Universal"}:
        return "UTC"
    return words.zone.format(city=zone.rpartition("/")[2].replace("_", " "))


def _line(span: Span, zone: str, reader: Reader, words: Phrases, *, named: bool) -> str:
    begin, minutes = span
    here, there = begin.astimezone(ZoneInfo(zone)), begin.astimezone(ZoneInfo(reader.zone))
    line = f"{_day(here, words)} {here.year}, {_hours(here, minutes, words)}"
    if named:
        line += f", {zone_name(zone, words)}"
    end = begin + timedelta(minutes=minutes)
    if _same_clock(begin, zone, reader.zone) and _same_clock(end, zone, reader.zone):
        return line
    own = _hours(there, minutes, words)
    if there.date() != here.date():
        own = f"{_day(there, words)}, {own}"
    return f"{line} ({words.there.format(times=own)})"


def _same_clock(at: datetime, one: str, other: str) -> bool:
    return at.astimezone(ZoneInfo(one)).utcoffset() == at.astimezone(ZoneInfo(other)).utcoffset()


def _day(local: datetime, words: Phrases) -> str:
    return words.date.format(
        weekday=words.days[local.weekday()], day=local.day, month=words.months[local.month - 1]
    )


def _hours(local: datetime, minutes: int, words: Phrases) -> str:
    end = local + timedelta(minutes=minutes)
    begin, finish = _clock(local, words), _clock(end, words)
    if not words.hours_24 and begin[-2:] == finish[-2:]:
        begin = begin[:-3]
    return f"{begin} – {finish}"


def _clock(local: datetime, words: Phrases) -> str:
    if words.hours_24:
        return f"{local.hour}:{local.minute:02d}"
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'AM' if local.hour < 12 else 'PM'}"
