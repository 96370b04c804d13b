"""What must hold of everybody's rows at any time, looked at every few minutes; what is broken is a
task for staff.

Words: an *invariant* holds of letters, of what people were told, of reminders; *broken* is what was
seen not to hold. Each invariant is asked of the package whose word it is. Nothing is mended here:
the next tick mends what can be, and what is still broken at the second look is for a person.
"""

from scheduler.invariants.invariant_violations import Violation, violations
from scheduler.invariants.reconciliation import KIND, reconcile

__all__ = ["KIND", "Violation", "reconcile", "violations"]
