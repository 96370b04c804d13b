"""A program drawn as a week: every fixed time, appointment, phase and rule is changed where it
stands, tried before it is kept, and the last change can be undone.
"""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.clinics import house_record, program_record
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InvalidFile, NotFound
from scheduler.people import WEEKDAYS, Deed
from scheduler.planning import broken_since, newest_deed
from scheduler.programs import Template, cohorts_of, program_by_key, versions_of
from scheduler.programs.models import Program
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.desk_deeds import may_deed
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.clinic.program_change import PARTS
from scheduler.web.desk.clinic.record_differences import Difference, differences
from scheduler.web.desk.clinic.setting_record import Setting, errors_by_place
from scheduler.web.desk.clinic.setup_fields import DAY_NAMES, PROGRAM, Ask
from scheduler.web.desk.clinic.setup_kinds import with_staff
from scheduler.web.desk.clinic.typed_record import typed_record
from scheduler.web.desk.drawing.program_parts import (
    LISTS,
    Part,
    Record,
    asks_of_whole,
    row_number,
    row_of,
    with_earlier,
    with_row,
)
from scheduler.web.desk.drawing.program_tried import Tried, prepared, years_asked
from scheduler.web.desk.drawing.program_words import appointment_words, rule_lines
from scheduler.web.desk.drawing.week_drawn import draw_week
from scheduler.web.parts.page import Page, previewed
from scheduler.web.preview.form_turn import take_its_turn

bp = Blueprint("program_week", __name__, url_prefix="/desk/programs")
SECTION = "programs"
SINGLE = ("rules", "whole")
USUAL_YEARS = 1
RULES_ALONE = tuple(ask for ask in PROGRAM if ask.name == "rules")


