"""What changed, in words: time, title, link, zone and number as they were and are, of one entry or
of many. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.i18n import N_, catalog, neutral_title, zone
from scheduler.ical import safe_text
from scheduler.invitations.letters.message_body import (
    GONE,
    GONE_OPENING,
    Envelope,
    Reader,
    Section,
    Span,
    rendered,
    subject_time,
    times,
    title_for,
)
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.itip import Message, News

CHANGED = N_("Changed: {title} {first}")
FACTS = {
    "title": N_("Title"),
    "clock": N_("Time zone"),
    "place": N_("Address of your page"),
    "phone": N_("By phone"),
    "address": N_("Sender"),
}
"""What may be different about an entry besides its times."""


class Role(StrEnum):
    """What one letter is among those that one change sends to one person."""

    ALONE = "alone"
    LEAD = "lead"
    """It tells all that changed."""
    FOLLOWER = "follower"
    """It keeps one more entry right, under the subject of the one that tells all."""


OPENINGS = {
    Role.ALONE: N_("{sender} has changed this."),
    Role.LEAD: N_(
        "{sender} has changed several things on your calendar. This message tells all of it; those "
        "with the same subject that come with it only keep your calendar right."
    ),
    Role.FOLLOWER: N_(
        "This belongs to the message with the same subject and only keeps your calendar right."
    ),
}


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
    _ = catalog(reader.language)
    parts, facts = changed(messages), [_fact(*fact, reader) for fact in _facts(messages)]
    if not parts:  # other words about the same times, or only another entry for them
        content = next((each.content for each in messages if each.after), messages[0].content)
        stands = sorted(_span(one) for each in messages for one in each.after)
        parts = [Changed(content.title, content.zone, now=stands)]
    if all(each.news is News.GONE for each in messages):
        return _gone(parts, reader, sender)
    sections = list(_sections(parts, reader))
    falls_out = all(each.lost and not (each.was or each.now or each.added) for each in parts)
    subject = _named(_(GONE if falls_out else CHANGED), parts[0], reader)
    return rendered(
        reader,
        subject,
        _(OPENINGS[role]),
        sections,
        sender=sender,
        link=link,
        facts=facts,
        answer=True,
    )


def _gone(parts: Sequence[Changed], reader: Reader, sender: str) -> Envelope:
    """Write that several things are no longer on the calendar; never why, and without a link."""
    _ = catalog(reader.language)
    sections = [
        Section(title_for(part.title, reader), times(part.lost, part.zone, reader))
        for part in parts
    ]
    subject = _named(_(GONE), parts[0], reader)
    return rendered(reader, subject, _(GONE_OPENING), sections, sender=sender, link=None)


def _named(subject: str, part: Changed, reader: Reader) -> str:
    first = subject_time(part.first()[0], part.zone, reader)
    return subject.format(title=title_for(part.title, reader), first=first)


def _sections(parts: Sequence[Changed], reader: Reader) -> Iterator[Section]:
    _ = catalog(reader.language)
    several = len({part.title for part in parts}) > 1
    for part in parts:
        title = title_for(part.title, reader)
        moved = bool(part.was)
        for heading, spans, past in (
            (_("Until now"), part.was, True),
            (_("From now on") if moved else title, part.now, False),
            (_("No longer on your calendar"), part.lost, True),
            (_("New"), part.added, False),
        ):
            if spans:
                named = f"{heading} ({title})" if several and heading != title else heading
                shown = named if named == title else f"{named}:"
                yield Section(shown, times(spans, part.zone, reader), past)


def _facts(messages: Iterable[Message]) -> list[tuple[str, str, str]]:
    """Give what else changed, as its name in FACTS, how it was and how it is, each
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


def _fact(name: str, was: str, now: str, reader: Reader) -> str:
    if name == "clock":
        was, now = zone(was, reader.language), zone(now, reader.language)
    if name == "title":
        was, now = neutral_title(was, reader.language), neutral_title(now, reader.language)
    old, new = (safe_text(said, limit=200) or "–" for said in (was, now))
    return f"{catalog(reader.language)(FACTS[name])}: {old} → {new}"


def _ordered(part: Changed) -> Changed:
    """Put what moved in the order of its new times, the old ones beside them."""
    pairs = sorted(zip(part.now, part.was, strict=True))
    part.now, part.was = [now for now, _ in pairs], [was for _, was in pairs]
    part.lost, part.added = sorted(part.lost), sorted(part.added)
    return part


def _span(one: Meeting) -> Span:
    return one.begins_at, one.minutes
