"""Finished letters: enqueue, claim, deliver, retry, give up. It knows no patient and no session.

A letter's bytes are frozen when it is queued, its key is nominal, and the database refuses it
without a basis. Each delivery is three transactions of the worker: claimed (may be taken back),
handing (may have arrived), settled.
"""

from scheduler.outbox.addresses.closed_addresses import (
    close_address,
    closed_address,
    closed_addresses,
    kept_for,
    open_address,
)
from scheduler.outbox.addresses.return_path import (
    ReturnPaths,
    letter_behind,
    return_address,
    use_return_paths,
    without_tag,
)
from scheduler.outbox.delivery import (
    HandedLetter,
    begin_handing,
    begin_handing_on,
    gives_up,
    release_handing,
    settle,
)
from scheduler.outbox.delivery_receipt import note_receipt, stop_texts
from scheduler.outbox.leases import claim, expire, release, release_unfinished
from scheduler.outbox.lmtp import hand_over_reply
from scheduler.outbox.mime_message import CalendarPart, Sender, compose, message_id_for
from scheduler.outbox.posting import Ground, MailWords, Posting, post
from scheduler.outbox.queries import (
    being_handed_over,
    counts,
    doubtful,
    handed_over,
    late_since,
    letters,
    letters_by_id,
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
    hold_until,
    was_handed_over,
    was_withheld,
    withdraw,
)
from scheduler.outbox.signature import SIGNATURE, TIME, is_genuine, signed
from scheduler.outbox.sms_gateway import (
    Gateway,
    gateway,
    hand_over_sms,
    post_signed,
    text_body,
    text_words,
    use_gateway,
)
from scheduler.outbox.smtp import (
    DeliveryStatus,
    Outcome,
    PostOfficeClosed,
    SmtpTransport,
    smtp_transport,
)
from scheduler.outbox.suspend import resume, suspended

__all__ = [
    "SIGNATURE",
    "TIME",
    "CalendarPart",
    "DeliveryStatus",
    "Draft",
    "Gateway",
    "Ground",
    "HandedLetter",
    "MailWords",
    "Outcome",
    "PostOfficeClosed",
    "Posting",
    "ReturnPaths",
    "Sender",
    "SmtpTransport",
    "begin_handing",
    "begin_handing_on",
    "being_handed_over",
    "claim",
    "close_address",
    "closed_address",
    "closed_addresses",
    "compose",
    "counts",
    "doubtful",
    "enqueue",
    "expire",
    "gateway",
    "gives_up",
    "hand_over_reply",
    "hand_over_sms",
    "handed_over",
    "has_left",
    "hold_until",
    "is_genuine",
    "kept_for",
    "late_since",
    "letter_behind",
    "letters",
    "letters_by_id",
    "message_id_for",
    "note_receipt",
    "oldest_due",
    "open_address",
    "post",
    "post_signed",
    "release",
    "release_handing",
    "release_unfinished",
    "resume",
    "return_address",
    "settle",
    "signed",
    "smtp_transport",
    "stop_texts",
    "stuck",
    "suspended",
    "text_body",
    "text_words",
    "texts_by_state",
    "texts_since",
    "unanswered",
    "use_gateway",
    "use_return_paths",
    "was_handed_over",
    "was_withheld",
    "withdraw",
    "without_tag",
    "worker_is_fresh",
]
