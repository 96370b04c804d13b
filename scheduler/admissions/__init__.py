"""A patient comes and goes: the end of a stay, and what ends with it.

It knows no letter: whoever calls it lets letters follow.
"""

from scheduler.admissions.end_of_stay import Discharge, discharge, leaders_ahead, stay_to_end

__all__ = ["Discharge", "discharge", "leaders_ahead", "stay_to_end"]
