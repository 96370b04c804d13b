"""What `cohort holds` answers: each broken rule with its session, its people and what mends it."""

from typing import Any

from scheduler.planning import Broken, Finding, Holding

NO_SESSION = "-"


def holds_lines(holding: Holding) -> list[str]:
    """Return a line for each broken rule: rule, session and sentence, two spaces apart; the
    sentence ends with what mends it. Then what a person accepted.
    """
    lines = []
    for rule in holding.broken:
        lines.append(_line(rule.finding, f"; {rule.mend.words}"))
    for finding in holding.accepted:
        lines.append(f"accepted: {_line(finding)}")
    return lines


def _line(found: Finding, after: str = "") -> str:
    return f"{found.rule.value}  {found.session or NO_SESSION}  {found.sentence}{after}"


def holds_document(cohort: str, holding: Holding) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "cohort": cohort,
        "holds": not holding.broken,
        "broken": [_rule(rule) for rule in holding.broken],
        "accepted": [_found(finding) for finding in holding.accepted],
    }


def _rule(broken: Broken) -> dict[str, Any]:
    mend = broken.mend
    return _found(broken.finding) | {
        "people": list(broken.people),
        "mend": {"deed": mend.deed.value, "session": mend.session, "words": mend.words},
    }


def _found(found: Finding) -> dict[str, Any]:
    return {
        "rule": found.rule.value,
        "session": found.session,
        "patient": found.patient,
        "week": found.week,
        "sentence": found.sentence,
    }
