"""What changed, in words: time, title, link, zone and number as they were and are, of one entry or
of many. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.ical import safe_text
from scheduler.invitations.letters.message_body import (
    Envelope,
    Reader,
    Section,
    Span,
    rendered,
    short_time,
    times,
    zone_name,
)
from scheduler.invitations.letters.phrases import Phrases, phrases_for
from scheduler.invitations.model.itip import Content, Meeting, Message, News


class Role(StrEnum):
    """What one letter is among those that one change sends to one person."""

    ALONE = "alone"
    LEAD = "lead"
    """It tells all that changed."""
    FOLLOWER = "follower"
    """It keeps one more entry right, under the subject of the one that tells all."""


@dataclass(slots=True)
class Changed:
    """What several messages change about meetings of one title and zone.

    `was` and `now` are the times of what moved, in one order; `lost` are no more, `added` were not
    there.
    """

    title: str
    zone: str
    was: list[Span] = field(default_factory=list)
    now: list[Span] = field(default_factory=list)
    lost: list[Span] = field(default_factory=list)
    added: list[Span] = field(default_factory=list)

    def first(self) -> Span:
        """Return the meeting that a subject line names: the first of what is true now, else of what
        was.
        """
        return min(self.now + self.added or self.was + self.lost)


def changed(messages: Sequence[Message]) -> list[Changed]:
    """Return what is different after all of `messages`, the earliest first: what left one entry for
    another has moved.
    """
    old = {one.session_id: one for message in messages for one in message.before}
    new = {one.session_id for message in messages for one in message.fresh()}
    found: dict[tuple[str, str], Changed] = {}

    def among(content: Content) -> Changed:
        return found.setdefault((content.title, content.zone), Changed(content.title, content.zone))

    for message in messages:
        for one in message.fresh():
            before = old.get(one.session_id)
            if before is None:
                among(message.content).added.append(_span(one))
            elif _span(before) != _span(one):
                among(message.content).was.append(_span(before))
                among(message.content).now.append(_span(one))
        for one in message.before:
            if one.session_id not in new:
                among(message.was or message.content).lost.append(_span(one))
    return [_ordered(each) for each in sorted(found.values(), key=Changed.first)]


def changes_between(
    messages: Sequence[Message],
    reader: Reader,
    *,
    sender: str,
    link: str | None,
    role: Role = Role.ALONE,
) -> Envelope:
    """Write that something told before is different: what it was, what it is.

    Without any meeting that is elsewhere, the letter lists all that stand.
    """
    words = phrases_for(reader.language)
    parts, facts = changed(messages), [_fact(*each, words) for each in _facts(messages)]
    opening = {Role.ALONE: words.changed, Role.LEAD: words.several, Role.FOLLOWER: words.belongs}[
        role
    ]
    if not parts:  # other words about the same times, or only another entry for them
        content = next((each.content for each in messages if each.after), messages[0].content)
        stands = sorted(_span(one) for each in messages for one in each.after)
        parts = [Changed(content.title, content.zone, now=stands)]
    if all(each.news is News.GONE for each in messages):
        return _gone(parts, reader, sender, words)
    sections = list(_sections(parts, reader, words))
    falls_out = all(each.lost and not (each.was or each.now or each.added) for each in parts)
    subject = _named(words.subject_gone if falls_out else words.subject_changed, parts[0], words)
    return rendered(
        reader, subject, opening, sections, sender=sender, link=link, facts=facts, answer=True
    )


def _gone(parts: Sequence[Changed], reader: Reader, sender: str, words: Phrases) -> Envelope:
    """Write that several things are no longer on the calendar; never why, and without a link."""
    sections = [
        Section(safe_text(each.title, limit=80), times(each.lost, each.zone, reader, words))
        for each in parts
    ]
    return rendered(
        reader,
        _named(words.subject_gone, parts[0], words),
        words.gone,
        sections,
        sender=sender,
        link=None,
    )


def _named(subject: str, part: Changed, words: Phrases) -> str:
    first = short_time(part.first()[0], part.zone, words)
    return subject.format(title=safe_text(part.title, limit=80), first=first)


def _sections(parts: Sequence[Changed], reader: Reader, words: Phrases) -> Iterator[Section]:
    several = len({each.title for each in parts}) > 1
    for part in parts:
        title = safe_text(part.title, limit=80)
        moved = bool(part.was)
        for heading, spans, past in (
            (words.was, part.was, True),
            (words.now if moved else title, part.now, False),
            (words.lost, part.lost, True),
            (words.added, part.added, False),
        ):
            if spans:
                named = f"{heading} ({title})" if several and heading != title else heading
                shown = named if named == title else f"{named}:"
                yield Section(shown, times(spans, part.zone, reader, words), past)


def _facts(messages: Iterable[Message]) -> list[tuple[str, str, str]]:
    """Return what else changed, as the name of its word in Phrases, how it was and how it is, each
    once.
    """
    found: dict[tuple[str, str, str], None] = {}
    for message in messages:
        if message.was is None:
            continue
        was, now = message.was, message.content
        pairs = {
            "title": (was.title, now.title),
            "clock": (was.zone, now.zone),
            "place": (was.place, now.place),
            "phone": (was.phone or "", now.phone or ""),
            "address": (was.sender, now.sender),
        }
        found |= {(name, *pair): None for name, pair in pairs.items() if pair[0] != pair[1]}
    return list(found)


def _fact(name: str, was: str, now: str, words: Phrases) -> str:
    if name == "clock":
        was, now = zone_name(was, words), zone_name(now, words)
    old, new = (safe_text(each, limit=200) or "–" for each in (was, now))
    return f"{getattr(words, name)}: {old} → {new}"


def _ordered(part: Changed) -> Changed:
    """Put what moved in the order of its new times, the old ones beside them."""
    pairs = sorted(zip(part.now, part.was, strict=True))
    part.now, part.was = [now for now, _ in pairs], [was for _, was in pairs]
    part.lost, part.added = sorted(part.lost), sorted(part.added)
    return part


def _span(one: Meeting) -> Span:
    return one.begins_at, one.minutes
