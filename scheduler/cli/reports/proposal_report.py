"""What `cohort plan` answers: a proposal that is kept, or one supposed under an assumption that is
not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scheduler.cli.reports.changes_report import (
    changes_document,
    compared_lines,
    comparison,
    difference_lines,
    person_lines,
)
from scheduler.cli.reports.plan_report import plan_lines
from scheduler.cli.reports.stay_report import stays_document
from scheduler.planning import Plan, PlanDiff, Problem, plan_diff, to_document


@dataclass(frozen=True, slots=True)
class Assumption:
    """The file that says what might be, and what it changes, in lines."""

    file: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The same twice: lines for a terminal, a document for programs."""

    lines: tuple[str, ...]
    document: dict[str, Any]


NOTHING_NEW = "This changes nothing that is published: there is no proposal to publish."


def proposed(problem: Problem, plan: Plan, changes: PlanDiff, *, is_kept: bool) -> Answer:
    """Say a plan and whom it would change what for; the first of a cohort is all new and needs no
    such list, and one that changes nothing is not kept as a proposal.
    """
    lines = [*plan_lines(plan, problem)]
    if problem.published:
        lines += difference_lines(changes)
        lines += person_lines(changes)
    if not is_kept:
        lines.append(NOTHING_NEW)
    document = to_document(plan) | stays_document(problem, plan)
    document["changes"] = changes_document(changes)
    document["is_proposed"] = is_kept
    return Answer(tuple(lines), document)


def supposed(problem: Problem, plan: Plan, stored: Plan | None, assumed: Assumption) -> Answer:
    """Say a plan under an assumption: what is assumed, what comes of it, and how it differs from
    the stored plan.
    """
    document = to_document(plan) | stays_document(problem, plan)
    document |= {"assumption": {"file": assumed.file, "changes": list(assumed.changes)}}
    if stored is not None:
        changes = plan_diff(stored.sessions, plan.sessions)
        document |= {"changes": changes_document(changes), "stored": comparison(stored, plan)}
    return Answer(tuple(_supposed(problem, plan, stored, assumed)), document)


def _supposed(
    problem: Problem, plan: Plan, stored: Plan | None, assumed: Assumption
) -> Iterator[str]:
    yield (
        f"What if {assumed.file} held? This is an assumption: nothing of it is kept, the "
        "stored plan stays."
    )
    yield from (
        f"assumed: {line}" for line in assumed.changes or ("nothing that is not so already",)
    )
    yield from plan_lines(plan, problem)
    if stored is None:
        yield "there is no stored plan to compare with"
        return
    yield from compared_lines(stored, plan)
    changes = plan_diff(stored.sessions, plan.sessions)
    yield from difference_lines(changes, "the stored plan")
    yield from person_lines(changes)
