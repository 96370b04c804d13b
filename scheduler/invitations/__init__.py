"""Who was told what, and the message that makes it true again; their answers.

Words: what a relative was *told* is a record; `announce` compares it with what is true now, and
every letter is the difference. An *envelope* is what anybody may read over a shoulder: neutral, in
the reader's language and zone. It takes every recipient from consents.
"""

from scheduler.invitations.announce import Told, announce
from scheduler.invitations.answer import answer
from scheduler.invitations.brief import reminder_text
from scheduler.invitations.decide import (
    accept_proposal,
    count_answer,
    decline_proposal,
    let_wait_again,
    proposed_for,
    put_aside,
)
from scheduler.invitations.envelope import Envelope, Notice, Reader, reminder, when
from scheduler.invitations.lint import Finding, lint, lint_outward, names_to_keep_in
from scheduler.invitations.note import note_copy, note_ending
from scheduler.invitations.outward import Outward, configure, home_link, join_link, link, link_token
from scheduler.invitations.pause import PATIENCE
from scheduler.invitations.queries import (
    ToldDate,
    answers_given,
    answers_to,
    by_token,
    count_waiting_replies,
    dates_told,
    invitations_of,
    outward_findings,
    told_dates,
    told_elsewhere,
    waiting_replies,
)
from scheduler.invitations.receive import Outcome, Received, receive
from scheduler.invitations.returned import note_returned
from scheduler.invitations.unsaid import Unsaid, told_twice, unsaid

__all__ = [
    "PATIENCE",
    "Envelope",
    "Finding",
    "Notice",
    "Outcome",
    "Outward",
    "Reader",
    "Received",
    "Told",
    "ToldDate",
    "Unsaid",
    "accept_proposal",
    "announce",
    "answer",
    "answers_given",
    "answers_to",
    "by_token",
    "configure",
    "count_answer",
    "count_waiting_replies",
    "dates_told",
    "decline_proposal",
    "home_link",
    "invitations_of",
    "join_link",
    "let_wait_again",
    "link",
    "link_token",
    "lint",
    "lint_outward",
    "names_to_keep_in",
    "note_copy",
    "note_ending",
    "note_returned",
    "outward_findings",
    "proposed_for",
    "put_aside",
    "receive",
    "reminder",
    "reminder_text",
    "told_dates",
    "told_elsewhere",
    "told_twice",
    "unsaid",
    "waiting_replies",
    "when",
]
