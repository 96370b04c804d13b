"""What is due for whom and when: each program's policy for patients and for relatives who were
told.

Words: a *batch* names whom one reminder of one session is for; it is swept from sessions, never a
timer, and *called* when its time has come. Each then has a row of their own, once, and is decided
anew: every recipient is taken from consents. When nobody answers it asks further: mail, text
message, other relatives, a task for staff.
"""

from scheduler.reminders.consent_endings import DAYS_BEFORE, ending_grants, remind_of_endings
from scheduler.reminders.decide_policy import decide, policy_of
from scheduler.reminders.policy import USUAL, Audience, Lead, Policy
from scheduler.reminders.queries import counts, next_batches, next_due, not_in_place, unsent
from scheduler.reminders.sweeper import Swept, mail_instead, sweep
from scheduler.reminders.timing import AHEAD as REACH
from scheduler.reminders.timing import due_at, worthless_at
from scheduler.reminders.wishes.choose_reminders import choose_reminders, wish_of
from scheduler.reminders.wishes.wish import EVENINGS, Way, Wish

__all__ = [
    "DAYS_BEFORE",
    "EVENINGS",
    "REACH",
    "USUAL",
    "Audience",
    "Lead",
    "Policy",
    "Swept",
    "Way",
    "Wish",
    "choose_reminders",
    "counts",
    "decide",
    "due_at",
    "ending_grants",
    "mail_instead",
    "next_batches",
    "next_due",
    "not_in_place",
    "policy_of",
    "remind_of_endings",
    "sweep",
    "unsent",
    "wish_of",
    "worthless_at",
]
