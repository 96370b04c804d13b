"""The judgement of a plan, whoever made it: every rule of the program, knowing no solver. Pure.

Each rule has a stable name (`Rule`) and says what it found in a sentence for people.
"""

from scheduler.planning.checks_advice import advice
from scheduler.planning.checks_day import days
from scheduler.planning.checks_family import family
from scheduler.planning.checks_lapse import lapses
from scheduler.planning.checks_people import people
from scheduler.planning.checks_program import program
from scheduler.planning.checks_slots import slots
from scheduler.planning.checks_week import weeks
from scheduler.planning.plan import Finding, Plan
from scheduler.planning.problem import Problem


def judge(problem: Problem, plan: Plan) -> tuple[Finding, ...]:
    """Give all that a plan breaks (hard), then all that should be known about it; history is not
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
