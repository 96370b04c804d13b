"""The doors for people: sign-in, desk for staff, portal for patients, pages for
families; feeds, joining, health.

Each view says whom it is for, asks the clock, calls deeds, commits once. GET changes nothing but
what being seen costs.
"""

import os
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from scheduler.kernel.keys.secret_settings import INSTANCE
from scheduler.people import whom_to_ask
from scheduler.web import assets
from scheduler.web.api import machine_doors
from scheduler.web.auth import devices, set_up, sign_in
from scheduler.web.auth.access import Who, allow, guard, may_do, may_now, may_open
from scheduler.web.auth.cookies import FormCookie
from scheduler.web.auth.headers import with_headers
from scheduler.web.auth.hostile_requests import refuse_hostile_requests
from scheduler.web.auth.picked_language import tongues
from scheduler.web.auth.proofs import own_passkeys, passkey_step
from scheduler.web.auth.proofs.passkey_site import site_here
from scheduler.web.auth.reader_language import add_languages
from scheduler.web.auth.steps import forgotten, password_link, second_step
from scheduler.web.auth.steps.fresh_proof import ask_for_proof
from scheduler.web.check import tech_check
from scheduler.web.day import attendance, caseload, engagement, needs, today
from scheduler.web.demo import mailbox, phones, styleguide
from scheduler.web.desk import (
    busy_calendar,
    cohorts,
    letters,
    patients,
    publication,
    reminders,
    replies,
    session_edit,
    signing,
)
from scheduler.web.desk.accounts import (
    audit_desk,
    break_glass,
    lost_factor,
    own_password,
    second_factor,
    staff_accounts,
    staff_passkeys,
    stopped_codes,
    webhook_desk,
    where_signed_in,
)
from scheduler.web.desk.board import session_places
from scheduler.web.desk.changes import other_leader, session_place, swap_sessions, told_answer
from scheduler.web.desk.clinic import broken_plans, file_at_desk, program_choice, setup_pages
from scheduler.web.desk.disruptions import disruption_back, disruption_page
from scheduler.web.desk.drawing import program_week
from scheduler.web.desk.mail import closed_address, opened_letter
from scheduler.web.desk.people import (
    contact_details,
    free_hours,
    join_entries,
    keep_out,
    patient_admission,
    patient_details,
    people_search,
    relative_addition,
    relative_readiness,
    roster_pages,
)
from scheduler.web.desk.stays import (
    participation,
    patient_appointments,
    patient_discharge,
    patient_stays,
    topic_seats,
    waiting_places,
)
from scheduler.web.desk.truth import cooling
from scheduler.web.evenings import evening_desk, open_evening
from scheduler.web.family import family_calendar, invitation, join, session_room
from scheduler.web.family.home import (
    address_dates,
    entry_page,
    one_date_file,
    other_time,
    own_needs,
    stop_contact,
)
from scheduler.web.feeds import feed
from scheduler.web.feeds.fast_path import with_short_way
from scheduler.web.ops import health, sms_webhook
from scheduler.web.ops.access_log import write_visits
from scheduler.web.own import own_contact, own_language, own_reminders, own_week
from scheduler.web.own.mailbox_to_ask import mailbox_to_ask
from scheduler.web.parts.clean_request import add_clean_requests
from scheduler.web.parts.error_pages import add_error_pages
from scheduler.web.parts.family_times import both_clocks
from scheduler.web.parts.time_words import named
from scheduler.web.portal import (
    agenda,
    calendar_delivery,
    consent_give,
    consent_today,
    consent_withdraw,
    disclosures,
    sender_choice,
    signed_papers,
    what_was_stopped,
)
from scheduler.web.portal.home import (
    cannot_come,
    catch_up,
    how_it_works,
    make_up_seat,
    offered_place,
    session_news,
)
from scheduler.web.preview.form_turn import add_form_turns
from scheduler.web.recordings import recording_desk, watch_recording
from scheduler.web.safe import safe_hours, safe_hours_desk

