"""What a person of the staff has to do, raised by the program: one row per matter, however often it
comes up.

It knows no session and no consent; who raises a task names the matter by a nominal key.
"""

from scheduler.tasks.queries import how_many_open, open_tasks
from scheduler.tasks.raise_task import add, finish
from scheduler.tasks.sync_tasks import Matter, keep

__all__ = ["Matter", "add", "finish", "how_many_open", "keep", "open_tasks"]
