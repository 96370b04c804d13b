"""Accounts of staff: who is there, what each may do, inviting and shutting."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from scheduler.i18n import catalog, full_date
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import (
    change_roles,
    cover,
    covers_of,
    deactivate,
    end_early,
    give_role_for,
    has_second_factor,
    has_way_in,
    invite,
    invite_again,
    losses_of,
    need_factor_from,
    person_by_key,
    practice,
    sign_out_everywhere,
    staff_members,
    terms_of,
)
from scheduler.people.accounts.models import Cover, RoleTerm
from scheduler.people.models import Person, Role
from scheduler.sessions import leads_ahead
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.accounts.role_words import ROLE_WORDS, table_in_words
from scheduler.web.parts.form_fields import BadDay, bounded_date_field, enum_field
from scheduler.web.parts.page import Page, sentence
from scheduler.web.preview.form_turn import lead_second_to

bp = Blueprint("staff_accounts", __name__, url_prefix="/desk/accounts")
Errors = dict[str, str]


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
    return _with_link(person, secret)


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
    ahead = [row.key for row in leads_ahead(person, after=practice().day_at(now()))]
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
    try:
        first, last = _days()
        chosen = request.form.get("covering", "")
        if not chosen:
            raise InputError("choose who stands in")
        cover(
            person_by_key(key),
            person_by_key(chosen),
            first=first,
            last=last,
            by=me().key,
            now=now(),
        )
    except InputError as error:
        return _refused(f"roles-{key}", error)
    return _done(catalog(reader_language()).gettext("The cover is set."))


@bp.post("/<key>/for-a-time")
@allow(*STAFF)
def give_for_a_time(key: str) -> Page:
    """Give somebody a role with a first and a last day."""
    try:
        role = enum_field("role", Role)
        if role is None:
            raise InputError("choose a role")
        first, last = _days()
        give_role_for(
            person_by_key(key),
            role,
            first=first,
            last=last,
            by=me().key,
            now=now(),
        )
    except InputError as error:
        return _refused(f"roles-{key}", error)
    return _done(catalog(reader_language()).gettext("The role is given for that time."))


@bp.post("/<key>/for-a-time/end")
@allow(*STAFF)
def end_for_a_time(key: str) -> Page:
    """End a cover, or a role for a time, before its last day."""
    end_early(
        person_by_key(key),
        request.form.get("row", ""),
        by=me().key,
        now=now(),
    )
    return _done(catalog(reader_language()).gettext("It is ended."))


@bp.post("/<key>/link")
@allow(*STAFF)
def make_link(key: str) -> Page:
    """Make the link to a first password of a colleague who has none, and show it once."""
    person = person_by_key(key)
    try:
        secret = invite_again(person, by=me().key, now=now())
    except (InputError, Conflict) as error:
        return _refused(f"roles-{key}", error)
    db.session.commit()
    return _with_link(person, secret)


def _with_link(person: Person, secret: str) -> str:
    link = f"{current_app.config['KINFOLD'].base_url}/password/{secret}"
    lead_second_to(url_for("staff_accounts.overview"))
    return _page({}, link=link, invited=person.email)


def _days() -> tuple[date, date]:
    """Return the first and the last day that were typed. Raises InputError."""
    first, last = bounded_date_field("first"), bounded_date_field("last")
    if first is None or last is None:
        raise InputError("give the first and the last day")
    return first, last


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
        rows=[_row(person, named) for person in people],
        roles=[(role.value, _(ROLE_WORDS[role]), "") for role in Role],
        staff=_open_accounts(people),
        table=table_in_words(),
        errors=errors,
        link=link,
        invited=invited,
        today=date.isoformat(practice().day_at(now())),
        asked=asked,
        factor_day=factor_day.isoformat() if factor_day else "",
    )


def _open_accounts(people: Iterable[Person]) -> list[tuple[str, str]]:
    """Return key and name of everybody whose account is open."""
    found = []
    for person in people:
        if person.clinician is not None and person.clinician.ended_at is None:
            found.append((person.key, person.name))
    return found


def _row(person: Person, named: dict[str, str]) -> dict[str, object]:
    account = person.clinician
    assert account is not None
    _ = catalog(reader_language()).gettext
    return {
        "person": person,
        "roles": [role.value for role in account.roles],
        "role_words": [_(ROLE_WORDS[role]) for role in account.roles],
        "more_roles": [(role.value, _(ROLE_WORDS[role])) for role in _others(account.roles)],
        "open": account.ended_at is None,
        "invited": has_way_in(person),
        "factor": has_second_factor(person),
        "for_a_time": _for_a_time(person, named),
    }


def _others(roles: Iterable[Role]) -> list[Role]:
    known = set(roles)
    return [role for role in Role if role not in known]


def _for_a_time(person: Person, named: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return by whom somebody is covered, and their roles for a time: the row, what it is, and from
    when to when.
    """
    language = reader_language()
    _ = catalog(language).gettext
    rows: list[tuple[Cover | RoleTerm, str]] = []
    for cover_row in covers_of([person]):
        who = named.get(cover_row.covering_id, "")
        rows.append((cover_row, _("Covered by {who}").format(who=who)))
    for term in terms_of([person]):
        role = _(ROLE_WORDS[term.role])
        rows.append((term, _("Also {role}").format(role=role)))
    found = []
    for row, said in rows:
        days = f"{full_date(row.first, language)} – {full_date(row.last, language)}"
        found.append((row.id, said, days))
    return found
