"""Plans a cohort: who meets whom when, judged by checks that know no solver, proposed before it is published.

Words: a *problem* is what is to be planned, an *obligation* an appointment that is due, a *plan* its answer, a
*finding* something a person should know about it. A plan is a proposal until somebody publishes it.
Does not know: letters, calendars, web pages, mail; nor whom anything is told.
"""

from scheduler.planning.checks import judge
from scheduler.planning.difference import Difference, by_person, difference
from scheduler.planning.make import make_plan
from scheduler.planning.plan import Finding, Plan, PlannedSession, Rule, Unplaced, from_document, to_document
from scheduler.planning.problem import Problem
from scheduler.planning.propose import Task, begin, keep, propose
from scheduler.planning.publish import Published, changes_of, publish, write_proposed
from scheduler.planning.queries import every_session, stored_plan

__all__ = [
    "Difference",
    "Finding",
    "Plan",
    "PlannedSession",
    "Problem",
    "Published",
    "Rule",
    "Task",
    "Unplaced",
    "begin",
    "by_person",
    "changes_of",
    "difference",
    "every_session",
    "from_document",
    "judge",
    "keep",
    "make_plan",
    "propose",
    "publish",
    "stored_plan",
    "to_document",
    "write_proposed",
]
