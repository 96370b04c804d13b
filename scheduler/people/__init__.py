"""The practice and its people: patients, relatives, staff; names, addresses, zones, availability,
sign-in.

It knows nobody's sessions and nobody's consents.
"""

from scheduler.people.accounts.broken_glass import (
    FOR_AUDITOR,
    GLASS_LASTS,
    break_glass,
    glass_is_broken,
)
from scheduler.people.accounts.cover import cover, covers_of, stands_for
from scheduler.people.accounts.invite_staff import (
    change_roles,
    deactivate,
    invite,
    new_password_link,
    password_link_of,
    staff_members,
    use_password_link,
)
from scheduler.people.accounts.role_table import (
    TABLE,
    Deed,
    Reach,
    farthest,
    may,
    may_after_glass,
)
from scheduler.people.accounts.totp import (
    confirm_factor,
    factor_of,
    is_right_code,
    new_factor,
    provisioning_address,
    reset_factor,
)
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
    end_one,
    end_sign_in,
    seen,
    sign_ins_of,
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
    is_key_taken,
    names_by_id,
    names_by_key,
    patient_by_key,
    patients_alike,
    people_by_address,
    people_by_id,
    people_by_phone,
    people_found,
    person_by_key,
    practice,
    relatives_of,
    whom_to_ask,
)
from scheduler.people.readiness import decide_readiness, readiness_of
from scheduler.people.throttle import TooMany, count_attempt

__all__ = [
    "CODE_LASTS",
    "FOR_AUDITOR",
    "GLASS_LASTS",
    "SEEN_EVERY",
    "TABLE",
    "WEEKDAYS",
    "Absence",
    "Busy",
    "Contact",
    "Deed",
    "Help",
    "Licence",
    "Reach",
    "TooMany",
    "Window",
    "all_clinicians",
    "begin_sign_in",
    "bodies_by_id",
    "bodies_by_key",
    "break_glass",
    "calendar_choice",
    "calendar_choices",
    "change_roles",
    "choose_calendar",
    "code_hash",
    "confirm_factor",
    "contact_of",
    "count_attempt",
    "cover",
    "covers_of",
    "deactivate",
    "decide_readiness",
    "devices_behind",
    "devices_of",
    "edit_contact",
    "end_all",
    "end_devices",
    "end_one",
    "end_sign_in",
    "is_key_taken",
    "factor_of",
    "farthest",
    "glass_is_broken",
    "invite",
    "is_right",
    "is_right_code",
    "keep_device",
    "may",
    "may_after_glass",
    "names_by_id",
    "names_by_key",
    "new_code",
    "new_factor",
    "new_password_link",
    "note_desk_word",
    "note_own_word",
    "other_selves",
    "password_link_of",
    "patient_by_key",
    "patients_alike",
    "people_by_address",
    "people_by_id",
    "people_by_phone",
    "people_found",
    "person_by_key",
    "practice",
    "provisioning_address",
    "readiness_of",
    "record_name",
    "redeem",
    "relatives_of",
    "reset_factor",
    "rows_of_bodies",
    "seen",
    "set_password",
    "sign_ins_of",
    "signed_in",
    "staff_members",
    "stands_for",
    "stretch",
    "use_password_link",
    "whom_to_ask",
    "with_dates_of",
]
