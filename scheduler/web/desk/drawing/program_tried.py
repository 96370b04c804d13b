"""How often a program's hours, days and gaps hold, shown beside what is edited."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from time import monotonic

from flask import request

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.people import practice
from scheduler.planning import Trial, Verdict, check_program, first_start, trial_of
from scheduler.programs.models import Program
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.stays.stay_effects import day_shown
from scheduler.web.parts.page import sentence

MOST_YEARS = 5
FAMILIES = 2
SEED = 0
LONGEST = 4.0
"""Seconds a page tries for."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it in words; `why` what brought the worst week about."""

    words: str
    is_kept: bool
    worst: str = ""
    why: str = ""


def years_asked() -> int:
    """Return over how many years the address asks to try; 0 for not at all."""
    said = request.form.get("years") or request.args.get("years", "")
    number = int(said) if said.isdecimal() and len(said) == 1 else 0
    return min(number, MOST_YEARS)


def prepared(program: Program, years: int) -> Callable[[], Tried]:
    """Read what a trial needs; return what makes it, without the database."""
    try:
        trial = trial_of(program)
    except InputError as error:
        said = sentence(error)
        return lambda: Tried(said, is_kept=False)
    today = practice().day_at(now())
    first = first_start(program, today)
    return lambda: _tried(trial, first, years)


def _tried(trial: Trial, first: date, years: int) -> Tried:
    ends = monotonic() + LONGEST
    verdict = check_program(
        trial,
        first=first,
        years=years,
        families=FAMILIES,
        seed=SEED,
        stopped=lambda: monotonic() > ends,
    )
    return _in_words(verdict)


def _in_words(verdict: Verdict) -> Tried:
    _ = catalog(reader_language())
    said = _(
        "Hours, days and gaps hold in {hold} of {starts} cohorts that would start from {first} to "
        "{last}."
    )
    words = said.format(
        hold=verdict.hold,
        starts=verdict.starts,
        first=day_shown(verdict.first),
        last=day_shown(verdict.last),
    )
    worst = verdict.worst
    if worst is None:
        return Tried(words, verdict.is_kept)
    where = _("Worst: week {week} of a cohort that starts on {day}. {said}")
    about = where.format(
        week=worst.week,
        day=day_shown(worst.starts),
        said=sentence(worst.said.replace("family-", "family ")),
    )
    return Tried(words, verdict.is_kept, about, sentence(worst.why))
