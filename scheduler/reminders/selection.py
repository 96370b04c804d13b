"""Which reminders one person gets of the sessions ahead: one a day and one a block, not one a
session. Pure.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.reminders.policy import Lead, Policy

BREAK = timedelta(minutes=30)
"""Sessions no further apart than this are one block; somebody who is there needs no reminder."""


class Ahead(NamedTuple):
    """One session in one person's time ahead; `asks` says whether their answer is waited for."""

    session_id: str
    starts_at: datetime
    ends_at: datetime
    asks: bool = False
    asks_second: bool = False
    """They are asked only when the first relative does not answer."""


def select_reminders(
    sessions: Sequence[Ahead], policy: Policy, zone: str, first: datetime | None
) -> Iterator[tuple[Ahead, Lead]]:
    """Return each reminder as the session it hangs on and which it is; `sessions` are one person's,
    in order.

    `first` is the start of the first session they ever have, None when it is past or unknown.
    """
    there = ZoneInfo(zone)
    day: date | None = None
    week: tuple[int, int] | None = None
    until: datetime | None = None
    for session in sessions:
        local = session.starts_at.astimezone(there).date()
        this_week = local.isocalendar()[:2]
        is_first = session.starts_at == first
        for lead in _asking(session, policy, is_first):
            yield session, lead
        for lead in _day_leads(policy, is_first, local != day):
            yield session, lead
        if policy.week_ahead and this_week != week:
            yield session, Lead.WEEK_AHEAD
        if policy.soon and _begins_block(session, until):
            yield session, Lead.HOUR_BEFORE
        day, week = local, this_week
        until = max(until, session.ends_at) if until else session.ends_at


def _begins_block(session: Ahead, until: datetime | None) -> bool:
    """True if a break lies before the session; the one before it ended at `until`."""
    return until is None or session.starts_at - until > BREAK


def _day_leads(policy: Policy, is_first: bool, new_day: bool) -> tuple[Lead, ...]:
    if is_first and policy.first_session:
        return Lead.FIRST_72H, Lead.FIRST_24H
    if policy.day_before and new_day:
        return (Lead.DAY_BEFORE,)
    return ()


def _asking(session: Ahead, policy: Policy, is_first: bool) -> tuple[Lead, ...]:
    if not policy.ask or not session.asks:
        return ()
    if session.asks_second:
        return (Lead.ASK_SECOND,)
    if is_first and policy.first_session:
        # Three days before the first session its own letter goes, and asks as well.
        return Lead.ASK_TEXT, Lead.ASK_STAFF
    return Lead.ASK_MAIL, Lead.ASK_TEXT, Lead.ASK_STAFF
