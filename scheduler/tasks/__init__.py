"""What a person of the staff has to do, raised by the program: one row per matter, however often it
comes up.

It knows no session and no consent; who raises a task names the matter by a nominal key.
"""

from scheduler.tasks.queries import (
    finished_tasks,
    how_many_of_kinds,
    how_many_open,
    open_tasks,
)
from scheduler.tasks.task_list import finish_matter, finish_task, raise_again, raise_task
from scheduler.tasks.task_sync import Matter, sync_tasks

__all__ = [
    "Matter",
    "finish_matter",
    "finish_task",
    "finished_tasks",
    "how_many_of_kinds",
    "how_many_open",
    "open_tasks",
    "raise_again",
    "raise_task",
    "sync_tasks",
]
