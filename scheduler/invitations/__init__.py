"""Who was told what, and the message that makes it true again; their answers.

Words: what a relative was *told* is a record; `announce` compares it with what is true now, and
every letter is the difference. An *envelope* is what anybody may read over a shoulder: neutral, in
the reader's language and zone. It takes every recipient from consents.
"""

from scheduler.i18n import Finding, lint, lint_outward, names_to_keep_in
from scheduler.invitations.address_page import page_of_date
from scheduler.invitations.asked_codes import send_asked_codes
from scheduler.invitations.desk_answers import note_answer
from scheduler.invitations.invited_answers import (
    UNANSWERED,
    asked_to,
    invited_to,
    standing_answers,
    were_invited_to,
)
from scheduler.invitations.letters.change_letter import undisturbed, way_in
from scheduler.invitations.letters.code_letter import code_words
from scheduler.invitations.letters.message_body import (
    Envelope,
    Notice,
    Reader,
    when,
)
from scheduler.invitations.letters.patient_notice import (
    note_copy,
    note_ending,
    note_place,
    note_welcome,
)
from scheduler.invitations.letters.reminder_words import Near, reminder
from scheduler.invitations.letters.sms_reminder import reminder_text, soon_text
from scheduler.invitations.model.at_address import dates_at_address, dates_of_page
from scheduler.invitations.model.change_links import make_links_anew, standing_links
from scheduler.invitations.model.chosen_ways import ask_who_subscribes, subscribers
from scheduler.invitations.model.itip import SOON as PRESSING
from scheduler.invitations.model.links import (
    LinkSettings,
    configure,
    front_link,
    home_link,
    is_mail_read,
    join_link,
    link,
    link_token,
)
from scheduler.invitations.model.short_links import by_short_token, end_of_day, short_link
from scheduler.invitations.model.standing_answers import ToldDate, dates_told
from scheduler.invitations.new_language import change_contact
from scheduler.invitations.new_way import change_way
from scheduler.invitations.past_answers import answers_by_date, told_by_date
from scheduler.invitations.queries import (
    DateSaid,
    answered_dates,
    answers_given,
    answers_to,
    any_invitation,
    by_token,
    dates_before,
    declined_sessions,
    invitations_of,
    outward_findings,
    people_told,
    proposals_waiting,
    sessions_shown,
    told_dates,
    told_elsewhere,
    waiting_replies,
)
from scheduler.invitations.reading.lasting_failure import refused_for_good
from scheduler.invitations.replies.answer import answer
from scheduler.invitations.replies.answer_tasks import look_at_answers
from scheduler.invitations.replies.bounces import note_bounce
from scheduler.invitations.replies.decide_words import (
    count_as_no,
    is_relative,
    stop_writing,
    take_as_wrong_address,
)
from scheduler.invitations.replies.mailbox_state import (
    mailbox_id,
    note_away,
    note_look,
    read_up_to,
    unread_since,
)
from scheduler.invitations.replies.mended_addresses import take_off_mended, try_address_again
from scheduler.invitations.replies.page_words import leave_note, propose_time
from scheduler.invitations.replies.receive_reply import Outcome, Received, receive
from scheduler.invitations.replies.review import (
    accept_proposal,
    count_answer,
    decline_proposal,
    proposed_for,
    return_to_queue,
    set_reply_aside,
)
from scheduler.invitations.sync.announce import Told, announce
from scheduler.invitations.sync.debounce import PATIENCE
from scheduler.invitations.sync.out_of_sync import (
    OutOfSync,
    out_of_sync,
    told_twice,
    unheard_changes,
)
from scheduler.invitations.sync.press_changes import ask_who_has_not_seen
from scheduler.invitations.sync.tell_changes import (
    changes_in_digest,
    mark_told,
    unknown_changes,
)
from scheduler.invitations.sync.unknown import Unknown

__all__ = [
    "PATIENCE",
    "PRESSING",
    "UNANSWERED",
    "DateSaid",
    "Envelope",
    "Finding",
    "LinkSettings",
    "Near",
    "Notice",
    "OutOfSync",
    "Outcome",
    "Reader",
    "Received",
    "Told",
    "ToldDate",
    "Unknown",
    "accept_proposal",
    "announce",
    "answer",
    "answered_dates",
    "answers_by_date",
    "answers_given",
    "answers_to",
    "any_invitation",
    "ask_who_has_not_seen",
    "ask_who_subscribes",
    "asked_to",
    "by_short_token",
    "by_token",
    "change_contact",
    "change_way",
    "changes_in_digest",
    "code_words",
    "configure",
    "count_answer",
    "count_as_no",
    "dates_at_address",
    "dates_before",
    "dates_of_page",
    "dates_told",
    "decline_proposal",
    "declined_sessions",
    "end_of_day",
    "front_link",
    "home_link",
    "invitations_of",
    "invited_to",
    "is_mail_read",
    "is_relative",
    "join_link",
    "leave_note",
    "link",
    "link_token",
    "lint",
    "lint_outward",
    "look_at_answers",
    "mailbox_id",
    "make_links_anew",
    "mark_told",
    "names_to_keep_in",
    "note_answer",
    "note_away",
    "note_bounce",
    "note_copy",
    "note_ending",
    "note_look",
    "note_place",
    "note_welcome",
    "out_of_sync",
    "outward_findings",
    "page_of_date",
    "people_told",
    "proposals_waiting",
    "propose_time",
    "proposed_for",
    "read_up_to",
    "receive",
    "refused_for_good",
    "reminder",
    "reminder_text",
    "return_to_queue",
    "send_asked_codes",
    "sessions_shown",
    "set_reply_aside",
    "short_link",
    "soon_text",
    "standing_answers",
    "standing_links",
    "stop_writing",
    "subscribers",
    "take_as_wrong_address",
    "take_off_mended",
    "told_by_date",
    "told_dates",
    "told_elsewhere",
    "told_twice",
    "try_address_again",
    "undisturbed",
    "unheard_changes",
    "unknown_changes",
    "unread_since",
    "waiting_replies",
    "way_in",
    "were_invited_to",
    "when",
]
