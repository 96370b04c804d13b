"""What needs a person and no deed reported: looked for by the worker, kept as tasks.

Consents and licences that end, letters set aside or held up by hours that somebody marked, sessions
of which nobody said who came, days of a payer that run out. One list holds them with all other
tasks, and one function reads it.
"""

from scheduler.needs.all_needs import BY, look_for_needs
from scheduler.needs.due_milestones import milestones_of
from scheduler.needs.other_ways import tell_otherwise

__all__ = ["BY", "look_for_needs", "milestones_of", "tell_otherwise"]
