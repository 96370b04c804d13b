"""What a plan is in words on a terminal; people by their keys only."""

from collections.abc import Container, Iterable, Iterator

from scheduler.cli.reports.stay_report import make_up_lines, stay_lines
from scheduler.planning import Plan, Problem, Rule

TOO_LITTLE = {Rule.WEEK_HOURS_MIN, Rule.WEEK_DAYS_MIN, Rule.DAYS_GAP_MAX}


def plan_lines(plan: Plan, problem: Problem) -> Iterator[str]:
    """Say what a plan holds, what it leaves out and why, and what would make up for hours that
    lack.
    """
    yield _figures(plan)
    yield from _unplaced_lines(plan)
    for finding in plan.broken:
        yield f"broken rule {finding.rule}: {finding.sentence}"
    yield from _group("too little", _sentences(plan, TOO_LITTLE))
    yield from make_up_lines(problem, plan)
    yield from _group("substitute", _sentences(plan, {Rule.SUBSTITUTE}))
    notes = set(Rule) - TOO_LITTLE - {Rule.SUBSTITUTE}
    yield from _group("note", _sentences(plan, notes))
    yield from stay_lines(problem, plan)
    for slot in plan.dropped:
        yield f"dropped: {slot.title} on {slot.day.isoformat()}, {slot.reason}"
    for nobody in plan.nobody:
        yield f"nobody to invite: {nobody.key} ({_weeks(nobody.weeks)})"


def _figures(plan: Plan) -> str:
    placed = len(plan.placed)
    fixed = len(plan.sessions) - placed
    due = placed + len(plan.unplaced)
    done = f"{placed} of {due} appointments placed, {plan.regular} at their usual hour"
    return f"{plan.cohort}: {fixed} group sessions, {done}."


def _unplaced_lines(plan: Plan) -> Iterator[str]:
    for unplaced in plan.unplaced:
        reasons = "; ".join(reason.sentence for reason in unplaced.reasons)
        yield f"not placed: {unplaced.key} ({_weeks(unplaced.weeks)}): {reasons}"
        for remedy in unplaced.remedies:
            yield f"    {remedy}"


def _sentences(plan: Plan, rules: Container[Rule]) -> Iterator[str]:
    """Return what should be known of some rules and breaks none, in words."""
    for finding in plan.findings:
        if finding.rule in rules and not finding.hard:
            yield finding.sentence


def _group(word: str, sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield f"{word}: {sentence}"


def _weeks(weeks: tuple[int, int]) -> str:
    first, last = weeks
    if first == last:
        return f"week {first}"
    return f"weeks {first} to {last}"
