"""Whether everybody who is to sit in the program's groups has a seat in those that are published.
Pure.

Only what stands is asked: a plan made here seats everybody whom the rules let in.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import Finding, PlannedSession, Rule, in_order
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.people_rules import when
from scheduler.programs import FAMILY_KINDS, Kind

Lacking = dict[tuple[str, str], list[PlannedSession]]
"""By patient and slot: the meetings to come without a seat."""


def seats(problem: Problem, standing: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return for each patient and slot the meetings that stand and have no seat for them.

    A family that may come since is no matter of this: what is published holds without it, too.
    """
    sessions = sorted(standing, key=in_order)
    layout = lay_out_fixed_slots(problem, _assessed(sessions))
    wanted = {}
    for session in layout.sessions:
        wanted[session.key] = session.seated
    lacking: Lacking = defaultdict(list)
    for session in sessions:
        if not _is_asked(problem, session):
            continue
        for patient in wanted.get(session.key, ()):
            if patient not in session.patients:
                meetings = lacking[patient, session.source]
                meetings.append(session)
    for about, meetings in lacking.items():
        patient, _ = about
        yield _finding(patient, meetings)


def _is_asked(problem: Problem, session: PlannedSession) -> bool:
    if not session.fixed or session.kind in FAMILY_KINDS:
        return False
    return not problem.is_past(session.start)


def _assessed(sessions: Iterable[PlannedSession]) -> dict[str, datetime]:
    """Return when the first assessment of each patient ends: they sit in groups from then on."""
    found: dict[str, datetime] = {}
    for session in sessions:
        if session.kind is Kind.ASSESSMENT:
            for patient in session.seated:
                found.setdefault(patient, session.end)
    return found


def _finding(patient: str, meetings: list[PlannedSession]) -> Finding:
    first = meetings[0]
    said = f"{patient} has no seat in {first.title} on {when(first)}"
    others = len(meetings) - 1
    if others:
        said += f" nor on {others} other day{'s' if others > 1 else ''}"
    return Finding(
        Rule.GROUP_SEAT,
        said,
        session=first.key,
        patient=patient,
        week=first.week,
        figure=len(meetings),
    )
