"""Who did what to which record: append-only and chained, written in the transaction of the deed
itself.

It holds keys and ids, never names, addresses or what was said.
"""

from scheduler.audit.append_entry import Line, append, append_all, use_key
from scheduler.audit.examination import Examination, examine
from scheduler.audit.head_anchor import anchor, keep_anchor
from scheduler.audit.queries import entries, entries_about, newest_of
from scheduler.audit.search_entries import search
from scheduler.audit.verify_chain import first_broken, verify

__all__ = [
    "Examination",
    "Line",
    "anchor",
    "append",
    "append_all",
    "entries",
    "entries_about",
    "examine",
    "first_broken",
    "keep_anchor",
    "newest_of",
    "search",
    "use_key",
    "verify",
]
