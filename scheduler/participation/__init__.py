"""What a patient and the family agreed about taking part: which kinds of session, how often, with
whom, from when.

It is a wish and an agreement, never a duty: who declines is counted nowhere, and it gives nobody a
right to know anything; that is asked of consent.
"""

from scheduler.participation.agreed_plans import agree_plan, plan_of, plans_before, plans_of
from scheduler.participation.participation_rules import (
    PARTS,
    Part,
    adjusted_appointments,
    leaves_out,
)

__all__ = [
    "PARTS",
    "Part",
    "adjusted_appointments",
    "agree_plan",
    "leaves_out",
    "plan_of",
    "plans_before",
    "plans_of",
]
