"""Who may know what, for what purpose, until when: written, one person, one purpose, dated, expiring, revocable.

Words: a *grant* lets one relative know of one patient's sessions of one kind; the *audience* of a session are the
people who may know of it, and the only recipients there are. Whether a grant holds is computed for a moment, never
stored. It knows no letter's content and no calendar.
"""

from scheduler.consents.circle import Reason, Recipient, Untold, is_free
from scheduler.consents.gate import damage
from scheduler.consents.give import give, rederive
from scheduler.consents.queries import (
    Judged,
    agenda,
    agendas,
    audience,
    audiences,
    is_placed,
    judged,
    standing_grants,
    untold,
)
from scheduler.consents.revoke import DRAIN, HandedOver, Revocation, drained, handed_over, revoke, revoke_grants
from scheduler.consents.validity import Paper, Stay, birthday, holds, span

__all__ = [
    "DRAIN",
    "HandedOver",
    "Judged",
    "Paper",
    "Reason",
    "Recipient",
    "Revocation",
    "Stay",
    "Untold",
    "agenda",
    "agendas",
    "audience",
    "audiences",
    "birthday",
    "damage",
    "drained",
    "give",
    "handed_over",
    "holds",
    "is_free",
    "is_placed",
    "judged",
    "rederive",
    "revoke",
    "revoke_grants",
    "span",
    "standing_grants",
    "untold",
]
