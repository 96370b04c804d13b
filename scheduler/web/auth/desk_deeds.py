"""What each page and form of the desk is to the table of roles, and how far it is from who asks.

A route for staff without a line here is shut.
"""

from collections.abc import Mapping

from flask import request

from scheduler.kernel.clock import now
from scheduler.people import (
    Deed,
    Reach,
    farthest,
    may,
    may_after_glass,
    person_by_key,
    practice,
    roles_on,
)
from scheduler.people.models import Person, PersonKind, Role
from scheduler.sessions import cohort_reach, patient_reach, session_reach

ROLES = "kinfold.roles"
"""Whose roles a request has asked for already."""
DEEDS: Mapping[str, Deed] = {
    "agenda.end_address": Deed.OWN_CALENDAR,
    "agenda.address": Deed.OWN_CALENDAR,
    "agenda.make_address": Deed.OWN_CALENDAR,
    "attendance.page": Deed.HOLD_SESSION,
    "attendance.save": Deed.HOLD_SESSION,
    "audit_desk.overview": Deed.RECORD,
    "busy_calendar.bring": Deed.OWN_CALENDAR,
    "busy_calendar.follow_address": Deed.OWN_CALENDAR,
    "busy_calendar.let_go": Deed.OWN_CALENDAR,
    "busy_calendar.page": Deed.OWN_CALENDAR,
    "busy_calendar.read_again": Deed.OWN_CALENDAR,
    "calendar_delivery.choose": Deed.OWN_CALENDAR,
    "calendar_delivery.page": Deed.OWN_CALENDAR,
    "caseload.page": Deed.PLAN,
    "broken_plans.page": Deed.PLAN,
    "break_glass.ask": Deed.BREAK_GLASS,
    "break_glass.give_reason": Deed.BREAK_GLASS,
    "closed_address.try_again": Deed.LETTERS,
    "cohorts.cohort": Deed.SEE_BOARD,
    "cohorts.cohorts": Deed.SEE_BOARD,
    "cohorts.plan": Deed.PLAN,
    "cohorts.to_print": Deed.SEE_BOARD,
    "consent_withdraw.desk_ask": Deed.STOP_SHARING,
    "consent_withdraw.desk_stop": Deed.STOP_SHARING,
    "contact_details.change": Deed.CHANGE_PATIENT,
    "contact_details.show": Deed.CHANGE_PATIENT,
    "cooling.ask_discard": Deed.PLAN,
    "cooling.do_discard": Deed.PLAN,
    "cooling.do_take_back": Deed.PLAN,
    "disclosures.desk": Deed.READ_RECORDS,
    "disclosures.to_print": Deed.READ_RECORDS,
    "entry_page.page": Deed.OWN_CALENDAR,
    "engagement.page": Deed.PLAN,
    "evening_desk.announce": Deed.EVENINGS,
    "evening_desk.cancel": Deed.EVENINGS,
    "evening_desk.go_in": Deed.EVENINGS,
    "evening_desk.overview": Deed.EVENINGS,
    "file_at_desk.bring": Deed.HOUSE,
    "file_at_desk.download": Deed.HOUSE,
    "file_at_desk.page": Deed.HOUSE,
    "free_hours.change": Deed.CHANGE_PATIENT,
    "free_hours.show": Deed.CHANGE_PATIENT,
    "join_entries.join": Deed.FIND_ANYBODY,
    "join_entries.show": Deed.FIND_ANYBODY,
    "keep_out.bar": Deed.CHANGE_PATIENT,
    "keep_out.lift": Deed.CHANGE_PATIENT,
    "letters.overview": Deed.LETTERS,
    "letters.release": Deed.RELEASE_LETTERS,
    "lost_factor.ask": Deed.OWN_CALENDAR,
    "lost_factor.confirm": Deed.ACCOUNTS,
    "lost_factor.page": Deed.OWN_CALENDAR,
    "needs.finish": Deed.SEE_TASKS,
    "needs.page": Deed.SEE_TASKS,
    "opened_letter.page": Deed.LETTERS,
    "other_leader.change": Deed.CHANGE_SESSION,
    "other_leader.look": Deed.CHANGE_SESSION,
    "other_leader.page": Deed.CHANGE_SESSION,
    "own_password.change": Deed.OWN_CALENDAR,
    "own_password.page": Deed.OWN_CALENDAR,
    "participation.agree": Deed.CHANGE_PATIENT,
    "participation.show": Deed.CHANGE_PATIENT,
    "patient_admission.show": Deed.FIND_ANYBODY,
    "patient_admission.take_in": Deed.FIND_ANYBODY,
    "patient_appointments.change": Deed.CHANGE_PATIENT,
    "patient_appointments.show": Deed.CHANGE_PATIENT,
    "patient_details.change": Deed.CHANGE_PATIENT,
    "patient_details.show": Deed.CHANGE_PATIENT,
    "patient_discharge.end": Deed.CHANGE_PATIENT,
    "patient_discharge.show": Deed.CHANGE_PATIENT,
    "patient_stays.change": Deed.CHANGE_PATIENT,
    "patient_stays.listed": Deed.CHANGE_PATIENT,
    "patient_stays.show": Deed.CHANGE_PATIENT,
    "patients.patient": Deed.SEE_PATIENT,
    "people_search.find": Deed.FIND_ANYBODY,
    "people_search.search": Deed.FIND_ANYBODY,
    "publication.preview": Deed.PLAN,
    "publication.tell": Deed.PLAN,
    "program_choice.take": Deed.SETTINGS,
    "program_week.change": Deed.SETTINGS,
    "program_week.page": Deed.SETTINGS,
    "program_choice.versions": Deed.SETTINGS,
    "recording_desk.add": Deed.HOLD_SESSION,
    "recording_desk.page": Deed.HOLD_SESSION,
    "recording_desk.remove": Deed.HOLD_SESSION,
    "relative_addition.add": Deed.CHANGE_PATIENT,
    "relative_addition.show": Deed.CHANGE_PATIENT,
    "relative_readiness.decide": Deed.CHANGE_PATIENT,
    "relative_readiness.show": Deed.CHANGE_PATIENT,
    "safe_hours_desk.end": Deed.CHANGE_PATIENT,
    "safe_hours_desk.mark": Deed.CHANGE_PATIENT,
    "safe_hours_desk.show": Deed.CHANGE_PATIENT,
    "reminders.agree": Deed.CHANGE_PATIENT,
    "reminders.agreements": Deed.CHANGE_PATIENT,
    "reminders.decide": Deed.SETTINGS,
    "reminders.programs": Deed.SETTINGS,
    "replies.decide": Deed.LETTERS,
    "replies.look": Deed.LETTERS,
    "replies.overview": Deed.LETTERS,
    "session_edit.back": Deed.CHANGE_SESSION,
    "session_edit.change": Deed.CHANGE_SESSION,
    "session_edit.look": Deed.CHANGE_SESSION,
    "session_edit.page": Deed.SEE_SESSION,
    "session_place.note": Deed.WRITE_NOTES,
    "session_places.page": Deed.CHANGE_SESSION,
    "session_room.go_in": Deed.HOLD_SESSION,
    "setup_pages.add": Deed.SETTINGS,
    "setup_pages.change": Deed.SETTINGS,
    "setup_pages.change_single": Deed.SETTINGS,
    "setup_pages.listed": Deed.SETTINGS,
    "setup_pages.new": Deed.SETTINGS,
    "setup_pages.shown": Deed.SETTINGS,
    "setup_pages.single": Deed.SETTINGS,
    "signed_papers.desk": Deed.READ_RECORDS,
    "signed_papers.record": Deed.CHANGE_PATIENT,
    "signing.authority": Deed.CHANGE_PATIENT,
    "signing.end": Deed.CHANGE_PATIENT,
    "signing.finding": Deed.CHANGE_PATIENT,
    "signing.overview": Deed.CHANGE_PATIENT,
    "staff_accounts.cover_somebody": Deed.ACCOUNTS,
    "staff_accounts.deactivate_account": Deed.ACCOUNTS,
    "staff_accounts.invite_somebody": Deed.ACCOUNTS,
    "staff_accounts.overview": Deed.ACCOUNTS,
    "staff_accounts.set_grace": Deed.ACCOUNTS,
    "staff_accounts.end_for_a_time": Deed.ACCOUNTS,
    "staff_accounts.give_for_a_time": Deed.ACCOUNTS,
    "staff_accounts.make_link": Deed.ACCOUNTS,
    "staff_accounts.set_roles": Deed.ACCOUNTS,
    "staff_passkeys.add": Deed.OWN_CALENDAR,
    "staff_passkeys.begin": Deed.OWN_CALENDAR,
    "staff_passkeys.end": Deed.OWN_CALENDAR,
    "staff_passkeys.page": Deed.OWN_CALENDAR,
    "stopped_codes.let_open": Deed.CHANGE_PATIENT,
    "stopped_codes.page": Deed.CHANGE_PATIENT,
    "staff_accounts.sign_out_somebody": Deed.ACCOUNTS,
    "today.page": Deed.OWN_CALENDAR,
    "roster_pages.bring": Deed.FIND_ANYBODY,
    "roster_pages.show": Deed.FIND_ANYBODY,
    "roster_pages.take_back": Deed.FIND_ANYBODY,
    "topic_seats.seat": Deed.CHANGE_PATIENT,
    "told_answer.note": Deed.CHANGE_SESSION,
    "second_factor.confirm": Deed.OWN_CALENDAR,
    "second_factor.page": Deed.OWN_CALENDAR,
    "webhook_desk.end": Deed.ACCOUNTS,
    "webhook_desk.make": Deed.ACCOUNTS,
    "webhook_desk.overview": Deed.ACCOUNTS,
    "waiting_places.accept": Deed.PLAN,
    "waiting_places.let_go": Deed.PLAN,
    "waiting_places.offer": Deed.PLAN,
    "waiting_places.page": Deed.PLAN,
    "where_signed_in.end": Deed.OWN_CALENDAR,
    "where_signed_in.page": Deed.OWN_CALENDAR,
}