PAGES = (
    assets,
    sign_in,
    set_up,
    forgotten,
    password_link,
    second_step,
    passkey_step,
    own_passkeys,
    staff_passkeys,
    second_factor,
    lost_factor,
    own_password,
    where_signed_in,
    devices,
    audit_desk,
    break_glass,
    staff_accounts,
    stopped_codes,
    webhook_desk,
    today,
    needs,
    caseload,
    engagement,
    cohorts,
    setup_pages,
    file_at_desk,
    program_choice,
    program_week,
    broken_plans,
    session_edit,
    session_places,
    other_leader,
    swap_sessions,
    disruption_page,
    disruption_back,
    session_place,
    told_answer,
    attendance,
    session_room,
    family_calendar,
    own_language,
    own_reminders,
    entry_page,
    own_week,
    safe_hours,
    safe_hours_desk,
    sender_choice,
    publication,
    cooling,
    patients,
    letters,
    closed_address,
    opened_letter,
    reminders,
    replies,
    agenda,
    cannot_come,
    catch_up,
    make_up_seat,
    how_it_works,
    own_contact,
    offered_place,
    session_news,
    disclosures,
    consent_give,
    consent_today,
    signed_papers,
    signing,
    consent_withdraw,
    what_was_stopped,
    keep_out,
    contact_details,
    relative_readiness,
    patient_discharge,
    patient_stays,
    topic_seats,
    waiting_places,
    people_search,
    join_entries,
    roster_pages,
    patient_admission,
    patient_details,
    patient_appointments,
    participation,
    relative_addition,
    free_hours,
    busy_calendar,
    calendar_delivery,
    invitation,
    other_time,
    one_date_file,
    own_needs,
    address_dates,
    stop_contact,
    join,
    watch_recording,
    recording_desk,
    open_evening,
    evening_desk,
    tech_check,
    feed,
    sms_webhook,
    machine_doors,
    health,
)
blueprints = (*(page.bp for page in PAGES), machine_doors.fhir)
"""What every installation serves; the demo's own doors stand apart."""

__all__ = ["Who", "allow", "blueprints", "prepare"]


def prepare(app: Flask) -> None:
    """Set up what all pages share: forms' cookie and anti-forgery token, the guard, headers, error
    pages.
    """
    app.config.update(
        WTF_CSRF_SSL_STRICT=False,  # no-referrer pages send no Referer; the token alone decides
        WTF_CSRF_TIME_LIMIT=12 * 3600,
    )
    app.session_interface = FormCookie()
    refuse_hostile_requests(app)  # before anything reads a form
    forms = CSRFProtect(app)
    forms.exempt(sms_webhook.bp)  # the gateway signs instead
    forms.exempt(machine_doors.bp)  # a token in a header, never a cookie
    write_visits(app)
    add_clean_requests(app)
    app.before_request(guard)
    app.before_request(ask_for_proof)
    add_languages(app)
    add_form_turns(app)
    doors = with_headers(with_short_way(app), app.config["KINFOLD"].base_url)
    app.wsgi_app = doors  # type: ignore[assignment, method-assign]
    add_error_pages(app)
    machine_doors.answer_otherwise(app)
    _say_to_pages(app)
    if app.config["KINFOLD"].demo:
        app.config.setdefault(
            "DEMO_MAILBOX", Path(os.environ.get("KINFOLD_INSTANCE", INSTANCE)) / "mailbox"
        )
        app.register_blueprint(mailbox.bp)
        app.register_blueprint(phones.bp)
        app.register_blueprint(styleguide.bp)


def _say_to_pages(app: Flask) -> None:
    """Give every template what it may ask."""
    pages = app.jinja_env
    pages.trim_blocks = pages.lstrip_blocks = True
    pages.filters["named"] = named
    pages.filters["both_clocks"] = both_clocks
    pages.globals["alarm"] = letters.alarm
    pages.globals["mailbox_to_ask"] = mailbox_to_ask
    pages.globals["may_do"] = may_do
    pages.globals["may_now"] = may_now
    pages.globals["may_open"] = may_open
    pages.globals["needs_waiting"] = needs.waiting
    pages.globals["site_here"] = site_here
    pages.globals["tongues"] = tongues
    pages.globals["whom_to_ask"] = whom_to_ask
