"""A calendar program as the standards want one, written from RFC 5546 and knowing nothing of the
product.

It reads mail with the standard library, calendar text with vobject, and follows rules with
dateutil. It believes nothing: what no right sender would send it refuses loudly (`Wrong`), so that
whoever drives it learns at once.
"""

import email
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import vobject
from dateutil.rrule import rrulestr

Span = tuple[datetime, datetime]


class Wrong(AssertionError):
    """A message that a right sender does not send."""


@dataclass
class Kept:
    """One UID in the calendar: meetings by their original start; `gone` says that the whole was
    cancelled.
    """

    sequence: int
    stamp: datetime
    meetings: dict[datetime, Span] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    gone: bool = False


@dataclass
class CalendarClient:
    """The calendar behind one mail address."""

    address: str
    kept: dict[str, Kept] = field(default_factory=dict)
    stale: int = 0
    """Messages ignored as older than what is known (RFC 5546 2.1.5)."""

    def receive(self, mime: bytes) -> None:
        """Take a message from the mailbox. Raises Wrong."""
        message = email.message_from_bytes(mime, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self._demand(
            message["To"].addresses[0].addr_spec.lower() == self.address.lower(),
            "mail to somebody else",
        )
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                data = bytes(part.get_payload(decode=True))
                self.take(data, method=str(part.get_param("method")))

    def take(self, data: bytes, method: str) -> None:
        """Apply one calendar part; `method` is what its Content-Type says (RFC 6047 2.4)."""
        calendar = vobject.readOne(data.decode("utf-8"))
        self._demand(
            calendar.method.value == method, "the method of the part is not that of the calendar"
        )
        events = list(calendar.vevent_list)
        uids = {event.uid.value for event in events}
        self._demand(len(uids) == 1, f"one message about {len(uids)} entries (RFC 5546 3.2.2)")
        for event in events:
            people = [each.value.lower() for each in event.contents.get("attendee", [])]
            self._demand(people == [f"mailto:{self.address.lower()}"], f"attendees {people}")
            self._demand("organizer" in event.contents, "no organizer")
        (uid,) = uids
        known = self.kept.get(uid)
        sequence = max(int(event.sequence.value) for event in events)
        stamp = max(event.dtstamp.value for event in events)
        if known is not None and (sequence, stamp) <= (known.sequence, known.stamp):
            self.stale += 1
            return
        {"REQUEST": self._request, "CANCEL": self._cancel}[method](uid, events, sequence, stamp)

    def shows(self) -> list[Span]:
        """Return everything that stands in the calendar, in order, doubles included."""
        return sorted(
            span for kept in self.kept.values() if not kept.gone for span in kept.meetings.values()
        )

    def _request(self, uid: str, events: list[Any], sequence: int, stamp: datetime) -> None:
        masters = [event for event in events if "recurrence-id" not in event.contents]
        for event in events:
            status = event.contents.get("status")
            self._demand(
                not status or status[0].value in {"CONFIRMED", "TENTATIVE"},
                "a REQUEST that is cancelled",
            )
        known = self.kept.get(uid)
        if known is None:
            self._demand(len(masters) == 1, "the first message has no master")
            known = self.kept[uid] = Kept(sequence, stamp)
        known.sequence, known.stamp, known.gone = sequence, stamp, False
        known.titles = {event.summary.value for event in events}
        if masters:
            self._demand(len(masters) == 1, "two masters")
            known.meetings = _expanded(masters[0])
        for event in events:
            if "recurrence-id" in event.contents:
                original = event.recurrence_id.value.astimezone(UTC)
                self._demand(original in known.meetings, f"an override of no instance: {original}")
                known.meetings[original] = _span(event)

    def _cancel(self, uid: str, events: list[Any], sequence: int, stamp: datetime) -> None:
        known = self.kept.get(uid)
        self._demand(
            known is not None and not known.gone, "a CANCEL of what this calendar never had"
        )
        assert known is not None
        known.sequence, known.stamp = sequence, stamp
        named = [event for event in events if "recurrence-id" in event.contents]
        known.gone = not named
        for event in named:
            original = event.recurrence_id.value.astimezone(UTC)
            self._demand(original in known.meetings, f"a CANCEL of no instance: {original}")
            del known.meetings[original]

    def _demand(self, holds: bool, why: str) -> None:
        if not holds:
            raise Wrong(f"{self.address}: {why}")


def subscribed(body: bytes) -> list[Span]:
    """Return everything that a subscribed calendar shows, in order, doubles included; but for what
    is struck.
    """
    found: dict[str, dict[datetime, Span]] = {}
    events = vobject.readOne(body.decode("utf-8")).contents.get("vevent", [])
    for event in sorted(events, key=lambda one: "recurrence-id" in one.contents):
        if "recurrence-id" in event.contents:
            found[event.uid.value][event.recurrence_id.value.astimezone(UTC)] = _span(event)
        elif event.uid.value in found:
            raise Wrong(f"two entries of one name: {event.uid.value}")
        elif event.status.value != "CANCELLED":
            found[event.uid.value] = _expanded(event)
    return sorted(span for meetings in found.values() for span in meetings.values())


def _span(event: Any) -> Span:
    start, end = event.dtstart.value, event.dtend.value
    return start.astimezone(UTC), end.astimezone(UTC)


def _expanded(event: Any) -> dict[datetime, Span]:
    """Follow the rule by the wall clock of its zone, as RFC 5545 3.3.10 has it; without one it is
    one meeting.
    """
    first, last = _span(event)
    if "rrule" not in event.contents:
        return {first: (first, last)}
    tzid = event.dtstart.params.get("X-VOBJ-ORIGINAL-TZID") or event.dtstart.params.get("TZID")
    zone = ZoneInfo(tzid[0])
    parts = dict(piece.split("=") for piece in event.rrule.value.split(";"))
    until = datetime.strptime(parts.pop("UNTIL"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    start = first.astimezone(zone).replace(tzinfo=None)
    end = until.astimezone(zone).replace(tzinfo=None)
    length = last - first
    gone = {at.astimezone(UTC) for each in event.contents.get("exdate", []) for at in each.value}
    found: dict[datetime, Span] = {}
    for at in rrulestr(rule, dtstart=start):
        if at > end:
            break
        instant = at.replace(tzinfo=zone).astimezone(UTC)
        found[instant] = (instant, instant + length)
    if not gone <= set(found) or first not in found or length <= timedelta():
        raise Wrong(
            "a rule without its first instance, an exception that hits nothing, or no time at all"
        )
    return {at: span for at, span in found.items() if at not in gone}