def may_here(staff: Person, endpoint: str, names: Mapping[str, str]) -> bool:
    """True if the table lets a member of staff do what this route does, to what its address
    names.
    """
    deed = DEEDS.get(endpoint)
    return deed is not None and may_do_here(staff, deed, names)


def may_do_here(staff: Person, deed: Deed, names: Mapping[str, str]) -> bool:
    """True if the table lets a member of staff do a deed to what an address names."""
    if staff.clinician is None:
        return False
    return may(
        roles_here(staff),
        deed,
        distance(staff, deed, names),
    )


def distance(staff: Person, deed: Deed, names: Mapping[str, str]) -> Reach:
    """Return how far it is from a member of staff to what an address names; a list is as near as
    the role goes, it shows no more than that.
    """
    key = names.get("key")
    if key is None or farthest(roles_here(staff), deed) in (Reach.NONE, Reach.OTHER):
        return Reach.OWN
    day = practice().day_at(now())
    if request.path.startswith("/desk/sessions/"):
        return session_reach(staff, key, day=day)
    if request.path.startswith("/desk/cohorts/"):
        return cohort_reach(staff, key, day=day)
    patient = patient_named(names)
    if patient:
        return patient_reach(staff, patient.id, day=day)
    return Reach.OWN


def patient_named(names: Mapping[str, str]) -> Person | None:
    """Return the patient this request's address is about, None where it is about nobody."""
    if not request.path.startswith("/desk/patients/") or "key" not in names:
        return None
    person = person_by_key(names["key"])
    if person.kind is PersonKind.PATIENT:
        return person
    return None


def may_give_reason(staff: Person, endpoint: str) -> bool:
    """True if a stated reason opens this route to a member of staff beyond their reach."""
    deed = DEEDS.get(endpoint)
    return deed is not None and may_after_glass(roles_here(staff), deed)


def may_deed(staff: Person, deed: Deed) -> bool:
    """True if a member of staff may do it at all, to whatever is nearest."""
    return may(roles_here(staff), deed, Reach.OWN)


def own_roles_count(staff: Person) -> None:
    """Take it that no role for a time counts today, where that was asked with something else."""
    if staff.clinician is not None:
        known: dict[str, tuple[Role, ...]] = request.environ.setdefault(ROLES, {})
        known[staff.id] = staff.clinician.roles


def roles_here(person: Person) -> tuple[Role, ...]:
    """Return the roles that count today for a member of staff, those given for a time included; ()
    for anybody else.
    """
    known: dict[str, tuple[Role, ...]] = request.environ.setdefault(ROLES, {})
    if person.id not in known:
        known[person.id] = roles_on(person, day=practice().day_at(now()))
    return known[person.id]
