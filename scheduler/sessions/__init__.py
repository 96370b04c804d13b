"""Sessions that will happen: when, who leads, who sits in them, and the names calendars know them by.

Words: a *session* is the clinic's meeting; its *key* names the obligation and stays when it moves; a *series* is what
one regular invitation may cover; its *version* rises with every change. It knows no plan, no consent and no letter.
"""

from scheduler.sessions.change import Meeting, cancel, move, schedule

__all__ = ["Meeting", "cancel", "move", "schedule"]
