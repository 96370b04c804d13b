"""Finished letters: enqueue, claim, deliver, retry, give up. It knows no patient and no session.

A letter's bytes are frozen when it is queued, its key is nominal, and the database refuses it
without a basis. Each delivery is three transactions of the worker: claimed (may be taken back),
handing (may have arrived), settled.
"""

from scheduler.outbox.delivery import (
    InHand,
    begin_handing,
    give_back,
    gives_up,
    settle,
    take_in_hand,
)
from scheduler.outbox.delivery_receipt import receipt, stop_texts
from scheduler.outbox.leases import claim, expire, release, take_up
from scheduler.outbox.lmtp import hand_over_reply
from scheduler.outbox.mime_message import CalendarPart, Sender, compose, message_id_for
from scheduler.outbox.queries import (
    being_handed_over,
    counts,
    doubtful,
    handed_over,
    late_since,
    letters,
    oldest_due,
    stuck,
    texts_by_state,
    texts_since,
    unanswered,
    worker_is_fresh,
)
from scheduler.outbox.queueing import (
    Draft,
    enqueue,
    has_left,
    take_back,
    was_handed_over,
    was_kept_in,
)
from scheduler.outbox.signature import SIGNATURE, TIME, is_genuine, signed
from scheduler.outbox.sms_gateway import (
    Gateway,
    gateway,
    hand_over_text,
    post_signed,
    text_body,
    text_words,
    use_gateway,
)
from scheduler.outbox.smtp import Carrier, Fate, Outcome, PostOfficeClosed, carrier
from scheduler.outbox.suspend import held, let_go

__all__ = [
    "SIGNATURE",
    "TIME",
    "CalendarPart",
    "Carrier",
    "Draft",
    "Fate",
    "Gateway",
    "InHand",
    "Outcome",
    "PostOfficeClosed",
    "Sender",
    "begin_handing",
    "being_handed_over",
    "carrier",
    "claim",
    "compose",
    "counts",
    "doubtful",
    "enqueue",
    "expire",
    "gateway",
    "give_back",
    "gives_up",
    "hand_over_reply",
    "hand_over_text",
    "handed_over",
    "has_left",
    "held",
    "is_genuine",
    "late_since",
    "let_go",
    "letters",
    "message_id_for",
    "oldest_due",
    "post_signed",
    "receipt",
    "release",
    "settle",
    "signed",
    "stop_texts",
    "stuck",
    "take_back",
    "take_in_hand",
    "take_up",
    "text_body",
    "text_words",
    "texts_by_state",
    "texts_since",
    "unanswered",
    "use_gateway",
    "was_handed_over",
    "was_kept_in",
    "worker_is_fresh",
]
