"""Who may lead a session in a colleague's place, those first whom its patients know. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler.planning.explain.colleagues import why_not
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Problem

MOST = 5
"""Colleagues offered for one session."""


@dataclass(frozen=True, slots=True, order=True)
class StandIn:
    """A colleague (key) who could lead a session, and how many `of` its patients know them."""

    key: str
    knows: int
    of: int


def stand_ins(
    problem: Problem,
    sessions: Sequence[PlannedSession],
    session: PlannedSession,
    *,
    already: Mapping[str, int],
) -> tuple[StandIn, ...]:
    """Return who could lead a session at its time, with licence, hours and buffer, best first: whom
    most of its patients know, who stands in `already` (times by key), who leads most here.
    """
    others = [other for other in sessions if other.key != session.key]
    led = _times_led(others)
    found = []
    for clinician in problem.clinicians:
        key = clinician.key
        if key in session.clinicians:
            continue
        if why_not(problem, others, session, key) is not None:
            continue
        known = _known_to(problem, others, session, key)
        knows = len(known)
        who = StandIn(key, knows, len(session.patients))
        times = already.get(key, 0)
        rank = (-knows, -times, -led[key], key)
        found.append((rank, who))
    found.sort()
    best = found[:MOST]
    return tuple(who for _rank, who in best)


def _times_led(sessions: Iterable[PlannedSession]) -> Counter[str]:
    led: Counter[str] = Counter()
    for session in sessions:
        led.update(session.clinicians)
    return led


def _known_to(
    problem: Problem,
    others: Iterable[PlannedSession],
    session: PlannedSession,
    clinician: str,
) -> set[str]:
    """Return the patients of a session who know a clinician: theirs, or one whose group they sit
    in.
    """
    known = set()
    for key in session.patients:
        patient = problem.patient_by_key.get(key)
        if patient is not None and patient.clinician == clinician:
            known.add(key)
    for other in others:
        if clinician in other.clinicians:
            known.update(other.seated)
    return known.intersection(session.patients)
