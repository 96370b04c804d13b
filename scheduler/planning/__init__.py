"""Plans a cohort: who meets whom when, judged by checks that know no solver, proposed before it is
published.

Words: a *problem* is what is to be planned, an *obligation* an appointment that is due, a *plan*
its answer, a *finding* something a person should know about it. A plan is a proposal until somebody
publishes it. Does not know: letters, calendars, web pages, mail; nor whom anything is told.
"""

from scheduler.planning.explain.make_up_sessions import NO_TIME, MakeUp, cancelled_words, make_ups
from scheduler.planning.planner import make_plan
from scheduler.planning.problem.plan import (
    Finding,
    Plan,
    PlannedSession,
    Rule,
    Unplaced,
    from_document,
    to_document,
)
from scheduler.planning.problem.plan_diff import Difference, by_person, difference
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.stay_summary import Course, courses, missed_words
from scheduler.planning.proposals.judge_edit import News, judge_published, news, tried
from scheduler.planning.proposals.propose import Task, begin, keep, propose
from scheduler.planning.proposals.publish import Published, changes_of, publish, write_proposed
from scheduler.planning.proposals.queries import every_session, stored_plan
from scheduler.planning.rules.judge import judge
from scheduler.planning.rules.week_hours import WeekHours, week_hours

__all__ = [
    "NO_TIME",
    "Course",
    "Difference",
    "Finding",
    "MakeUp",
    "News",
    "Plan",
    "PlannedSession",
    "Problem",
    "Published",
    "Rule",
    "Task",
    "Unplaced",
    "WeekHours",
    "begin",
    "by_person",
    "cancelled_words",
    "changes_of",
    "courses",
    "difference",
    "every_session",
    "from_document",
    "judge",
    "judge_published",
    "keep",
    "make_plan",
    "make_ups",
    "missed_words",
    "news",
    "propose",
    "publish",
    "stored_plan",
    "to_document",
    "tried",
    "week_hours",
    "write_proposed",
]
