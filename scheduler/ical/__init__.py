"""Values to calendar text and back: invitations, cancellations and answers (RFC 5545, 5546), and
feeds.

Words: an *entry* is what one person's calendar holds under one UID; a *rule* makes its *instances*;
an *override* is one instance that is elsewhere; a *party* is an organizer or attendee. Knows no
rows, no consent and no mail: whoever calls decides what may be said and to whom. The only user of
the icalendar library, and only to read.
"""

from scheduler.ical.busy_times import LARGEST, Busy, Unread, read_busy
from scheduler.ical.calendar_component import DAYS, Entry, Known, Override, Party, WeeklyRule
from scheduler.ical.counter import decline_counter
from scheduler.ical.file_zones import in_utc
from scheduler.ical.lines import bare_address, mailto
from scheduler.ical.outward_text import safe_text, without_direction
from scheduler.ical.parse import Reply, Unreadable, parse_replies, parse_reply
from scheduler.ical.recipient import Received, asks_for_answer, reply, summarise
from scheduler.ical.serialize import PRODUCT, cancel, cancel_dates, feed, request
from scheduler.ical.zones import expressible, steady, to_utc, vtimezone

__all__ = [
    "DAYS",
    "LARGEST",
    "PRODUCT",
    "Busy",
    "Entry",
    "Known",
    "Override",
    "Party",
    "Received",
    "Reply",
    "Unread",
    "Unreadable",
    "WeeklyRule",
    "asks_for_answer",
    "bare_address",
    "cancel",
    "cancel_dates",
    "decline_counter",
    "expressible",
    "feed",
    "in_utc",
    "mailto",
    "parse_replies",
    "parse_reply",
    "read_busy",
    "reply",
    "request",
    "safe_text",
    "steady",
    "summarise",
    "to_utc",
    "vtimezone",
    "without_direction",
]
