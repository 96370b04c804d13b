"""A changed program, cohort by cohort: what would change for each, and whether it takes it or stays
with what it has.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request

from scheduler.clinics import Record, program_record
from scheduler.i18n import catalog
from scheduler.kernel.errors import InvalidFile
from scheduler.people import names_by_key, practice
from scheduler.planning import (
    Broken,
    cohort_by_key,
    every_session,
    published_and_running,
    still_holds,
)
from scheduler.programs import (
    cohorts_of,
    last_day,
    patients_of,
    program_by_key,
    stay_with_version,
    take_newest,
    week_of,
)
from scheduler.programs.models import Cohort, Program
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import titles_by_key
from scheduler.web.desk.clinic.record_differences import Difference, differences
from scheduler.web.desk.clinic.setup_fields import PROGRAM
from scheduler.web.desk.truth.broken_shown import BrokenShown, broken_shown
from scheduler.web.parts.page import previewed, sentence
from scheduler.web.parts.time_words import day_words

TAKE = "take"
STAY = "stay"
NOT_KEPT = {"csrf_token", "opened"}
PARTS = ("weeks", "groups", "appointments", "phases", "rules")
"""What of a program is its template."""
Deed = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Affected:
    """A cohort, what of it would change, and what of its published plan would hold no more."""

    key: str
    when: str
    patients: int
    is_published: bool
    version: int
    changed: tuple[Difference, ...]
    broken: tuple[BrokenShown, ...]
    people: int
    chosen: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a changed program would do; `refused` says why not all may take it."""

    cohorts: tuple[Affected, ...]
    refused: str


def choices_made(keys: Iterable[str]) -> dict[str, str]:
    """Return what was chosen for each of these cohorts, as far as it was."""
    found = {}
    for key in keys:
        chosen = request.form.get(f"takes[{key}]")
        if chosen in (TAKE, STAY):
            found[key] = chosen
    return found


def running_cohorts(program: Program, now: datetime) -> list[Cohort]:
    """Return the cohorts of a program that are not over, by their first day."""
    today = now.astimezone(ZoneInfo(practice().zone)).date()
    found = []
    for cohort in cohorts_of(program):
        if last_day(cohort.starts, cohort.program.template.weeks) >= today:
            found.append(cohort)
    return found


def settle_choices(cohorts: Iterable[Cohort], *, by: str, now: datetime) -> None:
    """Let each cohort stay with what it has or take the newest version, as was chosen."""
    rows = list(cohorts)
    chosen = choices_made(cohort.key for cohort in rows)
    stay_with_version([row for row in rows if chosen.get(row.key) == STAY], by=by, now=now)
    for row in rows:
        if chosen.get(row.key) == TAKE:
            take_newest(row, by=by, now=now)


def look_at_change(key: str, deed: Deed, keys: list[str], *, by: str, now: datetime) -> Look | None:
    """Return what `deed` would do to these cohorts (keys) of a program (key) if all took it; None
    where it changes no template, or for reasons that the form has to name.
    """
    before = {}
    records = {}
    for cohort_key in keys:
        cohort = cohort_by_key(cohort_key)
        records[cohort_key] = program_record(cohort.program)
        before[cohort_key] = _broken(cohort_key, now)
    newest = _template(_record(key))
    refused = ""
    with previewed():
        for cohort_key in keys:
            take_newest(cohort_by_key(cohort_key), by=by, now=now)
        try:
            deed()
        except InvalidFile as error:
            if any(problem.place for problem in error.problems):
                return None
            refused = " ".join(sentence(problem.message) for problem in error.problems)
        after = {} if refused else {each: _broken(each, now) for each in keys}
        changed = _record(key)
    if not refused and _template(changed) == newest and not _waits(records, changed):
        return None
    affected = []
    for cohort_key in keys:
        new = _new(before[cohort_key], after.get(cohort_key, ()))
        affected.append(_affected(cohort_key, records[cohort_key], changed, new, now))
    return Look(tuple(affected), refused)


def _waits(records: dict[str, Record], newest: Record) -> bool:
    """True if nothing new is to be had but a cohort has not what is newest, and is asked about."""
    asked = request.form.get("cohort")
    return asked is not None and _template(records[asked]) != _template(newest)


def _record(key: str) -> Record:
    program = program_by_key(key)
    return program_record(program) if program is not None else {}


def _template(record: Record) -> Record:
    return {name: record.get(name) for name in PARTS}


def _broken(cohort_key: str, now: datetime) -> tuple[Broken, ...]:
    if cohort_key not in published_and_running(now=now):
        return ()
    return still_holds(cohort_key, now=now)


def _new(before: Iterable[Broken], after: Iterable[Broken]) -> tuple[Broken, ...]:
    known = {_about(broken) for broken in before}
    return tuple(broken for broken in after if _about(broken) not in known)


def _about(broken: Broken) -> tuple[object, ...]:
    finding = broken.finding
    return finding.rule, finding.session, finding.patient, finding.week


def _affected(
    key: str, before: Record, after: Record, broken: tuple[Broken, ...], now: datetime
) -> Affected:
    cohort = cohort_by_key(key)
    say = catalog(reader_language())
    names = names_by_key() | titles_by_key(every_session(key)) if broken else {}
    today = now.astimezone(ZoneInfo(practice().zone)).date()
    is_published = key in published_and_running(now=now)
    people: set[str] = set()
    for rule in broken:
        people.update(rule.people)
    parts = [ask for ask in PROGRAM if ask.name in PARTS]
    chosen = STAY if today >= cohort.starts or cohort.program.of_id else TAKE
    return Affected(
        key=key,
        when=_when(cohort, today >= cohort.starts, week_of(cohort.starts, today)),
        patients=len(patients_of(cohort)),
        is_published=is_published,
        version=cohort.program.version,
        changed=tuple(differences(parts, before, after, say)),
        broken=broken_shown(key, broken, names),
        people=len(people),
        chosen=request.form.get(f"takes[{key}]", chosen),
    )


def _when(cohort: Cohort, has_begun: bool, week: int) -> str:
    _ = catalog(reader_language())
    if has_begun:
        said = _("week {week} of {weeks}")
        return said.format(week=week, weeks=cohort.program.template.weeks)
    day = f"{day_words(cohort.starts)} {cohort.starts.year}"
    return _("begins on {day}").format(day=day)


def kept_fields() -> list[tuple[str, str]]:
    """Return what the form said, to be said again with the choice."""
    found = []
    for name, value in request.form.items(multi=True):
        if name not in NOT_KEPT and not name.startswith("takes["):
            found.append((name, value))
    return found
