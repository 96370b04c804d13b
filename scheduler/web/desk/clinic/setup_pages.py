"""Practice, closed days, staff, rooms, programs and cohorts: seen, added and changed at the desk.

The page says what a clinic file would say, and the file's own rules answer.
"""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler.clinics import (
    as_days,
    free_key,
    house_record,
    house_records,
    same_but_key,
    same_record,
)
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InvalidFile
from scheduler.people import Deed, has_way_in, names_by_key, person_by_key
from scheduler.planning import broken_since, newest_deed
from scheduler.provenance import words_about
from scheduler.web.auth.access import STAFF, Who, allow, me
from scheduler.web.auth.desk_deeds import may_deed
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.clinic import setup_fields
from scheduler.web.desk.clinic.closed_calendar import closed_days_of
from scheduler.web.desk.clinic.setting_record import Setting, errors_by_place
from scheduler.web.desk.clinic.setup_fields import Ask
from scheduler.web.desk.clinic.setup_kinds import KINDS, PRACTICE, Kind, asks_of
from scheduler.web.desk.clinic.typed_record import typed_record
from scheduler.web.desk.drawing.row_keys import with_keys
from scheduler.web.desk.people.typed_person import zones
from scheduler.web.parts.page import Page
from scheduler.web.preview.form_turn import take_its_turn

bp = Blueprint("setup_pages", __name__, url_prefix="/desk")
KIND = "<any(programs,staff,rooms,cohorts):kind>"
SINGLE = "<any(practice,closures):kind>"
OFFICE = (Who.COORDINATOR, Who.ADMINISTRATOR)
KEYED = ("groups", "appointments")
"""Rows of a program that get a short name where none was typed."""


@bp.get(f"/{KIND}")
@allow(*STAFF)
def listed(kind: str) -> Page:
    """List the records of a kind; without any, lead to the first."""
    about = KINDS[kind]
    records = house_records(about.section)
    return render_template(
        "desk/clinic/setup_list.html", kind=kind, about=about, records=records, may=_may(kind)
    )


@bp.get("/cohorts/new", defaults={"kind": "cohorts"})
@bp.get(f"/{KIND}/new")
@allow(*OFFICE)
def new(kind: str) -> Page:
    """Ask for a new one; `copy` begins with what another one says."""
    about = _about(kind)
    copied = request.args.get("copy")
    record = house_record(about.section, copied) if copied else {}
    record.pop("key", None)
    return _form(kind, record, seen=None, errors={})


@bp.post("/cohorts/new", defaults={"kind": "cohorts"})
@bp.post(f"/{KIND}/new")
@allow(*OFFICE)
def add(kind: str) -> Page:
    """Add one; the same form sent twice adds one."""
    about = _about(kind)
    said = _typed(kind, {})
    said["key"] = request.form.get("key", "").strip()
    if not said["key"]:
        known = same_but_key(about.section, said)
        said["key"] = known or free_key(about.section, _words_for_key(said))
    return _settle(kind, said, seen=None)


@bp.get(f"/{KIND}/<key>/setup")
@allow(*OFFICE)
def shown(kind: str, key: str) -> Page:
    """Show one with its fields."""
    record = house_record(_about(kind).section, key)
    return _form(kind, record, seen=record, errors={})


@bp.post(f"/{KIND}/<key>/setup")
@allow(*OFFICE)
def change(kind: str, key: str) -> Page:
    """Change one; what was typed is kept whatever is wrong."""
    current = house_record(_about(kind).section, key)
    return _settle(kind, _typed(kind, current), seen=_seen() or current)


@bp.get(f"/{SINGLE}")
@allow(*OFFICE)
def single(kind: str) -> Page:
    """Show the practice, or its closed days."""
    record = house_record(PRACTICE, "")
    return _form(kind, record, seen=record, errors={})


@bp.post(f"/{SINGLE}")
@allow(*OFFICE)
def change_single(kind: str) -> Page:
    """Change the practice, or its closed days."""
    current = house_record(PRACTICE, "")
    return _settle(kind, _typed(kind, current), seen=_seen() or current)


def _about(kind: str) -> Kind:
    """Return what a kind is; 403 where only an administrator may change it."""
    if not _may(kind):
        abort(403)
    return KINDS[kind]


def _may(kind: str) -> bool:
    deed = Deed.HOUSE if KINDS[kind].is_of_administrator else Deed.SETTINGS
    return may_deed(me(), deed)


