"""Days on which somebody, or the house, holds nothing: noted, and each session led by another,
moved or cancelled, whole or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import Absence, person_by_key, practice
from scheduler.people.models import Person
from scheduler.planning.explain.colleagues import why_not
from scheduler.planning.explain.disruptions.disruption import KEEP, Choice, Disruption, Instead
from scheduler.planning.explain.make_up_offers import MakeUp
from scheduler.planning.problem.plan import Finding, Plan, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.proposals.by_hand.judge_edit import (
    NewFindings,
    as_published,
    judge_published,
    judged_plan,
    new_findings,
)
from scheduler.planning.proposals.disruptions.days_away import note_days_away
from scheduler.planning.proposals.disruptions.disrupted_lines import (
    cohorts_of,
    disrupted_lines,
    disrupted_sessions,
    without_gone,
)
from scheduler.planning.proposals.disruptions.lost_hours import lost_hours
from scheduler.planning.proposals.models import DisruptionMet
from scheduler.programs import close_house
from scheduler.sessions import (
    cancel_sessions,
    edit_sessions,
    is_within_reach,
    put_in_place,
    snapshot,
)
from scheduler.sessions.models import Session

IN_TURN = (Instead.CANCEL, Instead.LEAD, Instead.MOVE)
"""What is cancelled frees people and rooms for the rest."""

MENDED = {Rule.CLINICIAN_AWAY, Rule.CLOSED}
"""What a disruption breaks."""


@dataclass(frozen=True, slots=True)
class Met:
    """What was done about a disruption: what was chosen for each session (by key), and what that
    makes known.
    """

    row: DisruptionMet
    chosen: Mapping[str, Choice]
    news: NewFindings
    lost: tuple[MakeUp, ...]
    """Weeks that are short by what was cancelled, with what would make up for it."""


def meet_disruption(
    disruption: Disruption, choices: Mapping[str, Choice], *, by: str, now: datetime
) -> Met:
    """Note the days, and do with each session they concern what was chosen (by its key), else what
    is proposed.

    Raises InputError as `disrupted_lines`, Conflict when something chosen cannot be.
    """
    rows = disrupted_sessions(disruption, now=now)
    chosen = _chosen(disruption, rows, choices, now)
    is_noted = _note(disruption, by=by, now=now)
    db.session.flush()
    before = {}
    for cohort in cohorts_of(rows):
        before[cohort] = judge_published(cohort, now=now)
    steps = _do(
        disruption,
        rows,
        chosen,
        by=by,
        now=now,
    )
    db.session.flush()
    news = _news(before, chosen, now)
    if news.refusal:
        raise Conflict(news.refusal)
    row = _keep(
        disruption,
        steps,
        is_noted=is_noted,
        by=by,
        now=now,
    )
    cancelled = [each for each in rows if chosen[each.key].instead is Instead.CANCEL]
    lost = lost_hours(cancelled, now=now)
    return Met(row, chosen, news, lost)


def _chosen(
    disruption: Disruption,
    rows: Sequence[Session],
    choices: Mapping[str, Choice],
    now: datetime,
) -> dict[str, Choice]:
    """Return what is done about each session."""
    chosen = {}
    for row in rows:
        if row.key in choices:
            chosen[row.key] = choices[row.key]
            _refuse_odd(row, chosen[row.key], disruption, now)
    if len(chosen) < len(rows):
        for line in disrupted_lines(disruption, now=now):
            chosen.setdefault(line.session.key, line.proposed)
    return chosen


def _refuse_odd(row: Session, choice: Choice, disruption: Disruption, now: datetime) -> None:
    is_house = disruption.clinician is None
    if choice.clinician is not None and is_house:
        raise InputError("on a closed day nobody leads anything")
    if choice.to is None:
        return
    day = choice.to.date()
    today = practice().day_at(now)
    if not is_within_reach(row, day, today=today):
        raise InputError(f"{row.key} cannot be moved as far as {day}")


def _note(disruption: Disruption, *, by: str, now: datetime) -> bool:
    """Note the days; False when they were known."""
    away = _away(disruption)
    if away is None:
        return close_house(
            disruption.first,
            disruption.last,
            disruption.why,
            by=by,
            now=now,
        )
    absence = Absence(disruption.first, disruption.last)
    return note_days_away(away, absence, by=by, now=now)


def _do(
    disruption: Disruption,
    rows: Sequence[Session],
    chosen: Mapping[str, Choice],
    *,
    by: str,
    now: datetime,
) -> list[dict[str, object]]:
    """Do with each session what was chosen; return what undoes it."""
    leaves = _away(disruption)
    before = snapshot(rows)
    steps = []
    for instead in IN_TURN:
        for row in rows:
            choice = chosen[row.key]
            if choice.instead is not instead:
                continue
            _do_one(
                row,
                choice,
                leaves,
                by=by,
                now=now,
            )
            step = asdict(before[row.key])
            step["version"] = row.version
            step["choice"] = choice.word
            steps.append(step)
    return steps


def _do_one(row: Session, choice: Choice, leaves: Person | None, *, by: str, now: datetime) -> None:
    if choice.clinician is not None and leaves is not None:
        comes = person_by_key(choice.clinician)
        put_in_place(
            row,
            leaves=leaves,
            comes=comes,
            by=by,
            now=now,
        )
    elif choice.to is not None:
        edit_sessions(
            row,
            to=choice.to,
            by=by,
            now=now,
        )
    else:
        cancel_sessions(row, by=by, now=now)


def _away(disruption: Disruption) -> Person | None:
    """Return who is away; None: everybody."""
    if disruption.clinician is None:
        return None
    return person_by_key(disruption.clinician)


def _refuse_who_could_not(problem: Problem, standing: Plan, chosen: Mapping[str, Choice]) -> None:
    """Raise Conflict for who was chosen to lead and could not."""
    known = without_gone(problem)
    for session in standing.sessions:
        choice = chosen.get(session.key)
        if choice is None or choice.clinician is None:
            continue
        others = [other for other in standing.sessions if other.key != session.key]
        refusal = why_not(
            known,
            others,
            session,
            choice.clinician,
        )
        if refusal is not None:
            raise Conflict(refusal)


def _news(
    before: Mapping[str, Sequence[Finding]], chosen: Mapping[str, Choice], now: datetime
) -> NewFindings:
    """Return what the changes bring, of all cohorts together. Raises Conflict for who was chosen
    to lead and could not.
    """
    broken: list[Finding] = []
    to_know: list[Finding] = []
    for cohort, known in before.items():
        problem, standing = as_published(cohort, now=now)
        _refuse_who_could_not(problem, standing, chosen)
        found = judged_plan(problem, standing)
        news = new_findings(_left_over(known, chosen), found)
        broken += news.broken
        to_know += news.to_know
    return NewFindings(tuple(broken), tuple(to_know))


def _left_over(known: Sequence[Finding], chosen: Mapping[str, Choice]) -> list[Finding]:
    """Return what was found before, but what the choices are there to mend: nothing is moved from
    one of the days to another.
    """
    left = []
    for finding in known:
        choice = chosen.get(finding.session or "", KEEP)
        is_mended = choice != KEEP and finding.rule in MENDED
        if not is_mended:
            left.append(finding)
    return left


def _keep(
    disruption: Disruption,
    steps: Iterable[dict[str, object]],
    *,
    is_noted: bool,
    by: str,
    now: datetime,
) -> DisruptionMet:
    away = _away(disruption)
    row = DisruptionMet(
        clinician_id=away.id if away else None,
        first=disruption.first,
        last=disruption.last,
        why=disruption.why,
        is_noted=is_noted,
        steps=list(steps),
        met_at=now,
        met_by=by,
    )
    db.session.add(row)
    db.session.flush()
    about = f"person {away.key}" if away else "practice"
    details = {"disruption": row.id, "sessions": len(row.steps)}
    audit.append(
        "planning.meet_disruption",
        about,
        details,
        by=by,
        now=now,
    )
    return row
