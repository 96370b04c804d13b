"""Whether the sessions that one person has in one series make one regular invitation, and the
calendar entry that says them. Pure.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from scheduler.ical import DAYS, Entry, Override, WeeklyRule, expressible, steady

FEWEST = 3
"""For fewer sessions than this, single entries say it better than a rule."""
LARGEST_INTERVAL = 6
"""Weeks; sessions further apart are single entries."""
FARTHEST = 2
"""Weeks from its place in the rule within which a session still counts as moved, not as another."""


@dataclass(frozen=True, slots=True)
class RegularForm:
    """One invitation for a run of sessions: the rule from `start` on, its holes and its moved
    instances.
    """

    start: datetime
    minutes: int
    rule: WeeklyRule
    without: tuple[datetime, ...]
    moved: tuple[Override, ...]


def regular_form(
    starts: Sequence[tuple[datetime, int]], zone: str, *, kept: bool = False
) -> RegularForm | None:
    """Return the rule that says a run of sessions, as (wall-clock start in `zone`, minutes), or
    None for singles.

    Regular is: at least three sessions, fewer than half of the rule's instances missing, at most a
    quarter moved (none of them the first or to before it), no skipped or doubled hour touched, and
    a zone that calendars can be told. `kept` asks only for what is needed to write it, for a series
    that was told as one before; its rule is laid through its first session where one can be, since
    what has been held can no longer stand apart.
    """
    return _form(tuple(starts), zone, kept, kept)


def calendar_entry(
    meetings: Sequence[tuple[datetime, int]], *, zone: str, series: bool, **words: Any
) -> Entry:
    """Return the entry for meetings as (naive wall-clock start in `zone`, minutes).

    `words` are Entry's other fields: uid, sequence, stamp, changed, title, description, link.
    Raises ValueError for a series that no weekly rule says, and for several meetings that are no
    series.
    """
    if not series:
        ((start, minutes),) = meetings
        return Entry(zone=zone, start=start, minutes=minutes, **words)
    form = regular_form(meetings, zone, kept=True)
    if form is None:
        raise ValueError("no weekly rule says these meetings")
    return Entry(
        zone=zone,
        start=form.start,
        minutes=form.minutes,
        rule=form.rule,
        without=form.without,
        moved=form.moved,
        **words,
    )


def at_the_edge(starts: Sequence[tuple[datetime, int]], zone: str) -> list[datetime]:
    """Return the starts that a kept series could only say by moving its first instance, or by
    moving one before it.
    """
    left = list(starts)
    found = list[datetime]()
    while left and (form := _form(tuple(left), zone, True, False)):
        odd = set(_edge(form))
        if not odd or len(odd) == len(left):
            break
        found += sorted(odd)
        left = [meeting for meeting in left if meeting[0] not in odd]
    return found


@lru_cache(maxsize=4096)
def _form(
    starts: tuple[tuple[datetime, int], ...], zone: str, kept: bool, through: bool
) -> RegularForm | None:
    """Find the form; remembered, because all who sit in one group have the same run and ask for it
    again.

    `through`: look first for one that begins with the first session, at its wall time if need be.
    """
    sessions = dict(starts)
    is_doubled = len(sessions) < len(starts)
    fewest = 1 if kept else FEWEST
    if is_doubled or len(sessions) < fewest:
        return None
    clocks = Counter((at.time(), minutes) for at, minutes in starts)
    usual, _ = clocks.most_common(1)[0]
    found = _told_at(usual, sessions, zone, kept)
    if through:
        found = _through_the_first(found, sessions, zone, kept)
    return found[0] if found else None


def _through_the_first(
    found: list[RegularForm], sessions: dict[datetime, int], zone: str, kept: bool
) -> list[RegularForm]:
    """Put first the forms that begin with the first session, found at its own wall time if need
    be.
    """
    if all(map(_edge, found)):
        first = min(sessions)
        clock = (first.time(), sessions[first])
        found = _told_at(clock, sessions, zone, kept) + found
    return sorted(found, key=lambda form: bool(_edge(form)))


def _told_at(
    clock: tuple[time, int], sessions: dict[datetime, int], zone: str, kept: bool
) -> list[RegularForm]:
    """Return the forms at a wall time and length that calendars can be told, the least odd
    first.
    """
    found = []
    for form in _forms(sessions, clock, kept):
        if kept or _is_regular(form):
            found.append(form)
        if not form.without and not form.moved:
            break
    return [form for form in sorted(found, key=_oddity) if _can_be_told(form, zone)]


def _forms(
    sessions: dict[datetime, int], usually: tuple[time, int], kept: bool
) -> Iterator[RegularForm]:
    """Try every interval, its phases, and the weekdays from the most used on, at one wall time and
    length.
    """
    clock, minutes = usually
    weekdays = _weekdays_by_use(sessions, usually)
    first = min(sessions)
    last = max(sessions)
    monday = datetime.combine(first.date() - timedelta(days=first.weekday()), clock)
    sunday = datetime.combine(last.date() + timedelta(days=6 - last.weekday()), clock)
    for interval in range(1, LARGEST_INTERVAL + 1):
        until = sunday + timedelta(weeks=interval if kept else 0)
        for phase in range(interval):
            begin = monday - timedelta(weeks=phase)
            for count in range(1, len(weekdays) + 1):
                days = tuple(DAYS[day] for day in sorted(weekdays[:count]))
                rule = WeeklyRule(interval, days, until)
                form = _fitted(sessions, minutes, rule, rule.instances(begin), kept)
                if form:
                    yield form


def _weekdays_by_use(sessions: dict[datetime, int], usually: tuple[time, int]) -> list[int]:
    """Return the weekdays (0 is Monday) with sessions at this wall time and length, the most used
    first.
    """
    usual = Counter(
        at.weekday() for at, minutes in sessions.items() if (at.time(), minutes) == usually
    )
    return sorted(usual, key=lambda day: (-usual[day], day))


def _fitted(
    sessions: dict[datetime, int],
    minutes: int,
    rule: WeeklyRule,
    instances: tuple[datetime, ...],
    kept: bool,
) -> RegularForm | None:
    """Return the rule with its holes and moved instances; None when a session finds no place."""
    reach = timedelta(weeks=520 if kept else min(rule.interval, FARTHEST))
    given = _places(sessions, instances, reach)
    if given is None:
        return None
    first = min(given)
    last = max(given)
    moved = []
    for original, at in sorted(given.items()):
        override = Override(original, at, sessions[at])
        if original != at or override.minutes != minutes:
            moved.append(override)
    return RegularForm(
        start=first,
        minutes=minutes,
        rule=WeeklyRule(rule.interval, rule.days, last),
        without=tuple(at for at in instances if first < at < last and at not in given),
        moved=tuple(moved),
    )


def _places(
    sessions: dict[datetime, int], instances: tuple[datetime, ...], reach: timedelta
) -> dict[datetime, datetime] | None:
    """Give each session to an instance of a rule, its own or the nearest free one; None when one
    is left over.
    """
    given = {at: at for at in instances if at in sessions}
    free = [at for at in instances if at not in given]
    for at in sorted(set(sessions) - set(given)):
        nearest = min(free, key=lambda instance: _distance(instance, at), default=None)
        if nearest is None or abs(nearest - at) >= reach:
            return None
        given[nearest] = at
        free.remove(nearest)
    return given


def _distance(instance: datetime, at: datetime) -> tuple[bool, timedelta, datetime]:
    """Order instances as places that a session may have been moved from: its own week's first, then
    the nearest.
    """
    weeks = [moment.date() - timedelta(days=moment.weekday()) for moment in (instance, at)]
    return weeks[0] != weeks[1], abs(instance - at), instance


def _edge(form: RegularForm) -> list[datetime]:
    """Return the starts that a form says by moving its first instance, or by moving one to before
    it.

    Old sabre/vobject (Nextcloud, Baikal) shows a moved first instance twice, and loses one moved
    before the first.
    """
    return [
        override.start
        for override in form.moved
        if override.original == form.start or override.start < form.start
    ]


def _is_regular(form: RegularForm) -> bool:
    if _edge(form):
        return False
    instances = len(form.rule.instances(form.start))
    return 2 * len(form.without) < instances and 4 * len(form.moved) <= instances


def _oddity(form: RegularForm) -> tuple[int, int, int]:
    """Order forms: the fewest exceptions, then the shortest interval and the fewest days."""
    return len(form.without) + 2 * len(form.moved), form.rule.interval, len(form.rule.days)


def _can_be_told(form: RegularForm, zone: str) -> bool:
    meetings = [(at, form.minutes) for at in form.rule.instances(form.start)]
    meetings += [(override.start, override.minutes) for override in form.moved]
    first, _ = min(meetings)
    last, _ = max(meetings)
    if not expressible(zone, first.date(), last.date()):
        return False
    return all(steady(at, minutes, zone) for at, minutes in meetings)
