"""Who is concerned by what was written since somebody last looked: the database notes each change,
whoever makes it.

Words: a *tracked change* is one written row that people may have to be told of; to *take* the
changes of a kind is to look at them now, in the transaction that acts on them.
"""

from scheduler.change_tracking.concerned_people import note_answer_of, take_unfed, take_untold
from scheduler.change_tracking.watched_tables import tracking_damage

__all__ = ["note_answer_of", "take_unfed", "take_untold", "tracking_damage"]
