"""Secret-address calendars, one per person: finished bytes behind the hash of a secret.

Words: a *feed* is what a calendar program subscribes to; its *token* is the secret in its address,
shown once. It says when, never what: titles are the program's outward ones, with the first names of
those who lead when the patient asked for that. It knows no letter and no invitation; what an
invitation told its owner it leaves out.
"""

from scheduler.feeds.conditional_get import Shelf, glance
from scheduler.feeds.exclusions import leave_out
from scheduler.feeds.store import Served, make, refresh, refresh_stale, serve, standing

__all__ = [
    "Served",
    "Shelf",
    "glance",
    "leave_out",
    "make",
    "refresh",
    "refresh_stale",
    "serve",
    "standing",
]
