"""When nothing may arrive at somebody, as the clock on each wall has it: how the observer reads."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.outbox.models import Channel
from scheduler.people.models import Person
from scheduler.people.safe_contact.models import MarkedHours, Means

DAY = 24 * 60


@dataclass
class Mark:
    """Hours that somebody marked, as they know them."""

    owner: Person
    zone: str
    days: frozenset[int]
    begin: int
    end: int
    means: Means
    from_moment: datetime
    until: datetime | None = None
    row: MarkedHours | None = None

    def holds(self, channel: Channel, at: datetime) -> bool:
        """True if the clock on its owner's wall is inside."""
        if self.row is None or self.row.ended_at is not None:
            return False
        if self.means is not Means.BOTH and self.means.value != channel.value:
            return False
        wall = at.astimezone(ZoneInfo(self.zone))
        minute = wall.hour * 60 + wall.minute
        today = wall.weekday() in self.days
        yesterday = (wall.weekday() - 1) % 7 in self.days
        if self.begin < self.end:
            return today and self.begin <= minute < self.end
        return (today and minute >= self.begin) or (yesterday and minute < self.end)


@dataclass
class Home:
    """One history: whom letters go to, who else is in the house, what is written and marked."""

    person: Person
    other: Person
    is_shared: bool = False
    """Whether both read the same device: one mailbox, or one human under two keys."""
    marks: list[Mark] = field(default_factory=list)

    def is_watched(self, channel: Channel, at: datetime) -> bool:
        """True if nothing may arrive at the person."""
        for mark in self.marks:
            concerns = mark.owner is self.person or self.is_shared
            if concerns and mark.holds(channel, at):
                return True
        return False
