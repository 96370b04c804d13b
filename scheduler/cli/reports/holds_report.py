"""What `cohort holds` answers: each broken rule with its session, its people and what mends it."""

from collections.abc import Iterable
from typing import Any

from scheduler.planning import Finding

NO_SESSION = "-"


def holds_lines(broken: Iterable[Finding]) -> list[str]:
    """Return a line for each broken rule: rule, session and sentence, two spaces apart."""
    return [
        f"{finding.rule.value}  {finding.session or NO_SESSION}  {finding.sentence}"
        for finding in broken
    ]


def holds_document(cohort: str, broken: Iterable[Finding]) -> dict[str, Any]:
    """Return the same for programs."""
    rules = [_rule(finding) for finding in broken]
    return {
        "cohort": cohort,
        "holds": not rules,
        "broken": rules,
    }


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.value,
        "session": finding.session,
        "patient": finding.patient,
        "week": finding.week,
        "sentence": finding.sentence,
    }
