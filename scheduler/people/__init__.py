"""The practice and its people: patients, relatives, staff; names, addresses, zones, availability,
sign-in.

It knows nobody's sessions and nobody's consents.
"""

from scheduler.people.availability import (
    WEEKDAYS,
    Absence,
    Licence,
    Window,
    stretch,
    with_dates_of,
)
from scheduler.people.bodies import bodies_by_id, bodies_by_key, other_selves, rows_of_bodies
from scheduler.people.browser_sessions import (
    SEEN_EVERY,
    begin_sign_in,
    end_all,
    end_sign_in,
    seen,
    signed_in,
)
from scheduler.people.calendar_preferences import calendar_choice, calendar_choices, choose_calendar
from scheduler.people.codes import CODE_LASTS, new_code, redeem
from scheduler.people.contact import Contact, contact_of, edit_contact
from scheduler.people.field_words import note_desk_word, note_own_word, record_name
from scheduler.people.help_line import Help
from scheduler.people.kept_devices import devices_behind, devices_of, end_devices, keep_device
from scheduler.people.passwords import Busy, code_hash, is_right, set_password
from scheduler.people.queries import (
    all_clinicians,
    names_by_id,
    names_by_key,
    patient_by_key,
    people_by_address,
    people_by_id,
    people_by_phone,
    person_by_key,
    practice,
    relatives_of,
    whom_to_ask,
)
from scheduler.people.readiness import decide_readiness, readiness_of
from scheduler.people.throttle import TooMany, count_attempt

__all__ = [
    "CODE_LASTS",
    "SEEN_EVERY",
    "WEEKDAYS",
    "Absence",
    "Busy",
    "Contact",
    "Help",
    "Licence",
    "TooMany",
    "Window",
    "all_clinicians",
    "begin_sign_in",
    "bodies_by_id",
    "bodies_by_key",
    "calendar_choice",
    "calendar_choices",
    "choose_calendar",
    "code_hash",
    "contact_of",
    "count_attempt",
    "decide_readiness",
    "devices_behind",
    "devices_of",
    "edit_contact",
    "end_all",
    "end_devices",
    "end_sign_in",
    "is_right",
    "keep_device",
    "names_by_id",
    "names_by_key",
    "new_code",
    "note_desk_word",
    "note_own_word",
    "other_selves",
    "patient_by_key",
    "people_by_address",
    "people_by_id",
    "people_by_phone",
    "person_by_key",
    "practice",
    "readiness_of",
    "record_name",
    "redeem",
    "relatives_of",
    "rows_of_bodies",
    "seen",
    "set_password",
    "signed_in",
    "stretch",
    "whom_to_ask",
    "with_dates_of",
]
