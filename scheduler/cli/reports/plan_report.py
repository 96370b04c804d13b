"""What a plan is in words on a terminal; people by their keys only."""

from collections.abc import Iterable, Iterator

from scheduler.cli.reports.stay_report import make_up_lines, stay_lines
from scheduler.planning import Plan, Problem, Rule

TOO_LITTLE = {Rule.WEEK_HOURS_MIN, Rule.WEEK_DAYS_MIN, Rule.DAYS_GAP_MAX}


def plan_lines(plan: Plan, problem: Problem) -> Iterator[str]:
    """Say what a plan holds, what it leaves out and why, and what would make up for hours that
    lack.
    """
    fixed, placed = len(plan.sessions) - len(plan.placed), len(plan.placed)
    due = placed + len(plan.unplaced)
    done = f"{placed} of {due} appointments placed, {plan.regular} at their usual hour"
    yield f"{plan.cohort}: {fixed} group sessions, {done}."
    for one in plan.unplaced:
        yield f"not placed: {one.key} ({_weeks(one.weeks)}): " + "; ".join(
            reason.sentence for reason in one.reasons
        )
        yield from (f"    {remedy}" for remedy in one.remedies)
    for finding in plan.findings:
        if finding.hard:
            yield f"broken rule {finding.rule}: {finding.sentence}"
    yield from _group(
        "too little", (one.sentence for one in plan.findings if one.rule in TOO_LITTLE)
    )
    yield from make_up_lines(problem, plan)
    yield from _group(
        "substitute", (one.sentence for one in plan.findings if one.rule is Rule.SUBSTITUTE)
    )
    known = TOO_LITTLE | {Rule.SUBSTITUTE}
    yield from _group(
        "note", (one.sentence for one in plan.findings if not one.hard and one.rule not in known)
    )
    yield from stay_lines(problem, plan)
    yield from _group(
        "dropped", (f"{one.title} on {one.day.isoformat()}, {one.reason}" for one in plan.dropped)
    )
    yield from _group(
        "nobody to invite", (f"{one.key} ({_weeks(one.weeks)})" for one in plan.nobody)
    )


def _group(word: str, sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield f"{word}: {sentence}"


def _weeks(weeks: tuple[int, int]) -> str:
    return f"week {weeks[0]}" if weeks[0] == weeks[1] else f"weeks {weeks[0]} to {weeks[1]}"
