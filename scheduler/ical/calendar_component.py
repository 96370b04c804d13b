"""What a calendar entry says before it is text: wall times of one zone, a weekly rule, exceptions.
Pure values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The clinic's words for days, in the order of `date.weekday()`."""

SEQUENCES = 2**31
"""How many numbers a SEQUENCE may have (RFC 5545 3.3.8)."""
OPEN = "NEEDS-ACTION"
"""The PARTSTAT of whoever has not answered to a date as it stands."""
_UID = re.compile(r"[!-~]{1,255}")
_LINK = re.compile(r"https?://[!-~]{1,1000}")


@dataclass(frozen=True, slots=True)
class Party:
    """An organizer or an attendee: the address and the name shown for it ("" for none)."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Every `interval` weeks (from Monday on) on `days` (mon … sun), the last start at `until`,
    wall time.
    """

    interval: int
    days: tuple[str, ...]
    until: datetime

    def instances(self, start: datetime) -> tuple[datetime, ...]:
        """Return all wall-clock starts of this rule from `start` through `until`."""
        since_monday = timedelta(days=start.weekday())
        monday = start - since_monday
        days = [DAYS.index(day) for day in self.days]
        offsets = [timedelta(days=number) for number in sorted(set(days))]
        step = timedelta(weeks=self.interval)
        found = []
        while monday <= self.until:
            for offset in offsets:
                at = monday + offset
                if start <= at <= self.until:
                    found.append(at)
            monday += step
        return tuple(found)

    def __post_init__(self) -> None:
        unknown = set(self.days) - set(DAYS)
        is_paced = 1 <= self.interval <= 52
        if unknown or not is_paced or not self.days:
            raise ValueError("a weekly rule has an interval of 1 to 52 weeks and days mon … sun")


@dataclass(frozen=True, slots=True)
class Override:
    """One instance of a series that is elsewhere: `original` names it for ever, `start` is where it
    is now, or whose owner `declined` it.
    """

    original: datetime
    start: datetime
    minutes: int
    sequence: int = 0
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One calendar entry, single or a weekly series; all starts are naive wall times of `zone`
    (IANA).

    `stamp` is when the message is made, `changed` when what it says last changed, both aware;
    `without` are instances that do not take place; `link_label` stands beside the link; `cancelled`
    is shown struck, for a while; what the owner `declined` leaves the time free and says so by
    `declined_title`. Raises ValueError for an entry that no two calendars would read alike.
    """

    uid: str
    sequence: int
    stamp: datetime
    changed: datetime
    zone: str
    start: datetime
    minutes: int
    title: str
    description: str = ""
    link: str | None = None
    rule: WeeklyRule | None = None
    without: tuple[datetime, ...] = ()
    moved: tuple[Override, ...] = ()
    link_label: str = "Join"
    place: str = "Online"
    cancelled: bool = False
    declined: bool = False
    declined_title: str = ""

    def __post_init__(self) -> None:
        is_numbered = 0 <= self.sequence < SEQUENCES
        if not is_numbered or not _UID.fullmatch(self.uid):
            raise ValueError(
                "a calendar entry needs a UID of 1 to 255 characters and a SEQUENCE from 0 on"
            )
        self._check_times()
        if self.link is not None and not _LINK.fullmatch(self.link):
            raise ValueError("a link is a web address in ASCII")
        instances = self.instances()
        self._check_rule(instances)
        self._check_exceptions(instances)

    def _check_times(self) -> None:
        if self.stamp.tzinfo is None or self.changed.tzinfo is None:
            raise ValueError("stamp and changed are instants, not wall times")
        for at in self.starts():
            if at.tzinfo or at.microsecond:
                raise ValueError("starts are wall times without a zone, in whole seconds")
        moved = [override.minutes for override in self.moved]
        for minutes in (self.minutes, *moved):
            if not 0 < minutes <= 1440:
                raise ValueError("a calendar entry lasts from 1 to 1440 minutes")

    def instances(self) -> tuple[datetime, ...]:
        """Return the starts that the rule makes, exceptions not yet applied; one for a single
        entry.
        """
        if self.rule is None:
            return (self.start,)
        return self.rule.instances(self.start)

    def starts(self) -> tuple[datetime, ...]:
        """Return where the meetings really start, in order: wall times of `zone`."""
        gone = set(self._named())
        starts = [at for at in self.instances() if at not in gone]
        for override in self.moved:
            starts.append(override.start)
        starts.sort()
        return tuple(starts)

    def _named(self) -> list[datetime]:
        """Return the instances that exceptions name."""
        named = list(self.without)
        for override in self.moved:
            named.append(override.original)
        return named

    def _check_rule(self, instances: tuple[datetime, ...]) -> None:
        """Refuse a rule that RFC 5545 3.8.5.3 leaves undefined."""
        begins_right = instances[:1] == (self.start,)
        ends_right = True
        if self.rule is not None:
            ends_right = instances[-1:] == (self.rule.until,)
        if not (begins_right and ends_right):
            raise ValueError("a rule begins and ends with one of its own instances")

    def _check_exceptions(self, instances: tuple[datetime, ...]) -> None:
        """Refuse exceptions that RFC 5545 leaves undefined (3.8.5.1, 3.8.4.4)."""
        named = self._named()
        once = set(named)
        strangers = once - set(instances)
        is_twice = len(once) != len(named)
        is_single = self.rule is None
        if is_twice or strangers or (named and is_single):
            raise ValueError("an exception names one instance of the rule, once")
        if self.start in self.without:
            raise ValueError("a series begins with an instance that takes place")


@dataclass(frozen=True, slots=True)
class Known:
    """What the attendee of a REQUEST has answered, and whether an answer is asked for where there
    is none.

    `answers` are by the original wall-clock start of an instance; what is not in it is open (RFC
    5546 3.2.2: an update carries what is known of each).
    """

    answers: Mapping[datetime, str] = field(default_factory=dict)
    asks: bool = True

    def of(self, original: datetime) -> str:
        """Return the PARTSTAT of an instance."""
        return self.answers.get(original, OPEN)


NOTHING_KNOWN = Known()


def told_apart(entry: Entry, known: Known) -> list[Override]:
    """Return the instances that need words of their own: those moved, and those whose answer is
    another than the first one's, for which the rule itself speaks.
    """
    moved = {override.original: override for override in entry.moved}
    usual = known.of(entry.start)
    gone = set(entry.without)
    apart = []
    for original in entry.instances():
        if original in moved:
            apart.append(moved[original])
        elif original not in gone and known.of(original) != usual:
            apart.append(Override(original, original, entry.minutes))
    return apart
