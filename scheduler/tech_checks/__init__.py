"""What somebody told the clinic of their own camera, sound and connection, and whether they phone
instead. It knows only what they chose to tell.
"""

from scheduler.tech_checks.outcomes import PARTS, Outcome, TechResult
from scheduler.tech_checks.queries import told_checks, who_will_phone
from scheduler.tech_checks.told_result import tell_clinic

__all__ = [
    "PARTS",
    "Outcome",
    "TechResult",
    "tell_clinic",
    "told_checks",
    "who_will_phone",
]
