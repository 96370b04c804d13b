"""Whether families come, in honest figures: invited, told, answered and attended, and attendance
and completion of patients beside it.

It counts and never says why: one thing goes with another.
"""

from scheduler.engagement.counting_rules import (
    SMALL,
    EngagementCounts,
    Pair,
    PatientCounts,
    count_pairs,
    grouped,
    suppressed,
    wilson,
)
from scheduler.engagement.figures import FIELDS, EngagementReport, engagement_report
from scheduler.engagement.pairs_from_rows import family_dates, past_pairs

__all__ = [
    "FIELDS",
    "SMALL",
    "EngagementCounts",
    "EngagementReport",
    "Pair",
    "PatientCounts",
    "count_pairs",
    "engagement_report",
    "family_dates",
    "grouped",
    "past_pairs",
    "suppressed",
    "wilson",
]
