"""A program tried on made-up families, one cohort for each Monday it could start on: do its hours,
days and gaps hold beside holidays and closures? Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.people import Licence
from scheduler.planning.made_up_families import FAR_OFF, made_up_families
from scheduler.planning.planner import make_plan
from scheduler.planning.problem.plan import Finding, Plan, Rule
from scheduler.planning.problem.problem import Clinician, Patient, Problem
from scheduler.planning.problem.time_phrases import listed, short_day
from scheduler.planning.rules.week_rules import weeks
from scheduler.programs import Closed, Template, closed_days, last_day, monday_of

SECONDS = 0.4
"""Time to plan one start in."""
HELD = {
    Rule.WEEK_HOURS_MIN,
    Rule.WEEK_HOURS_MAX,
    Rule.DAY_HOURS_MAX,
    Rule.WEEK_DAYS_MIN,
    Rule.DAYS_GAP_MAX,
}
"""What is meant by hours, days and gaps."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A program with the house it would run in; `holidays` is closed or open, `treating` are the
    keys of those whose patients the families are.
    """

    program: str
    template: Template
    zone: str
    state: str
    holidays: str
    closures: tuple[Closed, ...]
    clinicians: tuple[Clinician, ...]
    leads: Mapping[str, tuple[str, ...]]
    treating: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorstWeek:
    """The week of all starts in which most lacks, or is too much, with what brought it about."""

    starts: date
    week: int
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """In how many of the starts everything holds, and the worst week of the others."""

    program: str
    first: date
    last: date
    starts: int
    hold: int
    worst: WorstWeek | None

    @property
    def is_kept(self) -> bool:
        """True if everything holds at every start."""
        return self.hold == self.starts


@dataclass(frozen=True, slots=True)
class _Fault:
    """What breaks at one start, how badly (a part of what is asked), and what was not placed."""

    finding: Finding
    badness: float
    unplaced: tuple[str, ...]


def check_program(
    trial: Trial,
    *,
    first: date,
    years: int,
    families: int,
    seed: int,
    progress: Callable[[date], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Plan the program for made-up families at each Monday of `years` years from `first` on, or
    until `stopped` says so: then it is said of the starts tried by then, of one at least.
    """
    trial = _without_absences(trial)
    people = _families(trial, families, seed)
    tried = _Tried(seed)
    mondays: list[date] = []
    for monday in _mondays(first, years):
        if mondays and stopped():
            break
        mondays.append(monday)
        if progress:
            progress(monday)
        problem = _problem(
            trial,
            people,
            monday,
        )
        tried.add(problem)
    return Verdict(
        program=trial.program,
        first=mondays[0],
        last=mondays[-1],
        starts=len(mondays),
        hold=tried.held,
        worst=tried.worst,
    )


def _families(trial: Trial, count: int, seed: int) -> tuple[Patient, ...]:
    treating = [each for each in trial.clinicians if each.key in trial.treating]
    return made_up_families(
        count,
        seed,
        zone=trial.zone,
        state=trial.state,
        clinicians=treating,
    )


class _Tried:
    """The starts tried so far: how many hold, and the worst week of the others."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.held = 0
        self.worst: WorstWeek | None = None
        self._badness = 0.0
        self._known: dict[tuple[int, ...], _Fault | None] = {}
        """By the closed days of a start: two with the same ones have the same plans."""

    def add(self, problem: Problem) -> None:
        """Try one start."""
        closed = []
        for day in problem.closed:
            since = day - problem.starts
            closed.append(since.days)
        pattern = tuple(closed)
        if pattern not in self._known:
            self._known[pattern] = _worst_fault(problem, self.seed)
        fault = self._known[pattern]
        if fault is None:
            self.held += 1
        elif self.worst is None or fault.badness > self._badness:
            self.worst = _worst(problem, fault)
            self._badness = fault.badness


def _mondays(first: date, years: int) -> Iterator[date]:
    monday = monday_of(first, 1)
    for number in range(52 * years):
        yield monday + timedelta(weeks=number)


def _without_absences(trial: Trial) -> Trial:
    """Let everybody be there and licensed: what is tried is the program, not this year's leave."""
    licence = Licence(trial.state, FAR_OFF)
    clinicians = []
    for clinician in trial.clinicians:
        present = replace(
            clinician,
            away=(),
            licences=(licence,),
        )
        clinicians.append(present)
    return replace(trial, clinicians=tuple(clinicians))


def _problem(trial: Trial, people: tuple[Patient, ...], monday: date) -> Problem:
    last = last_day(monday, trial.template.weeks)
    closed = closed_days(
        trial.state,
        trial.holidays,
        trial.closures,
        monday,
        last,
    )
    return Problem(
        cohort=trial.program,
        zone=trial.zone,
        starts=monday,
        template=trial.template,
        patients=people,
        clinicians=trial.clinicians,
        leads=trial.leads,
        closed=closed,
    )


def _worst_fault(problem: Problem, seed: int) -> _Fault | None:
    """Plan one start; return the worst of what breaks, None when nothing does."""
    plan = make_plan(
        problem,
        seconds=SECONDS,
        seed=seed,
    )
    worst: _Fault | None = None
    for finding in weeks(problem, plan.sessions):
        if finding.rule not in HELD:
            continue
        badness = _badness(problem, finding)
        if worst is None or badness > worst.badness:
            unplaced = _unplaced(plan, finding)
            worst = _Fault(
                finding,
                badness,
                tuple(unplaced),
            )
    return worst


def _badness(problem: Problem, finding: Finding) -> float:
    """Return by what part of what is asked a figure misses it."""
    assert finding.week is not None
    rules = problem.template.rules_in(finding.week)
    asked = {
        Rule.WEEK_HOURS_MIN: rules.week_hours_min,
        Rule.WEEK_HOURS_MAX: rules.week_hours_max,
        Rule.DAY_HOURS_MAX: rules.day_hours_max,
        Rule.WEEK_DAYS_MIN: rules.week_days_min or 0,
        Rule.DAYS_GAP_MAX: rules.days_gap_max or 0,
    }
    limit = asked[finding.rule]
    figure = finding.figure or 0
    return abs(figure - limit) / max(limit, 1)


def _unplaced(plan: Plan, finding: Finding) -> Iterable[str]:
    """Return why appointments of that patient and week have no time."""
    for unplaced in plan.unplaced:
        first, last = unplaced.weeks
        if unplaced.patient != finding.patient or finding.week is None:
            continue
        if first <= finding.week <= last:
            reasons = [reason.sentence for reason in unplaced.reasons]
            yield f"{unplaced.appointment} has no time: {listed(reasons)}"


def _worst(problem: Problem, fault: _Fault) -> WorstWeek:
    week = fault.finding.week
    assert week is not None
    monday = monday_of(problem.starts, week)
    closed = []
    for day, reason in problem.closed.items():
        if monday <= day < monday + timedelta(days=7):
            closed.append(f"{short_day(day)} {day.year} ({reason})")
    why = [*fault.unplaced]
    if closed:
        why.insert(0, f"closed on {listed(closed)}")
    if not why:
        why.append("the program has no more in that week for this family")
    return WorstWeek(
        problem.starts,
        week,
        fault.finding.sentence,
        "; ".join(why),
    )
