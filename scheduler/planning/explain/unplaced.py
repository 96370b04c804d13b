"""Why an appointment has no time: the smallest set of people and rules that exclude it, and what
would help. Pure.
"""

from collections.abc import Iterable
from itertools import combinations

from scheduler.planning.explain.constraints import Case, Name, constraints_of
from scheduler.planning.explain.relaxations import relaxations
from scheduler.planning.explain.sentences import people_of, reason_sentence
from scheduler.planning.problem.plan import Reason, Rule, Unplaced
from scheduler.planning.problem.problem import Problem
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Timetable

PREFERRED = (
    Rule.LICENCE,
    Rule.CLINICIAN_HOURS,
    Rule.PATIENT_FREE,
    Rule.SCHOOL_HOURS,
    Rule.RELATIVE_FREE,
    Rule.CONSENT,
    Rule.CLINICIAN_AWAY,
    Rule.STAY,
    Rule.PAST,
    Rule.CLOSED,
    Rule.ASSESSMENT_FIRST,
    Rule.ONCE_A_DAY,
    Rule.DAY_HOURS_MAX,
    Rule.WEEK_HOURS_MAX,
    Rule.PERSON_TWICE,
    Rule.ROOM_OWN,
)
"""Of two sets equally small, the one with the earlier rules is told: lasting reasons before passing
ones.
"""


def explain_unplaced(
    _problem: Problem, board: Timetable, left_out: Iterable[Domain]
) -> tuple[Unplaced, ...]:
    """Return each demand without a place with its reasons and the nearest remedies."""
    return tuple(_unplaced(constraints_of(board, demand)) for demand in left_out)


def _unplaced(case: Case) -> Unplaced:
    due = case.demand.obligation
    needed = smallest(case)
    reasons = tuple(
        Reason(
            name[0],
            reason_sentence(
                case, name, [needed_too for needed_too in needed if needed_too != name]
            ),
            people_of(case, name),
        )
        for name in needed
    )
    return Unplaced(
        due.key,
        due.patient.key,
        due.appointment.key,
        due.weeks,
        reasons,
        relaxations(case, PREFERRED),
    )


def smallest(case: Case) -> tuple[Name, ...]:
    """Return the smallest set of conditions that, with what always holds, leaves no start in any of
    the weeks.

    Smaller sets are tried first, and only of conditions that forbid something.
    """
    ordered = sorted(case.names, key=lambda name: PREFERRED.index(name[0]))
    for size in range(1, len(ordered) + 1):
        for chosen in combinations(ordered, size):
            if not any(case.left(chosen).values()):
                return chosen
    return tuple(ordered)
