"""What patients and relatives do and say on their own pages: that they cannot come, what they need,
what they have read, that nothing more is to be written to them.

Words of theirs are kept for good, the newest counts (`said_words`); what staff have to do about
them is a task. It knows no page.
"""

from scheduler.homes.absences import (
    cannot_come,
    come_after_all,
    come_instead,
    frees_place,
    has_said_no,
    may_come_after_all,
    who_cannot_come,
)
from scheduler.homes.hours_and_dates import ask_for_other_times, unfit_dates
from scheduler.homes.make_up_booking import (
    book_make_up,
    booked_instead,
    give_back_make_up,
    is_sure,
    may_give_back,
    seat_instead,
    still_made_up,
)
from scheduler.homes.make_up_groups import ask_make_up, asked_make_up, groups_instead
from scheduler.homes.news import NewsKind, SessionNews, is_new, session_news, what_became
from scheduler.homes.relative_asks import LONGEST as LONGEST_NEED
from scheduler.homes.relative_asks import (
    Needs,
    check_of,
    has_stopped,
    keeps_confidential,
    needs_of,
    promise_confidential,
    stop_contact,
    stopped_since,
    tell_check,
    tell_needs,
)
from scheduler.homes.said_words import keep_word, newest_word, newest_words
from scheduler.homes.topic_gaps import MissedTopic, missed_topics
from scheduler.homes.topics_still_ahead import CatchUp, catch_up_of, catch_up_together
from scheduler.homes.unsaid_silence import as_if_unsaid

__all__ = [
    "LONGEST_NEED",
    "CatchUp",
    "MissedTopic",
    "Needs",
    "NewsKind",
    "SessionNews",
    "as_if_unsaid",
    "ask_for_other_times",
    "ask_make_up",
    "asked_make_up",
    "book_make_up",
    "booked_instead",
    "cannot_come",
    "catch_up_of",
    "catch_up_together",
    "check_of",
    "come_after_all",
    "come_instead",
    "frees_place",
    "give_back_make_up",
    "groups_instead",
    "has_said_no",
    "has_stopped",
    "is_new",
    "is_sure",
    "keep_word",
    "keeps_confidential",
    "may_come_after_all",
    "may_give_back",
    "missed_topics",
    "needs_of",
    "newest_word",
    "newest_words",
    "promise_confidential",
    "seat_instead",
    "session_news",
    "still_made_up",
    "stop_contact",
    "stopped_since",
    "tell_check",
    "tell_needs",
    "unfit_dates",
    "what_became",
    "who_cannot_come",
]
