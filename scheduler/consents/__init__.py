"""Who may know what, for what purpose, until when: written, one person, one purpose, dated,
expiring, revocable.

Words: a *grant* lets one relative know of one patient's sessions of one kind; the *audience* of a
session are the people who may know of it, and the only recipients there are. Whether a grant holds
is computed for a moment, never stored. It knows no letter's content and no calendar.
"""

from scheduler.consents.database_gate.gate import gate_damage
from scheduler.consents.give_consent import Signature, copy_given, give
from scheduler.consents.model.grant_pages import grants_page
from scheduler.consents.model.purposes import PURPOSES, Information, Purpose, carries
from scheduler.consents.model.queries import grants_about, grants_on, newest_paper_of, papers_of
from scheduler.consents.model.validity import (
    PAPERS_KEPT,
    Paper,
    Stay,
    birthday,
    holds,
    span,
)
from scheduler.consents.recipients.audience import (
    Reason,
    Recipient,
    Untold,
    is_barred,
    is_free,
    may_say,
)
from scheduler.consents.recipients.barriers import (
    add_barrier,
    barred_people,
    barriers_of,
    lift_barrier,
    own_silences,
    silent_people,
    stopped_grants,
)
from scheduler.consents.recipients.code_rights import ground_for, may_have_code, standing_grant
from scheduler.consents.recipients.left_sessions import left_ids, left_sessions
from scheduler.consents.recipients.meetings import is_for_one, is_placed
from scheduler.consents.recipients.orphaned_letters import orphaned_letters
from scheduler.consents.recipients.queries import (
    Judged,
    agenda,
    agendas,
    audience,
    audiences,
    audiences_had,
    good_grants,
    judged,
    untold,
)
from scheduler.consents.recipients.room_exits import RoomExit, end_entries, exits_due
from scheduler.consents.recipients.rosters import Roster, rosters
from scheduler.consents.recipients.standing_grants import (
    consented_then,
    standing_grants,
    told_family,
    withdrawn_since,
)
from scheduler.consents.revoke_consent import (
    DRAIN,
    HandedOver,
    KeptIn,
    Revocation,
    drained,
    grants_to_withdraw,
    handed_over,
    revoke,
    revoke_grants,
    taken_out,
    wait_until_drained,
    waiting_under,
)
from scheduler.consents.signing.come_of_age import come_of_age
from scheduler.consents.signing.consent_elements import missing_elements
from scheduler.consents.signing.recompute_validity import recompute_validity, stay_of
from scheduler.consents.signing.record_authority import (
    authorities_of,
    end_authority,
    findings_of,
    record_authority,
    record_finding,
    set_licence,
    set_rules,
)
from scheduler.consents.signing.signing_rules import RULES, Rule
from scheduler.consents.signing.statement_wording import (
    NEWEST,
    Blanks,
    information_words,
    languages,
    purpose_words,
    statement_lines,
)
from scheduler.consents.signing.typed_name import is_name_of
from scheduler.consents.signing.who_may_sign import licence_of, parents_of, rules_for, signers_on

__all__ = [
    "DRAIN",
    "NEWEST",
    "PAPERS_KEPT",
    "PURPOSES",
    "RULES",
    "Blanks",
    "HandedOver",
    "Information",
    "Judged",
    "KeptIn",
    "Paper",
    "Purpose",
    "Reason",
    "Recipient",
    "Revocation",
    "RoomExit",
    "Roster",
    "Rule",
    "Signature",
    "Stay",
    "Untold",
    "add_barrier",
    "agenda",
    "agendas",
    "audience",
    "audiences",
    "audiences_had",
    "authorities_of",
    "barred_people",
    "barriers_of",
    "birthday",
    "carries",
    "come_of_age",
    "consented_then",
    "copy_given",
    "drained",
    "end_authority",
    "end_entries",
    "exits_due",
    "findings_of",
    "gate_damage",
    "give",
    "good_grants",
    "grants_about",
    "grants_on",
    "grants_page",
    "grants_to_withdraw",
    "ground_for",
    "handed_over",
    "holds",
    "information_words",
    "is_barred",
    "is_for_one",
    "is_free",
    "is_name_of",
    "is_placed",
    "judged",
    "languages",
    "left_ids",
    "left_sessions",
    "licence_of",
    "lift_barrier",
    "may_have_code",
    "may_say",
    "missing_elements",
    "newest_paper_of",
    "orphaned_letters",
    "own_silences",
    "papers_of",
    "parents_of",
    "purpose_words",
    "recompute_validity",
    "record_authority",
    "record_finding",
    "revoke",
    "revoke_grants",
    "rosters",
    "rules_for",
    "set_licence",
    "set_rules",
    "signers_on",
    "silent_people",
    "span",
    "standing_grant",
    "standing_grants",
    "statement_lines",
    "stay_of",
    "stopped_grants",
    "taken_out",
    "told_family",
    "untold",
    "wait_until_drained",
    "waiting_under",
    "withdrawn_since",
]
