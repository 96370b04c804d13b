"""What a patient and the family agreed about taking part: one page, agreed anew when it changes,
and printed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.consents import grants_about, holds
from scheduler.i18n import N_, catalog, full_date, listed
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.participation import PARTS, Part, agree_plan, plans_before
from scheduler.participation.models import ParticipationPlan
from scheduler.people import patient_by_key, practice, relatives_of
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.form_fields import BadDay, bounded_date_field
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page, sentence

bp = Blueprint("participation", __name__, url_prefix="/desk/patients")
YES, NO = "yes", "no"
WORDS = "words"
MOST_DIGITS = 4
"""A number of weeks has fewer."""
NOT_WEEKS = N_("Give the weeks as a whole number.")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind in the form, as it is typed or was agreed."""

    name: str
    words: str
    choice: str
    every: str
    people: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """One kind of the plan in words; `without_consent` are those named who may not know of it."""

    words: str
    takes_part: bool
    often: str
    people: str
    since: str
    without_consent: str


@bp.get("/<key>/participation")
@allow(*STAFF)
def show(key: str) -> Page:
    """Show what was agreed last, and the form to agree anew."""
    return _page(patient_by_key(key), {})


@bp.post("/<key>/participation")
@allow(*STAFF)
def agree(key: str) -> Page:
    """Write down what was agreed; nobody is told, and nothing that is planned changes by itself."""
    patient = patient_by_key(key)
    parts, errors = _typed(patient)
    day = None
    try:
        day = bounded_date_field("agreed_on", years_ahead=0)
    except BadDay as error:
        errors["agreed_on"] = str(error)
    if errors:
        return _page(patient, errors), 422
    moment = now()
    try:
        agree_plan(
            patient,
            parts,
            agreed_on=day or moment.astimezone(ZoneInfo(practice().zone)).date(),
            agreed_with=request.form.get("agreed_with", ""),
            words=request.form.get(WORDS, ""),
            by=me().key,
            now=moment,
        )
    except InputError as error:
        db.session.rollback()
        return _page(patient_by_key(key), {"agreed_with": sentence(error)}), 422
    db.session.commit()
    flash(_in_words(N_("Written down. The next plan and reminders go by it.")))
    return redirect(url_for("participation.show", key=key), 303)


def _typed(patient: Person) -> tuple[list[Part], dict[str, str]]:
    """Return what was chosen of each kind, and what is wrong, by field."""
    ids = {relative.key: relative.id for relative in relatives_of(patient)}
    errors: dict[str, str] = {}
    parts = []
    for kind in PARTS:
        if request.form.get(kind.value) in (YES, NO):
            try:
                parts.append(_part_typed(kind, ids))
            except BadDay as error:
                errors[error.field] = str(error)
            except InputError as error:
                errors[f"{kind.value}-every"] = str(error)
    return parts, errors


def _part_typed(kind: Kind, ids: Mapping[str, str]) -> Part:
    """Return what was chosen of one kind; `ids` are the family's, by key. Raises InputError."""
    every = request.form.get(f"{kind.value}-every", "").strip()
    if every and not (every.isascii() and every.isdigit() and len(every) < MOST_DIGITS):
        raise InputError(_in_words(NOT_WEEKS))
    named = request.form.getlist(f"{kind.value}-people")
    return Part(
        kind=kind,
        takes_part=request.form.get(kind.value) == YES,
        every_weeks=int(every) if every else None,
        people=tuple(ids[key] for key in named if key in ids),
        since=bounded_date_field(f"{kind.value}-since"),
    )


def _page(patient: Person, errors: dict[str, str]) -> str:
    plans = plans_before(patient)
    newest = plans[0] if plans else None
    family = relatives_of(patient)
    return render_template(
        "desk/stays/participation.html",
        patient=patient,
        plan=newest,
        lines=_lines(patient, newest, family) if newest else [],
        agreed_on=_day(newest.agreed_on) if newest else "",
        earlier=[_day(plan.agreed_on) for plan in plans[1:]],
        family=[(relative.key, relative.name) for relative in family],
        rows=_rows(newest, family),
        typed=_typed_words(newest),
        errors=errors,
        printing="print" in request.args,
    )


def _rows(plan: ParticipationPlan | None, family: Iterable[Person]) -> list[Row]:
    """Return the form: what was typed, else what was agreed last."""
    keys = {relative.id: relative.key for relative in family}
    agreed = {part.kind: part for part in plan.parts} if plan else {}
    rows = []
    for kind in PARTS:
        if request.method == "POST":
            row = _row_typed(kind)
        else:
            row = _row_of(kind, agreed, keys)
        rows.append(row)
    return rows


def _row_typed(kind: Kind) -> Row:
    return Row(
        name=kind.value,
        words=kind_in(reader_language(), kind),
        choice=request.form.get(kind.value, ""),
        every=request.form.get(f"{kind.value}-every", ""),
        people=tuple(request.form.getlist(f"{kind.value}-people")),
        since=request.form.get(f"{kind.value}-since", ""),
    )


def _row_of(kind: Kind, agreed: dict[Kind, Part], keys: dict[str, str]) -> Row:
    words = kind_in(reader_language(), kind)
    part = agreed.get(kind)
    if part is None:
        return Row(kind.value, words, "", "", (), "")
    return Row(
        name=kind.value,
        words=words,
        choice=YES if part.takes_part else NO,
        every=str(part.every_weeks or ""),
        people=tuple(keys[person_id] for person_id in part.people if person_id in keys),
        since=part.since.isoformat() if part.since else "",
    )


def _typed_words(plan: ParticipationPlan | None) -> dict[str, str]:
    today = now().astimezone(ZoneInfo(practice().zone)).date()
    said = {
        "agreed_on": today.isoformat(),
        "agreed_with": plan.agreed_with if plan else "",
        WORDS: (plan.words or "") if plan else "",
    }
    for name in said:
        said[name] = request.form.get(name, said[name])
    return said


def _lines(patient: Person, plan: ParticipationPlan, family: Iterable[Person]) -> list[AgreedLine]:
    names = {relative.id: relative.name for relative in family}
    consenting = _consenting(patient)
    lines = []
    for part in plan.parts:
        named = [person_id for person_id in part.people if person_id in names]
        lacking = [names[each] for each in named if (each, part.kind) not in consenting]
        line = AgreedLine(
            words=kind_in(reader_language(), part.kind),
            takes_part=part.takes_part,
            often=_often(part.every_weeks),
            people=listed([names[each] for each in named], reader_language()),
            since=_day(part.since) if part.since else "",
            without_consent=listed(lacking, reader_language()) if part.takes_part else "",
        )
        lines.append(line)
    return lines


def _often(weeks: int | None) -> str:
    """Return "every 2 weeks"; "" where nothing is said."""
    if weeks is None:
        return ""
    _ = catalog(reader_language())
    return _.ngettext("every week", "every {count} weeks", weeks).format(count=weeks)


def _consenting(patient: Person) -> set[tuple[str, Kind]]:
    """Return relatives (ids) and the kinds of which they may know now."""
    moment = now()
    found = set()
    for person_id, grants in grants_about(patient).items():
        for grant in grants:
            if grant.revoked_at is None and holds(grant, moment):
                found.add((person_id, grant.purpose))
    return found


def _day(day: date) -> str:
    return full_date(day, reader_language())


def _in_words(message: str) -> str:
    return catalog(reader_language())(message)
