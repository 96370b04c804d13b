"""When clinicians are busy by their own calendars: when, never what; the planner keeps these times free.

A room of its own because it has rows and rules and knows nobody but people: whoever plans asks it, it asks nobody.
Calendars are uploaded. Nothing is fetched from an address somebody typed: no such fetch is safe enough to make from
inside a clinic.
"""

from scheduler.busy.keep import forget, upload
from scheduler.busy.queries import busy_times, calendar_of

__all__ = ["busy_times", "calendar_of", "forget", "upload"]
