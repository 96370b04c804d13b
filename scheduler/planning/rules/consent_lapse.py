"""Consents that end before a patient's last session: to be renewed in time, because nobody is
invited beyond. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule, in_order
from scheduler.planning.problem.problem import Problem, Relative
from scheduler.programs import Kind


def lapses(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return one finding for each relative and kind whose consent carries them into the plan but
    not to its end.
    """
    last: dict[str, PlannedSession] = {}
    there: dict[str, set[Kind]] = defaultdict(set)
    for session in sorted(sessions, key=in_order):
        last |= dict.fromkeys(session.patients, session)
        for key in session.relatives:
            there[key].add(session.kind)
    for patient in problem.patients:
        for relative in patient.relatives if patient.key in last else ():
            for kind in sorted(there[relative.key]):
                end = _ends(relative, kind)
                if end is not None and end < last[patient.key].end:
                    yield _finding(
                        relative,
                        kind,
                        end,
                        patient.key,
                        last[patient.key],
                    )


def _ends(relative: Relative, kind: Kind) -> datetime | None:
    return max(
        (
            consent.valid_until
            for consent in relative.consents
            if consent.kind is kind and relative.suits(consent)
        ),
        default=None,
    )


def _finding(
    relative: Relative, kind: Kind, end: datetime, patient: str, last: PlannedSession
) -> Finding:
    day = (end - timedelta(seconds=1)).astimezone(ZoneInfo(last.zone)).date()
    what = kind.value.replace("_", " ")
    ends = f"{day:%a} {day.day} {day:%B %Y}"
    until = f"{last.day:%a} {last.day.day} {last.day:%B}"
    sentence = (
        f"the consent for {relative.key} ({what}) ends on {ends}, before {patient}'s last "
        f"session on {until}: "
        "nobody is invited under it from then on"
    )
    return Finding(
        Rule.CONSENT_LAPSES,
        sentence,
        hard=False,
        patient=patient,
    )
