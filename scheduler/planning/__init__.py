"""Plans a cohort: who meets whom when, judged by checks that know no solver, proposed before it is
published.

Words: a *problem* is what is to be planned, an *obligation* an appointment that is due, a *plan*
its answer, a *finding* something a person should know about it. A plan is a proposal until somebody
publishes it. Does not know: letters, calendars, web pages, mail; nor whom anything is told.
"""

from scheduler.planning.explain.admission_outlook import AdmissionOutlook, admission_outlook
from scheduler.planning.explain.make_up_offers import NO_TIME, MakeUp, Offer, cancelled_words
from scheduler.planning.explain.make_up_sessions import make_ups
from scheduler.planning.explain.mending import Deed, Mend
from scheduler.planning.explain.missed_topics_ahead import (
    Timetabled,
    TopicPlace,
    TopicsAhead,
    fits_alone,
    topics_ahead,
)
from scheduler.planning.follow.broken_since import broken_since, newest_deed
from scheduler.planning.follow.follow_facts import KIND, PlanToMend, follow_facts, plans_to_mend
from scheduler.planning.planner import make_plan
from scheduler.planning.problem.hour_counting import (
    Points,
    Span,
    day_points,
    hours_of,
    minutes_of,
    points_of_hour,
)
from scheduler.planning.problem.plan import (
    Finding,
    Plan,
    PlannedSession,
    Rule,
    Unplaced,
    from_document,
    to_document,
)
from scheduler.planning.problem.plan_diff import PlanDiff, by_person, plan_diff
from scheduler.planning.problem.problem import Clinician, Problem
from scheduler.planning.problem.stay_summary import StaySummary, missed_words, stay_summaries
from scheduler.planning.program_check import Trial, Verdict, check_program
from scheduler.planning.proposals.by_hand.bend_rules import bend_rules
from scheduler.planning.proposals.by_hand.judge_edit import (
    NewFindings,
    judge_published,
    judge_trial,
    new_findings,
)
from scheduler.planning.proposals.by_hand.let_lead import colleagues_for, let_lead
from scheduler.planning.proposals.by_hand.offer_places import places_instead
from scheduler.planning.proposals.by_hand.week_places import (
    Hours,
    Place,
    grid_of,
    place_at,
    places_in_week,
)
from scheduler.planning.proposals.discard import discard
from scheduler.planning.proposals.holds import (
    Broken,
    Holding,
    Standing,
    broken_rules,
    standing_plan,
    still_holds,
    waiting_plan,
    what_holds,
)
from scheduler.planning.proposals.jobs.left_to_worker import (
    begin_plan_job,
    keep_plan_job,
    plan_job_shown,
    take_plan_job,
    withdraw_plan_job,
)
from scheduler.planning.proposals.jobs.plan_jobs import (
    LOST,
    ask_for_plan,
    end_plan_job,
    fail_plan_job,
    is_lost,
)
from scheduler.planning.proposals.propose import Task, begin, keep, propose
from scheduler.planning.proposals.publish import (
    Published,
    changes_of,
    publish,
    published_already,
    write_proposed,
)
from scheduler.planning.proposals.queries import (
    cohort_by_key,
    cohorts_with,
    every_session,
    last_published,
    newest_proposal,
    open_proposal,
    published_and_running,
    standing_sessions,
    stored_plan,
)
from scheduler.planning.proposals.several.together import (
    begin_together,
    cohorts_starting,
    plan_together,
)
from scheduler.planning.proposals.take_back import cooling_publication, take_back
from scheduler.planning.rules.judge import judge
from scheduler.planning.rules.week_hours import WeekHours, week_hours
from scheduler.planning.trial_of_program import first_start, trial_of

__all__ = [
    "KIND",
    "LOST",
    "NO_TIME",
    "AdmissionOutlook",
    "Broken",
    "Clinician",
    "Deed",
    "Finding",
    "Holding",
    "Hours",
    "MakeUp",
    "Mend",
    "NewFindings",
    "Offer",
    "Place",
    "Plan",
    "PlanDiff",
    "PlanToMend",
    "PlannedSession",
    "Points",
    "Problem",
    "Published",
    "Rule",
    "Span",
    "Standing",
    "StaySummary",
    "Task",
    "Timetabled",
    "TopicPlace",
    "TopicsAhead",
    "Trial",
    "Unplaced",
    "Verdict",
    "WeekHours",
    "admission_outlook",
    "ask_for_plan",
    "begin",
    "begin_plan_job",
    "begin_together",
    "bend_rules",
    "broken_rules",
    "broken_since",
    "by_person",
    "cancelled_words",
    "changes_of",
    "check_program",
    "cohort_by_key",
    "cohorts_starting",
    "cohorts_with",
    "colleagues_for",
    "cooling_publication",
    "day_points",
    "discard",
    "end_plan_job",
    "every_session",
    "fail_plan_job",
    "first_start",
    "fits_alone",
    "follow_facts",
    "from_document",
    "grid_of",
    "hours_of",
    "is_lost",
    "judge",
    "judge_published",
    "judge_trial",
    "keep",
    "keep_plan_job",
    "last_published",
    "let_lead",
    "make_plan",
    "make_ups",
    "minutes_of",
    "missed_words",
    "new_findings",
    "newest_deed",
    "newest_proposal",
    "open_proposal",
    "place_at",
    "places_in_week",
    "places_instead",
    "plan_diff",
    "plan_job_shown",
    "plan_together",
    "plans_to_mend",
    "points_of_hour",
    "propose",
    "publish",
    "published_already",
    "published_and_running",
    "standing_plan",
    "standing_sessions",
    "stay_summaries",
    "still_holds",
    "stored_plan",
    "take_back",
    "take_plan_job",
    "to_document",
    "topics_ahead",
    "trial_of",
    "waiting_plan",
    "week_hours",
    "what_holds",
    "withdraw_plan_job",
    "write_proposed",
]
