"""What a person is told under one UID, as a value and as the document that is kept. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.ical import to_utc
from scheduler.sessions import RegularForm, regular_form


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """One meeting as it was told: naive wall time of the content's zone, and the UTC instants."""

    start: datetime
    minutes: int
    begins_at: datetime
    session_id: str

    @property
    def ends_at(self) -> datetime:
        """The UTC instant it ends."""
        return self.begins_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Content:
    """All that one UID says: the title, the zone its wall times are of, and the meetings in order.

    `place` is where its links begin and `sender` the organizer's address; empty in what was told
    before they were kept.
    """

    title: str
    zone: str
    series: bool
    meetings: tuple[Meeting, ...]
    place: str = ""
    sender: str = ""

    def document(self) -> dict[str, Any]:
        """Return the JSON document that is kept as `told`."""
        rows = [
            [m.session_id, m.start.isoformat(), m.minutes, m.begins_at.isoformat()]
            for m in self.meetings
        ]
        words = {
            "title": self.title,
            "zone": self.zone,
            "series": self.series,
            "meetings": rows,
        }
        return words | {
            "place": self.place,
            "sender": self.sender,
        }

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> "Content":
        """Read what `document` wrote."""
        meetings = []
        for session_id, start, minutes, begins in document["meetings"]:
            wall, instant = datetime.fromisoformat(start), datetime.fromisoformat(begins)
            meetings.append(Meeting(wall, minutes, instant, session_id))
        return cls(
            document["title"],
            document["zone"],
            document["series"],
            tuple(meetings),
            place=document.get("place", ""),
            sender=document.get("sender", ""),
        )

    def completed(self, by: "Content | None") -> "Content":
        """Take what was not yet kept when this was told to be as it is in `by`."""
        if by is None or (self.place and self.sender):
            return self
        return replace(self, place=self.place or by.place, sender=self.sender or by.sender)

    def begun(self, now: datetime) -> tuple[Meeting, ...]:
        """Return the meetings that have begun."""
        return tuple(meeting for meeting in self.meetings if meeting.begins_at <= now)

    def ahead(self, now: datetime) -> tuple[Meeting, ...]:
        """Return the meetings still to begin."""
        return tuple(meeting for meeting in self.meetings if meeting.begins_at > now)

    def instant(self, start: datetime) -> datetime:
        """Return the UTC instant of a wall-clock start of this content's zone."""
        return to_utc(start, self.zone)

    def form(self) -> RegularForm | None:
        """Return the rule of a series; None for a single meeting."""
        if not self.series:
            return None
        return regular_form(
            [(meeting.start, meeting.minutes) for meeting in self.meetings], self.zone, kept=True
        )
