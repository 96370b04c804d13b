"""What several messages change, by title and zone: what moved, went, came, and came back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scheduler.invitations.letters.message_body import Span
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.itip import Message


@dataclass(slots=True)
class Changed:
    """What several messages change about meetings of one title and zone.

    `was` and `now` are the times of what moved, in one order; `lost` are no more, `added` were not
    there, `back` had been lost; of `fewer` somebody is part no longer.
    """

    title: str
    zone: str
    was: list[Span] = field(default_factory=list)
    now: list[Span] = field(default_factory=list)
    lost: list[Span] = field(default_factory=list)
    added: list[Span] = field(default_factory=list)
    back: list[Span] = field(default_factory=list)
    fewer: list[Span] = field(default_factory=list)

    @property
    def is_other(self) -> bool:
        """True if something moved or is no more, or somebody takes part no longer."""
        return bool(self.was or self.lost or self.fewer)

    @property
    def many(self) -> int:
        """How many things it tells: what moved without somebody is two."""
        return sum(map(len, (self.now, self.lost, self.added, self.back, self.fewer)))

    def first(self) -> Span:
        """Return the meeting that a subject line names: the first of what is true now, else of what
        was.
        """
        true_now = self.now + self.added + self.back
        if true_now:
            return min(true_now)
        return min(self.was + self.lost + self.fewer)

    def in_order(self) -> "Changed":
        """Return the same, all by time; what moved in the order of its new times."""
        pairs = sorted(zip(self.now, self.was, strict=True))
        return Changed(
            self.title,
            self.zone,
            was=[was for _, was in pairs],
            now=[now for now, _ in pairs],
            lost=sorted(self.lost),
            added=sorted(self.added),
            back=sorted(self.back),
            fewer=sorted(self.fewer),
        )


class _Found:
    """What changed, collected by title and zone."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, str], Changed] = {}

    def among(self, content: Content) -> Changed:
        """Return what changed about meetings of the title and zone of `content`."""
        key = content.title, content.zone
        if key not in self.parts:
            self.parts[key] = Changed(content.title, content.zone)
        return self.parts[key]

    def add(self, message: Message, before: Meeting | None, meeting: Meeting) -> None:
        """Note a meeting that stands, and where it was before."""
        content = message.content
        span = span_of(meeting)
        if before is None:
            part = self.among(content)
            is_back = meeting.session_id in message.back
            (part.back if is_back else part.added).append(span)
            return
        was = span_of(before)
        if was != span:
            part = self.among(content)
            part.was.append(was)
            part.now.append(span)


def changed(messages: Sequence[Message]) -> list[Changed]:
    """Return what is different after all of `messages`, the earliest first: what left one entry for
    another has moved.
    """
    old: dict[str, Meeting] = {}
    new: set[str] = set()
    for message in messages:
        for meeting in message.before:
            old[meeting.session_id] = meeting
        for meeting in message.fresh():
            new.add(meeting.session_id)
    found = _Found()
    for message in messages:
        for meeting in message.fresh():
            before = old.get(meeting.session_id)
            found.add(message, before, meeting)
        for meeting in message.before:
            if meeting.session_id not in new:
                part = found.among(message.was or message.content)
                part.lost.append(span_of(meeting))
    parts = sorted(found.parts.values(), key=Changed.first)
    return [part.in_order() for part in parts]


def is_one_moved(parts: Sequence[Changed]) -> bool:
    """True if one date has moved, and nothing else is different."""
    if len(parts) != 1:
        return False
    (part,) = parts
    return len(part.was) == 1 and part.many == 1


def is_all_back(parts: Sequence[Changed]) -> bool:
    """True if all that is told had been lost, and takes place after all."""
    return all(part.back and part.many == len(part.back) for part in parts)


def is_all_lost(parts: Sequence[Changed]) -> bool:
    """True if nothing has come or moved: what there was is no more."""
    return all(part.lost and part.many == len(part.lost) for part in parts)


def span_of(meeting: Meeting) -> Span:
    return meeting.begins_at, meeting.minutes
