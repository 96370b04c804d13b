"""When clinicians are busy by their own calendars: when, never what; the planner keeps these times
free.

A room of its own because it has rows and rules and knows nobody but people: whoever plans asks it,
it asks nobody. A calendar is uploaded, or followed at an address of the open internet
(`kernel.safe_http` says how narrow that is).
"""

from scheduler.busy.follow_calendar import Due, Seen, ask, claim, follow, look, read_soon, settle
from scheduler.busy.queries import busy_times, calendar_of, feed_of
from scheduler.busy.replace_calendar import forget, upload

__all__ = [
    "Due",
    "Seen",
    "ask",
    "busy_times",
    "calendar_of",
    "claim",
    "feed_of",
    "follow",
    "forget",
    "look",
    "read_soon",
    "settle",
    "upload",
]
