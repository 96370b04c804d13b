"""Checks of who of a family is let in: consent at the session's end, readiness, free time. Pure."""

from collections.abc import Iterable, Iterator

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem, Relative
from scheduler.planning.problem.wall_time import is_covered
from scheduler.planning.rules.people_rules import when
from scheduler.programs import FAMILY_KINDS, Kind


def family(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return what is wrong about the relatives in each session, and appointments with family that
    have none.
    """
    for session in sessions:
        if session.kind not in FAMILY_KINDS:
            if session.relatives:
                yield _of(
                    session,
                    Rule.CONSENT,
                    f"{session.key} is no session for relatives",
                )
            continue
        for key in session.relatives:
            yield from _may_be_there(
                problem,
                session,
                problem.relative_by_key[key],
            )
        if not session.fixed and not session.relatives:
            yield _of(
                session, Rule.FAMILY_NEEDED, f"{session.key} on {when(session)} has no relative"
            )
        yield from _own_family(problem, session)


def _may_be_there(
    problem: Problem, session: PlannedSession, relative: Relative
) -> Iterator[Finding]:
    if not relative.ready:
        yield _of(
            session, Rule.RELATIVE_READY, f"{relative.key} is not found ready ({session.key})"
        )
    elif not relative.may_come(session.kind, session.end):
        sentence = f"no consent lets {relative.key} into {session.key} on {when(session)}"
        yield _of(session, Rule.CONSENT, sentence)
    if not session.fixed and not is_covered(
        relative.free, relative.zone, session.start, session.end
    ):
        sentence = f"{relative.key} is not free at {when(session)} ({session.key})"
        yield _of(session, Rule.RELATIVE_FREE, sentence)


def _own_family(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    """Only relatives of the session's patients; in a multi-family group every patient has one
    there.
    """
    allowed = {
        relative.key: key
        for key in session.patients
        for relative in problem.patient_by_key[key].relatives
    }
    for key in session.relatives:
        if key not in allowed:
            yield _of(
                session,
                Rule.CONSENT,
                f"{key} belongs to no patient of {session.key}",
            )
    if session.kind is Kind.MULTI_FAMILY_GROUP:
        there = {allowed.get(key) for key in session.relatives}
        for key in session.seated:
            if key not in there:
                sentence = (
                    f"{key} sits in {session.key} without a relative who may be seen by others"
                )
                yield _of(session, Rule.CONSENT, sentence)


def _of(session: PlannedSession, rule: Rule, sentence: str) -> Finding:
    patient = session.patients[0] if len(session.patients) == 1 else None
    return Finding(
        rule,
        sentence,
        session=session.key,
        patient=patient,
        week=session.week,
    )
