"""A list of new patients brought in at the desk: columns matched, days asked, every row shown with
what is wrong beside its cell before anybody is admitted; taken back as one.
"""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import (
    NAMES,
    Order,
    Row,
    Table,
    asks_order,
    bring_roster,
    decoded,
    matched,
    newest_rosters,
    rows_of,
    table_of,
    take_back_roster,
    unsure,
)
from scheduler.clinics import typed_field
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import all_clinicians, practice
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.typed_person import form_key
from scheduler.web.desk.stays.free_cohorts import cohorts_shown
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import moment_words
from scheduler.web.preview.look_ahead import act_on_sight, ahead_page

bp = Blueprint("roster_pages", __name__, url_prefix="/desk/people/roster")
SHOWN = 100
"""Rows that are shown; those with something wrong come first."""
USUAL = ("cohort", "clinician", "first")
LABELS = {
    "name": N_("Name"),
    "given": N_("First name"),
    "surname": N_("Last name"),
    "email": N_("Mail address"),
    "phone": N_("Telephone"),
    "born": N_("Born"),
    "first": N_("First day of the stay"),
    "cohort": N_("Cohort"),
    "clinician": N_("Clinician"),
    "state": N_("State"),
    "zone": N_("Time zone"),
    "language": N_("Language"),
    "key": N_("Key"),
}


@dataclass(frozen=True, slots=True)
class Roster:
    """A list as it was brought, the field of each column, and its rows."""

    text: str
    table: Table
    fields: tuple[str, ...]
    order: Order | None
    rows: tuple[Row, ...]

    @property
    def has_errors(self) -> bool:
        """True if anything is wrong with a row."""
        return any(row.errors for row in self.rows)


class Refused(InputError):
    """The rows of a list as they are with what is wrong."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        super().__init__("something is wrong with the list")
        self.rows = rows


@bp.get("")
@allow(*STAFF)
def show() -> Page:
    """Ask for a list."""
    return _page(None, {})


@bp.post("")
@allow(*STAFF)
def bring() -> Page:
    """Show the rows, then admit everybody once was seen what that does."""
    try:
        roster = _read()
    except InputError as error:
        return _page(None, {"file": sentence(error)}), 422
    if not request.form.get("go") or request.form.get("change"):
        return _page(roster, {})
    if roster.has_errors:
        return _page(roster, {}), 422
    return _settle(roster)


def _settle(roster: Roster) -> Page:
    """Admit everybody where it was seen, else look."""
    roster_id, by, moment = form_key(), me().key, now()

    def deed() -> None:
        done = bring_roster(roster.rows, roster_id, by=by, now=moment)
        if done.brought is None:
            raise Refused(tuple(done.rows))

    try:
        ahead = act_on_sight(deed, set(), by=by, now=moment)
    except Refused as refused:
        return _page(replace(roster, rows=refused.rows), {}), 422
    _ = catalog(reader_language())
    count = len(roster.rows)
    if ahead.is_done:
        said = _.ngettext("{count} patient is admitted.", "{count} patients are admitted.", count)
        flash(said.format(count=count))
        return redirect(url_for(".show"), 303)
    title = _.ngettext("Admit {count} patient", "Admit {count} patients", count)
    return ahead_page(
        ahead,
        title=title.format(count=count),
        what=[row.cells["name"] for row in roster.rows],
        deed=_("Admit them"),
        back=url_for(".show"),
    )


@bp.post("/<row_id>/take-back")
@allow(*STAFF)
def take_back(row_id: str) -> Page:
    """Take a list back as one."""
    try:
        count = take_back_roster(row_id, by=me().key, now=now())
    except Conflict as error:
        db.session.rollback()
        return _page(None, {"taken": sentence(error)}), 409
    db.session.commit()
    said = catalog(reader_language()).ngettext(
        "The list of {count} patient is taken back.",
        "The list of {count} patients is taken back.",
        count,
    )
    flash(said.format(count=count))
    return redirect(url_for(".show"), 303)


def _read() -> Roster:
    """Return the list that was brought. Raises InputError."""
    file = request.files.get("file")
    text = request.form.get("text", "")
    if file is not None and file.filename:
        text = decoded(file.read())
    table = table_of(text)
    fields = _fields(table)
    order = enum_field("order", Order)
    usual = {name: request.form.get(name, "").strip() for name in USUAL}
    said = {name: words for name, words in usual.items() if words}
    rows = rows_of(table, fields, said, order, typed_field)
    return Roster(text, table, fields, order, tuple(rows))


def _fields(table: Table) -> tuple[str, ...]:
    """Return the field of each column: as it was chosen, else by its name."""
    found = []
    for number, guess in enumerate(matched(table.header)):
        field = request.form.get(f"column-{number}", guess)
        found.append(field if field in NAMES and field not in found else "")
    return tuple(found)


def _page(roster: Roster | None, errors: dict[str, str]) -> str:
    _ = catalog(reader_language())
    fields = [(name, _(label)) for name, label in LABELS.items()]
    return render_template(
        "desk/people/roster_pages.html",
        roster=roster,
        look=_look(roster) if roster else None,
        fields=fields,
        shown_fields=[pair for pair in fields if pair[0] not in ("given", "surname")],
        cohorts=cohorts_shown(today=practice().day_at(now())),
        clinicians=[(person.key, person.name) for person in all_clinicians()],
        said=request.form,
        form_key=form_key(),
        brought=_brought(),
        errors=errors,
    )


def _look(roster: Roster) -> dict[str, object]:
    """Return what the page says of a list: rows with something wrong first, and what is asked."""
    rows = sorted(roster.rows, key=lambda row: (not row.errors, row.line))
    return {
        "rows": rows[:SHOWN],
        "wrong": len([row for row in rows if row.errors]),
        "unsure": unsure(roster.table.header, roster.fields),
        "asks_order": asks_order(roster.table, roster.fields),
    }


def _brought() -> list[tuple[str, int, str]]:
    """Return the lists that can be taken back: which, of how many, and when it was brought."""
    zone = practice().zone
    found = []
    for row in newest_rosters():
        when = moment_words(row.brought_at, zone)
        found.append((row.id, len(row.person_ids), when))
    return found
