"""What a consent would cause until its end, seen before it is signed: the deeds that write letters,
reminders and calendars are done for every moment at which something is due, read, and undone.

Words: a *rehearsal* is what was read; a *step* is a moment at which something may be due. It knows
no page: who asks hands in what is to be looked at.
"""

from scheduler.rehearsals.rehearsal import Entry, PageDate, Rehearsal, ShownLetter
from scheduler.rehearsals.rehearse_grant import rehearse

__all__ = [
    "Entry",
    "PageDate",
    "Rehearsal",
    "ShownLetter",
    "rehearse",
]
