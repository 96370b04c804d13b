"""Finished letters: enqueue, claim, deliver, retry, give up. It knows no patient and no session.

A letter's bytes are frozen when it is queued, its key is nominal, and the database refuses it without a basis. Each
delivery is three transactions of the worker: claimed (may be taken back), handing (may have arrived), settled.
"""

from scheduler.outbox.carry import Carrier, Fate, Outcome, PostOfficeClosed, carrier
from scheduler.outbox.claim import claim, expire, release
from scheduler.outbox.compose import CalendarPart, Sender, compose, message_id_for
from scheduler.outbox.deliver import begin_handing, give_back, settle
from scheduler.outbox.enqueue import Draft, enqueue, was_handed_over
from scheduler.outbox.hold import held, let_go
from scheduler.outbox.lmtp import hand_over_reply
from scheduler.outbox.queries import being_handed_over, counts, handed_over, letters, oldest_due, worker_is_fresh

__all__ = [
    "CalendarPart",
    "Carrier",
    "Draft",
    "Fate",
    "Outcome",
    "PostOfficeClosed",
    "Sender",
    "begin_handing",
    "being_handed_over",
    "carrier",
    "claim",
    "compose",
    "counts",
    "enqueue",
    "expire",
    "give_back",
    "hand_over_reply",
    "handed_over",
    "held",
    "let_go",
    "letters",
    "message_id_for",
    "oldest_due",
    "release",
    "settle",
    "was_handed_over",
    "worker_is_fresh",
]
