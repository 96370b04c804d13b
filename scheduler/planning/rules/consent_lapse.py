"""Consents that end before a patient's last session: to be renewed in time, because nobody is
invited beyond. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule, in_order
from scheduler.planning.problem.problem import Problem, Relative
from scheduler.planning.problem.stays.within_stay import within_stay
from scheduler.planning.problem.time_phrases import short_day
from scheduler.planning.problem.wall_time import local
from scheduler.programs import Kind, said_kind


def lapses(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return one finding for each relative and kind whose consent carries them into the plan but
    not to its end.
    """
    last: dict[str, PlannedSession] = {}
    there: dict[str, set[Kind]] = defaultdict(set)
    for session in sorted(sessions, key=in_order):
        for key in within_stay(problem, session, session.patients):
            last[key] = session
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
    ends = [consent.valid_until for consent in relative.consents_for(kind)]
    return max(ends, default=None)


def _finding(
    relative: Relative, kind: Kind, end: datetime, patient: str, last: PlannedSession
) -> Finding:
    day, _ = local(end - timedelta(seconds=1), last.zone)
    what = said_kind(kind)
    ends = f"{short_day(day)} {day.year}"
    until = short_day(last.day)
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
