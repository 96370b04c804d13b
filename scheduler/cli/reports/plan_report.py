"""What a plan is in words on a terminal; people by their keys only."""

from collections.abc import Iterator

from scheduler.cli.reports.stay_report import make_up_lines, stay_lines
from scheduler.planning import Plan, Problem, Rule

TOO_LITTLE = {Rule.WEEK_HOURS_MIN, Rule.WEEK_DAYS_MIN, Rule.DAYS_GAP_MAX}


def plan_lines(plan: Plan, problem: Problem) -> Iterator[str]:
    """Say what a plan holds, what it leaves out and why, and what would make up for hours that
    lack.
    """
    placed = len(plan.placed)
    due = placed + len(plan.unplaced)
    fixed = len(plan.sessions) - placed
    done = f"{placed} of {due} appointments placed, {plan.regular} at their usual hour"
    yield f"{plan.cohort}: {fixed} group sessions, {done}."
    yield from _unplaced_lines(plan)
    yield from _broken_lines(plan)
    for finding in plan.findings:
        if finding.rule in TOO_LITTLE:
            yield f"too little: {finding.sentence}"
    yield from make_up_lines(problem, plan)
    for finding in plan.findings:
        if finding.rule is Rule.SUBSTITUTE:
            yield f"substitute: {finding.sentence}"
    yield from _note_lines(plan)
    yield from stay_lines(problem, plan)
    for dropped in plan.dropped:
        day = dropped.day.isoformat()
        yield f"dropped: {dropped.title} on {day}, {dropped.reason}"
    for lonely in plan.nobody:
        weeks = _weeks(lonely.weeks)
        yield f"nobody to invite: {lonely.key} ({weeks})"


def _unplaced_lines(plan: Plan) -> Iterator[str]:
    """Say what has no time, why, and what would give it one."""
    for unplaced in plan.unplaced:
        weeks = _weeks(unplaced.weeks)
        reasons = [reason.sentence for reason in unplaced.reasons]
        why = "; ".join(reasons)
        yield f"not placed: {unplaced.key} ({weeks}): {why}"
        for remedy in unplaced.remedies:
            yield f"    {remedy}"


def _broken_lines(plan: Plan) -> Iterator[str]:
    for finding in plan.findings:
        if finding.hard:
            yield f"broken rule {finding.rule}: {finding.sentence}"


def _note_lines(plan: Plan) -> Iterator[str]:
    """Say what is neither broken nor said under a word of its own."""
    for finding in plan.findings:
        if finding.hard or finding.rule in TOO_LITTLE:
            continue
        if finding.rule is not Rule.SUBSTITUTE:
            yield f"note: {finding.sentence}"


def _weeks(weeks: tuple[int, int]) -> str:
    first, last = weeks
    if first == last:
        return f"week {first}"
    return f"weeks {first} to {last}"
