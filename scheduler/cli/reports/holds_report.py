"""What `cohort holds` answers: each broken rule with its session, its people and what mends it."""

from collections.abc import Iterable
from typing import Any

from scheduler.planning import Finding, Holding

NO_SESSION = "-"


def holds_lines(holding: Holding) -> list[str]:
    """Return a line for each broken rule: rule, session and sentence, two spaces apart; then what
    a person accepted.
    """
    accepted = [f"accepted: {line}" for line in _lines(holding.accepted)]
    return [*_lines(holding.broken), *accepted]


def _lines(findings: Iterable[Finding]) -> list[str]:
    return [
        f"{finding.rule.value}  {finding.session or NO_SESSION}  {finding.sentence}"
        for finding in findings
    ]


def holds_document(cohort: str, holding: Holding) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "cohort": cohort,
        "holds": not holding.broken,
        "broken": [_rule(finding) for finding in holding.broken],
        "accepted": [_rule(finding) for finding in holding.accepted],
    }


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.value,
        "session": finding.session,
        "patient": finding.patient,
        "week": finding.week,
        "sentence": finding.sentence,
    }
