"""What publishing would change, what matters first. The father has no consent and is in nothing."""

from dataclasses import replace

from flask import Flask

from scheduler.planning import PlannedSession, plan_diff
from scheduler.web.desk.board.change_summary_lines import Moved, Summary, summary_of
from tests.planning.week_grid import GROUP, JORDANS, NOEMIES, drawn

WEEK = """
      mon tue wed
17:00  J   N   .
18:00  .   .   G
"""
NAMES = {"jordan": "Jordan Lee", "noemie": "Noemie Brannig", "rivera": "Ana Rivera", "chen": "Bo"}
JORDAN, NOEMIE, TOGETHER = drawn(WEEK, J=JORDANS, N=NOEMIES, G=GROUP)
MOVED = drawn("      thu\n16:00  J", J=JORDANS)[0]


def summary(app: Flask, after: list[PlannedSession]) -> Summary:
    with app.test_request_context("/desk/"):
        return summary_of(plan_diff([JORDAN, NOEMIE, TOGETHER], after), NAMES)


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


def test_moved_and_cancelled_say_before_and_after(sqlite_app: Flask) -> None:
    found = summary(sqlite_app, [MOVED, TOGETHER])
    (moved,) = found.moved
    (cancelled,) = found.cancelled

    assert [plain(words) for words in (moved.what, moved.before, moved.after)] == [
        "one with Jordan Lee",
        "Mon 1 March, 5:00 – 5:50 PM",
        "Thu 4 March, 4:00 – 4:50 PM",
    ]
    assert cancelled == Moved("one with Noemie Brannig", cancelled.before, "")


def test_other_topics_are_one_figure_and_other_people_a_line(sqlite_app: Flask) -> None:
    topic = replace(TOGETHER, topic="Sleep")
    leads = replace(JORDAN, clinicians=("chen",), room="b")
    found = summary(sqlite_app, [leads, NOEMIE, topic])

    assert (found.topics, found.moved, found.cancelled, found.added) == (1, (), (), ())
    assert [plain(line) for line in found.changed] == [
        "one with Jordan Lee, Mon 1 March, 5:00 – 5:50 PM: "
        "Bo leads instead of Ana Rivera, another room"
    ]


def test_what_is_new_is_said_by_series(sqlite_app: Flask) -> None:
    new = replace(MOVED, key="evening.new.jordan.w1", series="evening.new.jordan")
    found = summary(sqlite_app, [JORDAN, NOEMIE, TOGETHER, new])

    assert [plain(line) for line in found.added] == [
        "New: one with Jordan Lee, Thu 4 March, 4:00 – 4:50 PM"
    ]
