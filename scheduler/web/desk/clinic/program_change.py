"""A changed program, cohort by cohort: what would change for each, and whether it takes it or stays
with what it has.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
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
    today = _today(now)
    found = []
    for cohort in cohorts_of(program):
        weeks = cohort.program.template.weeks
        last = last_day(cohort.starts, weeks)
        if last >= today:
            found.append(cohort)
    return found


def settle_choices(cohorts: Iterable[Cohort], *, by: str, now: datetime) -> None:
    """Let each cohort stay with what it has or take the newest version, as was chosen."""
    rows = list(cohorts)
    keys = [cohort.key for cohort in rows]
    chosen = choices_made(keys)
    for row in rows:
        choice = chosen.get(row.key)
        if choice == STAY:
            stay_with_version(
                row,
                by=by,
                now=now,
            )
        elif choice == TAKE:
            take_newest(
                row,
                by=by,
                now=now,
            )


@dataclass(frozen=True, slots=True)
class _Before:
    record: Record
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True)
class _After:
    program: Record
    broken: dict[str, tuple[Broken, ...]]
    refused: str = ""


def look_at_change(key: str, deed: Deed, keys: list[str], *, by: str, now: datetime) -> Look | None:
    """Return what `deed` would do to these cohorts (keys) of a program (key) if all took it; None
    where it changes nothing of theirs, or for reasons that the form has to name.
    """
    before = {}
    for cohort_key in keys:
        record = program_record(cohort_by_key(cohort_key).program)
        before[cohort_key] = _Before(record, _broken(cohort_key, now))
    newest = _record(key)
    after = _tried(key, deed, keys, by, now)
    if after is None:
        return None
    # A newest version that was already there is asked about only by who waits for it.
    is_waited_for = "cohort" in request.form
    if is_waited_for:
        known = [before[each].record for each in keys]
    else:
        known = [newest]
    if not after.refused and all(_template(each) == _template(after.program) for each in known):
        return None
    affected = []
    for cohort_key in keys:
        cohort = _affected(cohort_key, before[cohort_key], after, now)
        affected.append(cohort)
    return Look(tuple(affected), after.refused)


def _tried(key: str, deed: Deed, keys: list[str], by: str, now: datetime) -> _After | None:
    """Do a deed with every cohort taking it, look, and undo it; None where a field is wrong."""
    with previewed():
        for cohort_key in keys:
            take_newest(
                cohort_by_key(cohort_key),
                by=by,
                now=now,
            )
        try:
            deed()
        except InvalidFile as error:
            if any(problem.place for problem in error.problems):
                return None
            said = [sentence(problem.message) for problem in error.problems]
            return _After(_record(key), {}, " ".join(said))
        broken = {each: _broken(each, now) for each in keys}
        return _After(_record(key), broken)


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
    new = []
    for broken in after:
        if _about(broken) not in known:
            new.append(broken)
    return tuple(new)


def _about(broken: Broken) -> tuple[object, ...]:
    finding = broken.finding
    return finding.rule, finding.session, finding.patient, finding.week


def _affected(key: str, before: _Before, after: _After, now: datetime) -> Affected:
    cohort = cohort_by_key(key)
    broken = _new(
        before.broken,
        after.broken.get(key, ()),
    )
    parts = [ask for ask in PROGRAM if ask.name in PARTS]
    changed = differences(
        parts,
        before.record,
        after.program,
        catalog(reader_language()),
    )
    has_begun = _today(now) >= cohort.starts
    usual = STAY if has_begun or cohort.program.of_id else TAKE
    field = f"takes[{key}]"
    return Affected(
        key=key,
        when=_when(cohort, now),
        patients=len(patients_of(cohort)),
        is_published=key in published_and_running(now=now),
        version=cohort.program.version,
        changed=tuple(changed),
        broken=_shown(key, broken),
        people=len(_people(broken)),
        chosen=request.form.get(field, usual),
    )


def _shown(key: str, broken: tuple[Broken, ...]) -> tuple[BrokenShown, ...]:
    if not broken:
        return ()
    titles = titles_by_key(every_session(key))
    return broken_shown(key, broken, names_by_key() | titles)


def _people(broken: Iterable[Broken]) -> set[str]:
    people: set[str] = set()
    for rule in broken:
        people.update(rule.people)
    return people


def _today(now: datetime) -> date:
    zone = ZoneInfo(practice().zone)
    return now.astimezone(zone).date()


def _when(cohort: Cohort, now: datetime) -> str:
    _ = catalog(reader_language())
    today = _today(now)
    if today < cohort.starts:
        day = f"{day_words(cohort.starts)} {cohort.starts.year}"
        said = _("begins on {day}")
        return said.format(day=day)
    said = _("week {week} of {weeks}")
    return said.format(
        week=week_of(cohort.starts, today),
        weeks=cohort.program.template.weeks,
    )


def kept_fields() -> list[tuple[str, str]]:
    """Return what the form said, to be said again with the choice."""
    found = []
    for name, value in request.form.items(multi=True):
        if name not in NOT_KEPT and not name.startswith("takes["):
            found.append((name, value))
    return found
