"""Dates that the owner of a calendar said no to: they stay in it, leave the time free and say so.

A subscribed calendar names no people (icalendar H1), so no PARTSTAT can say it. Pure, but for whom
it asks.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from scheduler.i18n import catalog
from scheduler.ical import Entry, Override

Ask = Callable[[Collection[str]], set[tuple[str, str]]]
"""Asked of people (ids): (person, session) of what they said no to, as it stands."""

_ask: Ask | None = None


def ask_who_declined(ask: Ask) -> None:
    """Tell this process whom to ask what people said no to; done by the factory, once."""
    global _ask
    _ask = ask


def declined_by(people: Collection[str]) -> set[tuple[str, str]]:
    """Return (person, session), by id, of what these people said no to; nothing before
    `ask_who_declined`.
    """
    if _ask is not None:
        return _ask(people)
    return set()


def with_declined(entry: Entry, starts: Collection[datetime], language: str | None) -> Entry:
    """Return an entry in which the meetings that really start at these wall times are declined; of
    a series each says so by itself.
    """
    if not starts:
        return entry
    said = catalog(language).gettext("You said no: {title}")
    title = said.format(title=entry.title)
    if entry.rule is None:
        return replace(entry, declined=True, declined_title=title)
    moved = [_as_answered(override, starts) for override in entry.moved]
    named = {*entry.without, *(override.original for override in entry.moved)}
    for original in entry.instances():
        if original in starts and original not in named:
            moved.append(Override(original, original, entry.minutes, declined=True))
    moved.sort(key=_original)
    return replace(entry, moved=tuple(moved), declined_title=title)


def _as_answered(override: Override, starts: Collection[datetime]) -> Override:
    return replace(override, declined=override.start in starts)


def _original(override: Override) -> datetime:
    return override.original
