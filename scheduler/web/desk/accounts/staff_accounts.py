"""Accounts of staff: who is there, what each may do, inviting and shutting."""

from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import (
    TABLE,
    Deed,
    Reach,
    change_roles,
    cover,
    covers_of,
    deactivate,
    has_second_factor,
    invite,
    losses_of,
    need_factor_from,
    person_by_key,
    practice,
    sign_out_everywhere,
    staff_members,
)
from scheduler.people.models import Person, Role
from scheduler.sessions import leads_ahead
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.form_fields import BadDay, bounded_date_field, date_field
from scheduler.web.parts.page import Page, sentence
from scheduler.web.preview.form_turn import lead_second_to

bp = Blueprint("staff_accounts", __name__, url_prefix="/desk/accounts")
Errors = dict[str, str]


ROLE_WORDS = {
    Role.CLINICIAN: N_("clinician"),
    Role.COORDINATOR: N_("coordinator"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.AUDITOR: N_("auditor"),
}
REACH_WORDS = {
    Reach.NONE: N_("none"),
    Reach.OWN: N_("own"),
    Reach.COHORT: N_("cohort"),
    Reach.OTHER: N_("other"),
}
DEED_WORDS = {
    Deed.SEE_PATIENT: N_("See a patient’s page"),
    Deed.CHANGE_PATIENT: N_("Change what stands about a patient and their relatives"),
    Deed.STOP_SHARING: N_("Stop sharing for a patient"),
    Deed.READ_RECORDS: N_("Read signed papers and disclosures"),
    Deed.FIND_ANYBODY: N_("Search everybody, and take in who is new"),
    Deed.SEE_BOARD: N_("See a cohort’s board"),
    Deed.SEE_SESSION: N_("See a session"),
    Deed.CHANGE_SESSION: N_("Move, cancel or put back a session, name another leader"),
    Deed.HOLD_SESSION: N_("Go into the room, say who came, offer a recording"),
    Deed.SEE_TASKS: N_("See what needs somebody"),
    Deed.PLAN: N_("Plan and publish"),
    Deed.LETTERS: N_("Read letters and answers"),
    Deed.RELEASE_LETTERS: N_("Release letters that were held"),
    Deed.EVENINGS: N_("Offer open evenings"),
    Deed.SETTINGS: N_("Set up reminders, programs, cohorts and closed days"),
    Deed.HOUSE: N_("Set up the practice, its staff and its rooms"),
    Deed.ACCOUNTS: N_("Give and take accounts and roles"),
    Deed.RECORD: N_("Read the record"),
    Deed.OWN_CALENDAR: N_("Their own calendar and account"),
    Deed.BREAK_GLASS: N_("Open a stranger’s page with a reason"),
}


@bp.get("/")
@allow(*STAFF)
def overview() -> Page:
    """Show the accounts, and the table of roles as it is."""
    return _page({})


@bp.post("/")
@allow(*STAFF)
def invite_somebody() -> Page:
    """Make an account and show its link once, to be handed over."""
    try:
        person, secret = invite(
            request.form.get("email", ""),
            _roles_said(),
            by=me().key,
            now=now(),
        )
    except (InputError, Conflict) as error:
        return _refused("email", error)
    db.session.commit()
    link = f"{current_app.config['KINFOLD'].base_url}/password/{secret}"
    lead_second_to(url_for("staff_accounts.overview"))
    return _page({}, link=link, invited=person.email)


@bp.post("/<key>/roles")
@allow(*STAFF)
def set_roles(key: str) -> Page:
    """Give somebody other roles; they count from the next request on."""
    try:
        change_roles(
            person_by_key(key),
            _roles_said(),
            by=me().key,
            now=now(),
        )
    except (InputError, Conflict) as error:
        return _refused(f"roles-{key}", error)
    return _done(catalog(reader_language()).gettext("The roles are changed."))


@bp.post("/<key>/deactivate")
@allow(*STAFF)
def deactivate_account(key: str) -> Page:
    """Shut an account and name the sessions that now want somebody else."""
    person = person_by_key(key)
    try:
        deactivate(
            person,
            by=me().key,
            now=now(),
        )
    except (InputError, Conflict) as error:
        return _refused(f"roles-{key}", error)
    ahead = [row.key for row in leads_ahead(person, after=now().date())]
    said = catalog(reader_language()).gettext("The account is shut. Sessions still theirs: {keys}")
    return _done(said.format(keys=", ".join(ahead) or "0"))


@bp.post("/<key>/sign-out")
@allow(*STAFF)
def sign_out_somebody(key: str) -> Page:
    """Sign a colleague out everywhere; their account stays open."""
    sign_out_everywhere(
        person_by_key(key),
        by=me().key,
        now=now(),
    )
    return _done(catalog(reader_language()).gettext("They are signed out everywhere."))


@bp.post("/second-factor")
@allow(*STAFF)
def set_grace() -> Page:
    """Say from which day on staff need a second factor."""
    try:
        day = bounded_date_field("day")
    except BadDay as error:
        return _refused("day", error)
    need_factor_from(
        day,
        by=me().key,
        now=now(),
    )
    return _done(catalog(reader_language()).gettext("The day is set."))


@bp.post("/<key>/cover")
@allow(*STAFF)
def cover_somebody(key: str) -> Page:
    """Let a colleague stand in for a clinician."""
    first, last = date_field("first"), date_field("last")
    try:
        if first is None or last is None:
            raise InputError("give the first and the last day of cover")
        covering = person_by_key(request.form.get("covering", ""))
        cover(
            person_by_key(key),
            covering,
            first=first,
            last=last,
            by=me().key,
            now=now(),
        )
    except InputError as error:
        return _refused(f"roles-{key}", error)
    return _done(catalog(reader_language()).gettext("The cover is set."))


def _roles_said() -> list[Role]:
    known = {role.value for role in Role}
    return [Role(word) for word in request.form.getlist("roles") if word in known]


def _done(words: str) -> Page:
    db.session.commit()
    flash(words)
    return redirect(url_for("staff_accounts.overview"), 303)


def _refused(field: str, error: Exception) -> Page:
    db.session.rollback()
    return _page({field: sentence(error)}), 409 if isinstance(error, Conflict) else 422


def _page(errors: Errors, *, link: str | None = None, invited: str = "") -> str:
    people = staff_members()
    losses = losses_of(people, now=now())
    named = {person.id: person.name for person in people}
    _ = catalog(reader_language()).gettext
    shell = _("Somebody with access to the server")
    asked = {}
    for whose, loss in losses.items():
        asked[whose] = shell if loss.is_from_shell else named[loss.asked_by_id]
    factor_day = practice().second_factor_from
    return render_template(
        "desk/accounts/staff_accounts.html",
        rows=[_row(person) for person in people],
        roles=[(role.value, _(ROLE_WORDS[role]), "") for role in Role],
        staff=[(person.key, person.name) for person in people],
        table=_table(),
        errors=errors,
        link=link,
        invited=invited,
        today=date.isoformat(now().date()),
        asked=asked,
        factor_day=factor_day.isoformat() if factor_day else "",
    )


def _row(person: Person) -> dict[str, object]:
    account = person.clinician
    _ = catalog(reader_language()).gettext
    named = {each.id: each.name for each in staff_members()}
    covered = []
    for row in covers_of([person]):
        covered.append(f"{named.get(row.covering_id, '')}: {row.first} – {row.last}")
    return {
        "person": person,
        "roles": [role.value for role in account.roles] if account else [],
        "role_words": [_(ROLE_WORDS[role]) for role in account.roles] if account else [],
        "open": account is not None and account.ended_at is None,
        "factor": has_second_factor(person),
        "covered": covered,
    }


def _table() -> list[dict[str, object]]:
    """Return the table of roles as the program asks it, a deed a line."""
    _ = catalog(reader_language()).gettext
    lines: list[dict[str, object]] = []
    for deed in Deed:
        cells = [_(REACH_WORDS[TABLE[role].get(deed, Reach.NONE)]) for role in Role]
        lines.append({"deed": _(DEED_WORDS[deed]), "cells": cells})
    return lines
