"""Text messages: who agreed to get them, how many a number may get, and what a reply means.

Words: *agreeing* is to a channel and its wording, recorded; *stopping* ends it for a telephone
number. Neither is a consent about a patient nor an answer to an invitation: those are three
separate things.
"""

from scheduler.sms.agreement import opt_in, opt_out
from scheduler.sms.inbound_text import Reply, receive_text
from scheduler.sms.message_limit import PER_DAY, PER_WEEK, has_room
from scheduler.sms.message_segments import plain_letters, segments
from scheduler.sms.opt_out_keywords import is_opt_out
from scheduler.sms.phone_numbers import to_e164
from scheduler.sms.queries import agreed, ended, may_text, standing_agreement
from scheduler.sms.sms_wording import MOST_SEGMENTS, MOST_SIGNS, first_words, fit, wording

__all__ = [
    "MOST_SEGMENTS",
    "MOST_SIGNS",
    "PER_DAY",
    "PER_WEEK",
    "Reply",
    "agreed",
    "ended",
    "first_words",
    "fit",
    "has_room",
    "is_opt_out",
    "may_text",
    "opt_in",
    "opt_out",
    "plain_letters",
    "receive_text",
    "segments",
    "standing_agreement",
    "to_e164",
    "wording",
]
