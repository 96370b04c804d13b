"""Sessions that will happen: when, who leads, who sits in them, and the names calendars know them
by.

Words: a *session* is the clinic's meeting; its *key* names the obligation and stays when it moves;
a *series* is what one regular invitation may cover; its *version* rises with every change. It knows
no plan, no consent and no letter.
"""

from scheduler.sessions.calendar_uids import (
    Names,
    calendar_names,
    give_own_uids,
    retire,
    wall_start,
    wall_starts,
)
from scheduler.sessions.change_history import (
    LEFT,
    changes_since,
    cooling_sessions,
    forget_changes,
    let_changes_cool,
    note_left,
)
from scheduler.sessions.double_booking import (
    is_double_booking,
    loosened_booking_rules,
    refuse_double_booking,
)
from scheduler.sessions.edit import (
    cancel_sessions,
    close_days,
    edit_sessions,
    has_session,
    session_by_key,
    sessions_from,
)
from scheduler.sessions.humans.guests import engage_anew, excuse_guests, guests_of, seat_guests
from scheduler.sessions.humans.make_up_seats import (
    give_up_make_up_seat,
    leave_make_up_seat,
    made_up_between,
    made_up_in,
    make_up_seat,
    make_up_seats_of,
    make_ups_of,
    take_make_up_seat,
)
from scheduler.sessions.humans.patient_records import (
    PatientRecord,
    patient_record,
    patient_records,
)
from scheduler.sessions.humans.patients_in_reach import (
    patients_near,
    patients_page,
    relatives_page,
)
from scheduler.sessions.humans.staff_reach import (
    cohort_reach,
    cohorts_in_reach,
    leads_ahead,
    own_sessions,
    patient_reach,
    session_reach,
)
from scheduler.sessions.join_log import log_join
from scheduler.sessions.leaders.put_in_place import put_in_place
from scheduler.sessions.lifecycle import Meeting, cancel, move, schedule
from scheduler.sessions.locking import lock_people_and_room
from scheduler.sessions.notes.past_changes import Became, PastChange, changes_of
from scheduler.sessions.notes.team_notes import LONGEST_NOTE, notes_of, write_note
from scheduler.sessions.putting_back import can_be_put_back, place_back, put_back
from scheduler.sessions.queries import (
    SessionsWanted,
    moved_from,
    next_session_after,
    overrides_by_session,
    overrides_of,
    sessions_between,
    sessions_by_id,
    sessions_by_key,
    sessions_of_cohort,
    sessions_page,
    struck_sessions,
)
from scheduler.sessions.rescheduling import (
    NO_TIME,
    Booked,
    bookings_between,
    can_be_held,
    is_within_reach,
    reschedule,
)
from scheduler.sessions.series import RegularForm, at_the_edge, calendar_entry, regular_form
from scheduler.sessions.swaps.swap_places import swap_places
from scheduler.sessions.tzdata_update import MovedByLaw, apply_tzdata_update, moved_by_law
from scheduler.sessions.undo import Snapshot, changed, snapshot, undo_change

__all__ = [
    "LEFT",
    "LONGEST_NOTE",
    "NO_TIME",
    "Became",
    "Booked",
    "Meeting",
    "MovedByLaw",
    "Names",
    "PastChange",
    "PatientRecord",
    "RegularForm",
    "SessionsWanted",
    "Snapshot",
    "apply_tzdata_update",
    "at_the_edge",
    "bookings_between",
    "calendar_entry",
    "calendar_names",
    "can_be_held",
    "can_be_put_back",
    "cancel",
    "cancel_sessions",
    "changed",
    "changes_of",
    "changes_since",
    "close_days",
    "cohort_reach",
    "cohorts_in_reach",
    "cooling_sessions",
    "edit_sessions",
    "engage_anew",
    "excuse_guests",
    "forget_changes",
    "give_own_uids",
    "give_up_make_up_seat",
    "guests_of",
    "has_session",
    "is_double_booking",
    "is_within_reach",
    "leads_ahead",
    "leave_make_up_seat",
    "let_changes_cool",
    "lock_people_and_room",
    "log_join",
    "loosened_booking_rules",
    "made_up_between",
    "made_up_in",
    "make_up_seat",
    "make_up_seats_of",
    "make_ups_of",
    "move",
    "moved_by_law",
    "moved_from",
    "next_session_after",
    "note_left",
    "notes_of",
    "overrides_by_session",
    "overrides_of",
    "own_sessions",
    "patient_reach",
    "patient_record",
    "patient_records",
    "patients_near",
    "patients_page",
    "place_back",
    "put_back",
    "put_in_place",
    "refuse_double_booking",
    "regular_form",
    "relatives_page",
    "reschedule",
    "retire",
    "schedule",
    "seat_guests",
    "session_by_key",
    "session_reach",
    "sessions_between",
    "sessions_by_id",
    "sessions_by_key",
    "sessions_from",
    "sessions_of_cohort",
    "sessions_page",
    "snapshot",
    "struck_sessions",
    "swap_places",
    "take_make_up_seat",
    "undo_change",
    "wall_start",
    "wall_starts",
    "write_note",
]
