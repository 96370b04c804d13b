"""What becomes of a reminder when its time has come, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from scheduler.reminders import USUAL, Audience, Lead
from scheduler.reminders.decision import Situation, judge

NOW = datetime(2027, 3, 8, 23, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAIN = Situation(
    lead=Lead.DAY_BEFORE,
    policy=USUAL[Audience.RELATIVE],
    now=NOW,
    wall=time(18, 5),
    due=NOW - HOUR / 12,
    worthless=NOW + 22 * HOUR,
    stands=True,
    in_audience=True,
    told=True,
    known_since=NOW - 90 * HOUR,
)
UNANSWERED = replace(PLAIN.policy, only_unanswered=True)
QUIET = time(20, 30)


@pytest.mark.parametrize(
    ("said", "deed"),
    [
        ({}, "mail"),
        ({"stands": False}, "drop: the session is elsewhere or off"),
        ({"in_audience": False}, "drop: no longer in the audience"),
        ({"left_out": True}, "drop: the family agreed that they do not come to this"),
        ({"lead": Lead.WEEK_AHEAD}, "drop: the program does not send this any more"),
        ({"worthless": NOW}, "expire: it was too late to be of use"),
        ({"told": False}, "wait"),
        ({"known_since": NOW}, "drop: told of it only after this reminder was due"),
        ({"answered": True}, "mail"),
        ({"answered": True, "policy": UNANSWERED}, "drop: they have answered"),
        ({"declined": True, "answered": True}, "drop: they said they will not come"),
        ({"wall": QUIET}, "wait"),
        ({"wall": time(7, 59)}, "wait"),
        ({"wall": time(8)}, "mail"),
        ({"wall": time(20)}, "mail"),
        ({"lead": Lead.HOUR_BEFORE}, "mail"),
        ({"lead": Lead.HOUR_BEFORE, "may_text": True}, "text"),
        ({"lead": Lead.HOUR_BEFORE, "may_text": True, "wall": QUIET}, "mail"),
        ({"lead": Lead.HOUR_BEFORE, "wall": time(3)}, "mail"),
        ({"lead": Lead.HOUR_BEFORE, "answered": True, "policy": UNANSWERED}, "mail"),
        ({"lead": Lead.ASK_MAIL}, "mail"),
        ({"lead": Lead.ASK_MAIL, "anyone_answered": True}, "drop: an answer came"),
        ({"lead": Lead.ASK_TEXT}, "drop: no text message may go to this number now"),
        ({"lead": Lead.ASK_TEXT, "may_text": True}, "text"),
        ({"lead": Lead.ASK_TEXT, "may_text": True, "wall": QUIET}, "wait"),
        ({"lead": Lead.ASK_SECOND, "anyone_answered": True}, "drop: an answer came"),
        ({"lead": Lead.ASK_STAFF}, "task"),
        ({"lead": Lead.ASK_STAFF, "wall": QUIET}, "task"),
        ({"lead": Lead.ASK_STAFF, "anyone_answered": True}, "drop: an answer came"),
    ],
)
def test_reminder_is_decided_anew(said: dict[str, Any], deed: str) -> None:
    found, reason = judge(replace(PLAIN, **said))

    assert f"{found.value}{f': {reason}' if reason else ''}" == deed
