"""What is due for whom and when: the day before and one hour before, for patients and for relatives who were told.

Rows are swept from sessions, never timers; each comes once. It takes every recipient from consents.
"""

from scheduler.reminders.due import due_at, worthless_at
from scheduler.reminders.sweep import Swept, sweep

__all__ = ["Swept", "due_at", "sweep", "worthless_at"]
