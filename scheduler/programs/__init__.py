"""Programs: templates of ordered weeks, dated cohorts of them, enrolments, rooms and closed days.

A slot is fixed (the whole cohort, weekday and wall time), an appointment is placed for each
patient. It knows no plan and no session.
"""

from scheduler.programs.authorisation import Authorisation
from scheduler.programs.closing.close_house import close_house, open_house
from scheduler.programs.closures import Closed, closed_days
from scheduler.programs.cohort_places import Places, places_by_cohort, places_of
from scheduler.programs.kinds import (
    FAMILY_KINDS,
    RECORDED_KINDS,
    Kind,
    Seats,
    said_kind,
    said_title,
    usual_seats,
)
from scheduler.programs.milestone_days import Course, Due, Milestone, milestones_due
from scheduler.programs.queries import (
    all_closures,
    all_cohorts,
    all_programs,
    cohort_of,
    current_stays,
    enrolled_counts,
    further_stays,
    has_cohort,
    patients_of,
    program_by_key,
    rooms_in_use,
    stays_with_cohorts,
    waiting_for,
)
from scheduler.programs.room_service import RoomService
from scheduler.programs.school_terms import School, Term
from scheduler.programs.states import state_name, state_names
from scheduler.programs.stays import Stay, every_stay, stays_in, stays_of
from scheduler.programs.template import (
    Appointment,
    AttendanceRule,
    FixedSlot,
    HourCounts,
    Kept,
    Milestones,
    Phase,
    Rules,
    Template,
)
from scheduler.programs.versions import (
    cohorts_of,
    keep_version,
    kept_versions,
    newest_id,
    share_with_versions,
    stay_with_version,
    take_newest,
    versions_of,
)
from scheduler.programs.weeks import (
    Days,
    due_blocks,
    last_day,
    monday_of,
    week_of,
    weekdays_covered,
    weekdays_here,
)

__all__ = [
    "FAMILY_KINDS",
    "RECORDED_KINDS",
    "Appointment",
    "AttendanceRule",
    "Authorisation",
    "Closed",
    "Course",
    "Days",
    "Due",
    "FixedSlot",
    "HourCounts",
    "Kept",
    "Kind",
    "Milestone",
    "Milestones",
    "Phase",
    "Places",
    "RoomService",
    "Rules",
    "School",
    "Seats",
    "Stay",
    "Template",
    "Term",
    "all_closures",
    "all_cohorts",
    "all_programs",
    "close_house",
    "closed_days",
    "cohort_of",
    "cohorts_of",
    "current_stays",
    "due_blocks",
    "enrolled_counts",
    "every_stay",
    "further_stays",
    "has_cohort",
    "keep_version",
    "kept_versions",
    "last_day",
    "milestones_due",
    "monday_of",
    "newest_id",
    "open_house",
    "patients_of",
    "places_by_cohort",
    "places_of",
    "program_by_key",
    "rooms_in_use",
    "said_kind",
    "said_title",
    "share_with_versions",
    "state_name",
    "state_names",
    "stay_with_version",
    "stays_in",
    "stays_of",
    "stays_with_cohorts",
    "take_newest",
    "usual_seats",
    "versions_of",
    "waiting_for",
    "week_of",
    "weekdays_covered",
    "weekdays_here",
]
