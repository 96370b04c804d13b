"""What `cohort holds` answers: each broken rule with its session, its people and what mends it."""

from collections.abc import Iterable
from typing import Any

from scheduler.planning import Broken

NO_SESSION = "-"


def holds_lines(broken: Iterable[Broken]) -> list[str]:
    """Return a line for each broken rule: rule, session and sentence, two spaces apart; the
    sentence ends with what mends it.
    """
    lines = []
    for rule in broken:
        found = rule.finding
        sentence = f"{found.sentence}; {rule.mend.words}"
        lines.append(f"{found.rule.value}  {found.session or NO_SESSION}  {sentence}")
    return lines


def holds_document(cohort: str, broken: Iterable[Broken]) -> dict[str, Any]:
    """Return the same for programs."""
    rules = [_rule(rule) for rule in broken]
    return {
        "cohort": cohort,
        "holds": not rules,
        "broken": rules,
    }


def _rule(broken: Broken) -> dict[str, Any]:
    found = broken.finding
    mend = broken.mend
    return {
        "rule": found.rule.value,
        "session": found.session,
        "patient": found.patient,
        "week": found.week,
        "sentence": found.sentence,
        "people": list(broken.people),
        "mend": {"deed": mend.deed.value, "session": mend.session, "words": mend.words},
    }
