"""Sessions that will happen: when, who leads, who sits in them, and the names calendars know them
by.

Words: a *session* is the clinic's meeting; its *key* names the obligation and stays when it moves;
a *series* is what one regular invitation may cover; its *version* rises with every change. It knows
no plan, no consent and no letter.
"""

from scheduler.sessions.calendar_entries import calendar_entry
from scheduler.sessions.calendar_uids import (
    Names,
    calendar_names,
    retire,
    set_apart,
    wall_start,
    wall_starts,
)
from scheduler.sessions.double_booking import is_two_at_once, loosened_bookings, refuse_two_at_once
from scheduler.sessions.edit import alter, call_off, close, session_by_key, sessions_from
from scheduler.sessions.join_log import note_entry
from scheduler.sessions.lifecycle import Meeting, cancel, move, schedule
from scheduler.sessions.locking import keep_still
from scheduler.sessions.rescheduling import reschedule
from scheduler.sessions.series import RegularForm, at_the_edge, regular_form
from scheduler.sessions.tzdata_update import MovedByLaw, moved_by_law, take_new_rules
from scheduler.sessions.undo import Was, as_it_is, changed, put_back

__all__ = [
    "Meeting",
    "MovedByLaw",
    "Names",
    "RegularForm",
    "Was",
    "alter",
    "as_it_is",
    "at_the_edge",
    "calendar_entry",
    "calendar_names",
    "call_off",
    "cancel",
    "changed",
    "close",
    "is_two_at_once",
    "keep_still",
    "loosened_bookings",
    "move",
    "moved_by_law",
    "note_entry",
    "put_back",
    "refuse_two_at_once",
    "regular_form",
    "reschedule",
    "retire",
    "schedule",
    "session_by_key",
    "sessions_from",
    "set_apart",
    "take_new_rules",
    "wall_start",
    "wall_starts",
]
