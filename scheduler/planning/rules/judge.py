"""The judgement of a plan, whoever made it: every rule of the program, knowing no solver. Pure.

Each rule has a stable name (`Rule`) and says what it found in a sentence for people.
"""

from scheduler.planning.problem.plan import Finding, Plan
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.advice import advice
from scheduler.planning.rules.consent_lapse import lapses
from scheduler.planning.rules.day_rules import days
from scheduler.planning.rules.family_rules import family
from scheduler.planning.rules.people_rules import people
from scheduler.planning.rules.program_rules import program
from scheduler.planning.rules.slot_rules import slots
from scheduler.planning.rules.week_rules import weeks


def judge(problem: Problem, plan: Plan) -> tuple[Finding, ...]:
    """Return all that a plan breaks (hard), then all that should be known about it; history is not
    blamed.
    """
    found = [
        *program(problem, plan),
        *slots(problem, plan),
        *people(problem, plan.sessions),
        *family(problem, plan.sessions),
        *days(problem, plan.sessions),
        *weeks(problem, plan.sessions),
        *lapses(problem, plan.sessions),
        *advice(problem, plan.sessions),
    ]
    past = {one.key for one in problem.history}
    to_come = [one for one in found if not one.hard or one.session not in past]
    return tuple(sorted(to_come, key=lambda one: not one.hard))
