"""A patient comes and goes: the admission, the family, what changes of them, the end of a stay and
what ends with it.

It knows no letter: whoever calls it lets letters follow.
"""

from scheduler.admissions.admit_patient import Admission, admit
from scheduler.admissions.end_of_stay import Discharge, discharge, leaders_ahead, stay_to_end
from scheduler.admissions.hours_of_week import Hours, change_hours, weekly_hours
from scheduler.admissions.new_relative import NewRelative, add_relative
from scheduler.admissions.patient_facts import Facts, change_facts, facts_of
from scheduler.admissions.same_human import human_named, name_same

__all__ = [
    "Admission",
    "Discharge",
    "Facts",
    "Hours",
    "NewRelative",
    "add_relative",
    "admit",
    "change_facts",
    "change_hours",
    "discharge",
    "facts_of",
    "human_named",
    "leaders_ahead",
    "name_same",
    "stay_to_end",
    "weekly_hours",
]
