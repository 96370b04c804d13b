"""Secret-address calendars, one per person: finished bytes behind the hash of a secret.

Words: a *feed* is what a calendar program subscribes to; its *token* is the secret in its address, shown once. It
says when, never what: titles are the program's outward ones. It knows no letter and no invitation.
"""

from scheduler.feeds.glance import Shelf, glance
from scheduler.feeds.keep import Served, make, refresh, refresh_stale, serve, standing

__all__ = ["Served", "Shelf", "glance", "make", "refresh", "refresh_stale", "serve", "standing"]
