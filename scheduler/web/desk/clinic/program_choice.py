"""The page that asks which cohorts take a changed program, and the versions of one."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.clinics import program_record, take_version
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile, NotFound
from scheduler.people import names_by_key
from scheduler.planning import cohort_by_key
from scheduler.programs import cohorts_of, program_by_key, versions_of
from scheduler.programs.models import Cohort, Program
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.clinic.program_change import (
    TAKE,
    Deed,
    Look,
    choices_made,
    kept_fields,
    look_at_change,
    running_cohorts,
    settle_choices,
)
from scheduler.web.desk.clinic.record_differences import differences
from scheduler.web.desk.clinic.setup_fields import PROGRAM
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import day_words
from scheduler.web.preview.form_turn import take_its_turn

bp = Blueprint("program_choice", __name__, url_prefix="/desk/programs")
MOST_DIGITS = 6


def ask_cohorts(key: str, deed: Deed, *, by: str, now: datetime) -> Page | None:
    """Return the page that asks which cohorts of a program (key) take what `deed` changes; None
    when nobody is to be asked. Where it was looked for, the form has its turn again.
    """
    keys = [cohort.key for cohort in _running(key, now)]
    if len(choices_made(keys)) == len(keys):
        return None
    look = look_at_change(
        key,
        deed,
        keys,
        by=by,
        now=now,
    )
    if look is None:
        return take_its_turn()
    return _page(key, look, [])


def settle_cohorts(key: str, *, by: str, now: datetime) -> None:
    """Let each cohort of a program (key) stay or take what comes, as was chosen."""
    settle_choices(_running(key, now), by=by, now=now)


def _running(key: str, now: datetime) -> list[Cohort]:
    program = program_by_key(key)
    if program is not None:
        return running_cohorts(program, now)
    return []


@bp.get("/<key>/versions")
@allow(*STAFF)
def versions(key: str) -> Page:
    """Show every version of a program, who has which, and the difference between two of them."""
    program = _program(key)
    rows = {row.version: row for row in versions_of(program)}
    older = _chosen("older", rows, max(program.version - 1, 1))
    newer = _chosen("newer", rows, program.version)
    say = catalog(reader_language())
    between = differences(
        PROGRAM,
        program_record(rows[older]),
        program_record(rows[newer]),
        say,
    )
    return render_template(
        "desk/clinic/program_versions.html",
        program=program,
        rows=[_row(row) for row in reversed(rows.values())],
        older=older,
        newer=newer,
        between=between,
        kept=[cohort for cohort in cohorts_of(program) if cohort.program.of_id],
        choices=[(str(number), str(number)) for number in rows],
    )


@bp.post("/<key>/versions")
@allow(*STAFF)
def take(key: str) -> Page:
    """Let one cohort take the newest version, once was seen what that does to it."""
    program = _program(key)
    by, moment = me().key, now()
    cohort = request.form.get("cohort", "")
    if cohort not in [row.key for row in cohorts_of(program)]:
        raise NotFound("this program has no such cohort")
    chosen = choices_made([cohort]).get(cohort)
    if chosen is None:
        look = look_at_change(
            key,
            lambda: None,
            [cohort],
            by=by,
            now=moment,
        )
        if look is not None:
            return _page(key, look, [])
    elif chosen == TAKE:
        try:
            take_version(
                cohort_by_key(cohort),
                by=by,
                now=moment,
            )
        except InvalidFile as error:
            db.session.rollback()
            flash(" ".join(sentence(problem.message) for problem in error.problems))
            return redirect(url_for("program_choice.versions", key=key), 303)
        db.session.commit()
        _ = catalog(reader_language())
        flash(_("{cohort} has the newest version now. Plan it again.").format(cohort=cohort))
    return redirect(url_for("program_choice.versions", key=key), 303)


def _page(key: str, look: Look, errors: list[str]) -> str:
    program = _program(key)
    return render_template(
        "desk/clinic/program_choice.html",
        program=program,
        look=look,
        errors=errors,
        kept=kept_fields(),
        action=request.path,
    )


def _program(key: str) -> Program:
    program = program_by_key(key)
    if program is None or program.of_id is not None:
        raise NotFound("there is no such program")
    return program


def _chosen(name: str, rows: dict[int, Program], usual: int) -> int:
    said = request.args.get(name, "")
    is_number = said.isdecimal() and len(said) < MOST_DIGITS
    number = int(said) if is_number else usual
    if number in rows:
        return number
    return max(rows)


def _row(row: Program) -> dict[str, object]:
    """Return a version for people: its number, until when it was the newest, and who has it."""
    names = names_by_key()
    cohorts = [cohort.key for cohort in cohorts_of(row.root) if cohort.program is row]
    replaced = row.replaced_at
    return {
        "number": row.version,
        "until": f"{day_words(replaced.date())} {replaced.year}" if replaced else "",
        "by": names.get(row.replaced_by or "", row.replaced_by or ""),
        "cohorts": ", ".join(cohorts),
    }
