"""A patient comes and goes: the admission, the family, what changes of them, the end of a stay and
what ends with it.

It knows no letter: whoever calls it lets letters follow.
"""

from scheduler.admissions.admit_patient import Admission, admit
from scheduler.admissions.end_of_stay import discharge, leaders_ahead, stay_to_end
from scheduler.admissions.hours_of_week import Hours, change_hours, every_week, weekly_hours
from scheduler.admissions.joining.join_people import Joined, join_people, usual_contact
from scheduler.admissions.joining.records_before import family_of, leads_to, records_of
from scheduler.admissions.joining.why_not import WhyNot, why_not
from scheduler.admissions.line.models import Answer, PlaceOffer
from scheduler.admissions.line.place_offers import (
    Held,
    accept_place,
    answer_own_offer,
    let_place_go,
    offer_place,
    offers_held,
)
from scheduler.admissions.line.waiting_line import (
    InLine,
    Line,
    cohorts_with_a_line,
    line_of,
    lines_of,
)
from scheduler.admissions.new_relative import NewRelative, add_relative
from scheduler.admissions.own_appointments import (
    OwnAppointments,
    change_own_appointments,
    own_appointments_of,
    program_appointments,
    program_of,
)
from scheduler.admissions.patient_facts import Facts, change_facts, facts_of
from scheduler.admissions.roster.bring_roster import (
    Brought,
    bring_roster,
    newest_rosters,
    take_back_roster,
)
from scheduler.admissions.roster.models import RosterImport
from scheduler.admissions.roster.roster_columns import NAMES, matched, unsure
from scheduler.admissions.roster.roster_days import Order
from scheduler.admissions.roster.roster_rows import Row, asks_order, rows_of
from scheduler.admissions.roster.roster_text import Table, decoded, table_of
from scheduler.admissions.same_human import human_named, name_same, named_after, part_again
from scheduler.admissions.settle_stays import StayOutcome, cohort_runs, stays_now
from scheduler.admissions.stay_changes import (
    add_stay,
    change_stay,
    move_to_cohort,
    pause_stay,
    stays_before,
    take_back_stay,
    undo_stays,
)
from scheduler.admissions.stay_days import StayDays, Stays, end_of, stay_named

__all__ = [
    "NAMES",
    "Admission",
    "Answer",
    "Brought",
    "Facts",
    "Held",
    "Hours",
    "InLine",
    "Joined",
    "Line",
    "NewRelative",
    "Order",
    "OwnAppointments",
    "PlaceOffer",
    "RosterImport",
    "Row",
    "StayDays",
    "StayOutcome",
    "Stays",
    "Table",
    "WhyNot",
    "accept_place",
    "add_relative",
    "add_stay",
    "admit",
    "answer_own_offer",
    "asks_order",
    "bring_roster",
    "change_facts",
    "change_hours",
    "change_own_appointments",
    "change_stay",
    "cohort_runs",
    "cohorts_with_a_line",
    "decoded",
    "discharge",
    "end_of",
    "every_week",
    "facts_of",
    "family_of",
    "human_named",
    "join_people",
    "leaders_ahead",
    "leads_to",
    "let_place_go",
    "line_of",
    "lines_of",
    "matched",
    "move_to_cohort",
    "name_same",
    "named_after",
    "newest_rosters",
    "offer_place",
    "offers_held",
    "own_appointments_of",
    "part_again",
    "pause_stay",
    "program_appointments",
    "program_of",
    "records_of",
    "rows_of",
    "stay_named",
    "stay_to_end",
    "stays_before",
    "stays_now",
    "table_of",
    "take_back_roster",
    "take_back_stay",
    "undo_stays",
    "unsure",
    "usual_contact",
    "weekly_hours",
    "why_not",
]
