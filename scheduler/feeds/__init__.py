"""Secret-address calendars, one per person: finished bytes behind the hash of a secret.

Words: a *feed* is what a calendar program subscribes to; its *token* is the secret in its address,
shown once. It says when, never what: titles are the program's outward ones, with the first names of
those who lead when the patient asked for that. It knows no letter and no invitation; what an
invitation told its owner it leaves out.
"""

from scheduler.feeds.address_end import end_address
from scheduler.feeds.conditional_get import BodyCache, look_up_feed
from scheduler.feeds.declined import ask_who_declined
from scheduler.feeds.exclusions import exclude_from_feeds
from scheduler.feeds.fetches import RecentFetches, fetched_since, note_fetch, unseen_since
from scheduler.feeds.page_link import lead_to
from scheduler.feeds.single_date import one_date
from scheduler.feeds.store import (
    Served,
    make,
    may_have_address,
    refresh,
    refresh_changed,
    serve,
    shown_to,
    standing_feed,
    with_address,
)

__all__ = [
    "BodyCache",
    "RecentFetches",
    "Served",
    "ask_who_declined",
    "end_address",
    "exclude_from_feeds",
    "fetched_since",
    "lead_to",
    "look_up_feed",
    "make",
    "may_have_address",
    "note_fetch",
    "one_date",
    "refresh",
    "refresh_changed",
    "serve",
    "shown_to",
    "standing_feed",
    "unseen_since",
    "with_address",
]