def _typed(kind: str, current: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed over what the form does not ask."""
    asks = asks_of(kind, request.form.get("program"))
    asked = {ask.name for ask in asks}
    kept = {name: value for name, value in current.items() if name not in asked}
    said = kept | typed_record(asks, request.form)
    for name in KEYED:
        if kind == "programs" and name in said:
            said[name] = with_keys(said[name])
    return said


def _words_for_key(said: dict[str, Any]) -> str:
    """Return the words a key is made of; a cohort's are its program and month."""
    if said.get("starts"):
        return f"{said.get('program', '')}{str(said['starts']).replace('-', '')[:8]}"
    return str(said.get("name") or "")


def _seen() -> dict[str, Any] | None:
    try:
        seen = json.loads(request.form.get("seen", ""))
    except ValueError:
        return None
    return seen if isinstance(seen, dict) else None


def _settle(kind: str, said: dict[str, Any], *, seen: dict[str, Any] | None) -> Page:
    """Set a record and say what it breaks; with something wrong, nothing is set.

    What is read from outside is shown first to whom it goes.
    """
    if request.form.get("change"):
        return _form(kind, said, seen=seen, errors={})
    if kind == "staff" and not said.get("roles"):
        errors = {"roles": catalog(reader_language()).gettext("Choose at least one role.")}
        return _form(kind, said, seen=seen, errors=errors), 422
    moment = now()
    by = me().key
    last_deed = newest_deed()

    deed = Setting(kind, said, seen, by, moment)
    try:
        asked = deed.asked_first()
        if asked is not None:
            return asked
    except InvalidFile as error:
        db.session.rollback()
        return _form(kind, said, seen=seen, errors=errors_by_place(error)), 422
    except Conflict:
        db.session.rollback()
        # the change met while looking may be the first of two clicks
        return take_its_turn() or _changed_meanwhile(kind, said, seen or {})
    db.session.commit()
    _ = catalog(reader_language())
    flash(_.gettext("Kept.") if deed.changes else _.gettext("Nothing was different."))
    return redirect(_next_page(kind, said, last_deed, is_new=seen is None), 303)


def _next_page(kind: str, said: dict[str, Any], last_deed: int, *, is_new: bool) -> str:
    """Return where to go on: to what the change broke, else to the record."""
    if broken_since(last_deed, now=now()):
        back = request.full_path.rstrip("?")
        return url_for("broken_plans.page", since=last_deed, back=back)
    if KINDS[kind].section == PRACTICE:
        return url_for("setup_pages.single", kind=kind)
    if kind == "programs" and is_new:
        return url_for("program_week.page", key=said["key"])
    if kind == "cohorts" and is_new:
        return url_for("cohorts.cohort", key=said["key"])
    return url_for("setup_pages.shown", kind=kind, key=said["key"])


def _changed_meanwhile(kind: str, said: dict[str, Any], seen: dict[str, Any]) -> Page:
    """Show what was typed, and by each field that another one changed what it is now."""
    section = KINDS[kind].section
    current = house_record(section, said.get("key", ""))
    record = f"{KINDS[kind].record} {said.get('key', '')}".strip()
    words = words_about([record])
    names = names_by_key()
    _ = catalog(reader_language())
    errors = {}
    for ask in asks_of(kind, current.get("program")):
        if same_record({"": seen.get(ask.name)}, {"": current.get(ask.name)}):
            continue
        word = words.get((record, ask.name))
        who = names.get(word.by, "") if word else ""
        text = _.gettext(
            "{field} was changed meanwhile by {who} and is now: {value}. Send again what is to "
            "count."
        )
        errors[ask.name] = text.format(
            field=_(ask.label),
            who=who or _.gettext("somebody else"),
            value=_plain(current.get(ask.name)),
        )
    return _form(kind, said, seen=current, errors=errors), 409


def _plain(value: Any) -> str:
    """Return a value in words: its parts, parted by commas."""
    if isinstance(value, dict):
        return " ".join(_plain(inner) for inner in value.values())
    if isinstance(value, list):
        return ", ".join(_plain(inner) for inner in value)
    return str(value if value is not None else "–")


def _cannot_sign_in(key: str) -> bool:
    return not has_way_in(person_by_key(key))


def _asks_shown(
    kind: str, record: dict[str, Any], program: str | None, *, is_new: bool
) -> Sequence[Ask]:
    """Return what the form asks: of a program that begins with nothing, what it needs first."""
    if kind == "programs" and is_new and not record.get("groups"):
        return setup_fields.PROGRAM_BEGUN
    return asks_of(kind, program)


def _form(
    kind: str, record: dict[str, Any], *, seen: dict[str, Any] | None, errors: dict[str, str]
) -> str:
    closures = [as_days(row) for row in record.get("closures", [])]
    program = record.get("program") or request.args.get("program")
    year = now().year
    calendar = {}
    if kind == "closures":
        calendar = {each: closed_days_of(each) for each in (year, year + 1)}
    return render_template(
        "desk/clinic/setup_form.html",
        kind=kind,
        about=KINDS[kind],
        asks=_asks_shown(kind, record, program, is_new=seen is None),
        record=record | {"closures": closures, "program": program},
        is_new=seen is None,
        seen=json.dumps(seen) if seen is not None else "",
        errors=errors,
        calendar=calendar,
        zones=zones() if kind in ("practice", "cohorts") else [],
        key_ask=setup_fields.KEY,
        cannot_sign_in=kind == "staff" and seen is not None and _cannot_sign_in(record["key"]),
    )