@bp.get("/<key>/week")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show a week of a program, and the form of what is to be changed in it."""
    years = years_asked()
    tried = prepared(_program(key), years)() if years else None
    return _page(key, {}, tried)


@bp.post("/<key>/week")
@allow(*STAFF)
def change(key: str) -> Page:
    """Keep what was typed, try it, take a row away, or undo the last change."""
    current = house_record(SECTION, key)
    deed = request.form.get("deed", "")
    if deed == "undo":
        if request.form.get("version") != str(_program(key).version):
            place = _back(key)
            return redirect(place, 303)
        return _settle(key, _before(key, current), current)
    if request.form.get("change") or not _part():
        return _page(key, {})
    typed = _typed(current, is_gone=deed == "drop")
    if deed == "try":
        return _try(key, typed)
    return _settle(key, typed, _seen() or current)


def _settle(key: str, typed: Record, seen: Record) -> Page:
    """Set the program once is known which cohorts take it; with something wrong, set nothing."""
    moment = now()
    last_deed = newest_deed()
    setting = Setting(SECTION, typed, seen, me().key, moment)
    try:
        asked = setting.asked_first()
        if asked is not None:
            return asked
    except InvalidFile as error:
        db.session.rollback()
        return _page(key, errors_by_place(error)), 422
    except Conflict:
        db.session.rollback()
        return take_its_turn() or _changed_meanwhile(key)
    db.session.commit()
    _ = catalog(reader_language())
    flash(_("Kept.") if setting.changes else _("Nothing was different."))
    if broken_since(last_deed, now=moment):
        place = url_for("broken_plans.page", since=last_deed, back=_back(key))
        return redirect(place, 303)
    place = _back(key)
    return redirect(place, 303)


def _try(key: str, typed: Record) -> Page:
    """Show how often what was typed would hold; nothing is kept."""
    seen = _seen() or house_record(SECTION, key)
    setting = Setting(SECTION, typed, seen, me().key, now())
    try:
        with previewed():
            setting.set()
            tried_one = _program(key)
            trial = prepared(tried_one, years_asked() or USUAL_YEARS)
            template = tried_one.template
    except InvalidFile as error:
        return _page(key, errors_by_place(error)), 422
    except Conflict:
        return _changed_meanwhile(key)
    return _page(key, {}, trial(), template)


def _changed_meanwhile(key: str) -> Page:
    said = catalog(reader_language()).gettext(
        "Somebody else changed this program meanwhile. Look at the week as it is now, and send "
        "again what is to count."
    )
    return _page(key, {"form": said}), 409


def _page(
    key: str,
    errors: dict[str, str],
    tried: Tried | None = None,
    unkept: Template | None = None,
) -> str:
    """Return the week with the form of the part that was chosen; drawn by what is `unkept` yet,
    where something was tried.
    """
    program = _program(key)
    record = house_record(SECTION, key)
    template = unkept or program.template
    language = reader_language()
    drawn = draw_week(template, min(_week_asked(program), template.weeks))
    placed = []
    for appointment in template.appointments:
        words = appointment_words(appointment, language)
        placed.append((appointment.key, words, appointment in drawn.appointments))
    return render_template(
        "desk/drawing/program_week.html",
        program=program,
        record=record,
        template=template,
        week=drawn,
        appointments=placed,
        rules=rule_lines(template.rules, language),
        day_names=DAY_NAMES,
        days=WEEKDAYS,
        form=_form(record),
        errors=errors,
        seen=json.dumps(record),
        tried=tried,
        is_unkept=unkept is not None,
        years=years_asked(),
        last_change=_last_change(program, record),
        cohorts=cohorts_of(program),
        may=may_deed(me(), Deed.SETTINGS),
    )


def _program(key: str) -> Program:
    program = program_by_key(key)
    if program is None or program.of_id is not None:
        raise NotFound("there is no such program")
    return program


def _asked(name: str) -> str:
    """Return what the form, or else the address, says."""
    said = request.form.get(name)
    return request.args.get(name, "") if said is None else said


def _part() -> str:
    said = _asked("part")
    return said if said in LISTS or said in SINGLE else ""


def _typed(current: Record, *, is_gone: bool) -> Record:
    """Return the program with what the form says of one part of it."""
    name = _part()
    form = request.form
    if name in LISTS:
        part = LISTS[name]
        told = form.get("row", "")
        number = row_number(current, part, told)
        row = typed_record(part.asks, form, f"{name}[{number}].")
        return with_row(current, part, told, None if is_gone else row)
    if name == "rules":
        return current | typed_record(RULES_ALONE, form)
    asked = asks_of_whole()
    others = {ask.name for ask in asked}
    kept = {field: value for field, value in current.items() if field not in others}
    return kept | typed_record(asked, form)


def _seen() -> Record | None:
    """Return the program as the form showed it; None where it cannot be read."""
    try:
        seen = json.loads(request.form.get("seen", ""))
    except ValueError:
        return None
    return seen if isinstance(seen, dict) else None


def _before(key: str, current: Record) -> Record:
    """Return the program with its timetable and rules as they were before the last change."""
    program = _program(key)
    earlier = [row for row in versions_of(program) if row.version < program.version]
    if not earlier:
        raise NotFound("there is nothing to undo")
    return with_earlier(current, program_record(earlier[-1]), PARTS)


def _week_asked(program: Program) -> int:
    said = _asked("week")
    number = int(said) if said.isdecimal() and len(said) < 4 else 1
    return min(max(number, 1), program.template.weeks)


def _back(key: str) -> str:
    """Return the week that was looked at, tried again if it was tried before."""
    week, years = _asked("week"), _asked("years")
    return url_for(
        "program_week.page",
        key=key,
        week=week or None,
        years=years or None,
    )


def _last_change(program: Program, record: Record) -> list[Difference]:
    """Return what the last change of a program's timetable and rules was."""
    earlier = [row for row in versions_of(program) if row.version < program.version]
    if not earlier:
        return []
    asks = [ask for ask in PROGRAM if ask.name in PARTS]
    say = catalog(reader_language())
    return differences(asks, program_record(earlier[-1]), record, say)


def _form(record: Record) -> dict[str, Any]:
    """Return what the form beside the week asks, of the part that was chosen."""
    name = _part()
    if name in LISTS:
        return _row_form(record, LISTS[name])
    asks: Sequence[Ask] = asks_of_whole() if name == "whole" else RULES_ALONE
    return {
        "name": name,
        "title": "",
        "asks": asks if name else (),
        "record": record,
        "at": "",
        "row": "",
    }


def _row_form(record: Record, part: Part) -> dict[str, Any]:
    """Return what the form asks of one row: as it stands, as it was typed, or as a new one
    begins.
    """
    told = _asked("row")
    number = row_number(record, part, told)
    at = f"{part.name}[{number}]."
    row = row_of(record, part, told)
    if request.method == "POST":
        typed = typed_record(part.asks, request.form, at)
        row = typed or row
    elif not row:
        row = _begun(record)
    return {
        "name": part.name,
        "title": part.change if told else part.add,
        "asks": with_staff(part.asks),
        "record": row,
        "at": at,
        "row": told,
    }


def _begun(record: Record) -> Record:
    """Return what a new row says before anybody typed: the day that was chosen, all weeks."""
    day = _asked("day")
    begun: Record = {"weeks": [1, record["weeks"]]}
    if day in WEEKDAYS:
        begun["days"] = [day]
    return begun
