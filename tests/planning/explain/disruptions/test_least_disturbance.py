"""What is proposed when somebody is ill: a clinician's own judgement as a table. The father has no
consent and is in nothing.
"""

from dataclasses import replace
from datetime import date, datetime

import pytest

from scheduler.planning.explain.disruptions.disruption import Disruption, read_choice
from scheduler.planning.explain.disruptions.least_disturbance import (
    Proposing,
    least_disturbing,
)
from scheduler.planning.explain.disruptions.stand_ins import StandIn, stand_ins
from scheduler.planning.problem.plan import Plan
from scheduler.planning.problem.problem import Clinician
from tests.planning.week_grid import (
    CHEN,
    GROUP,
    JORDANS,
    LATER,
    RIVERA,
    drawn,
    evening,
    window,
)

WEEK = """
      mon tue wed
17:00  .   J   .
18:00  G   .   G
19:30  L   .   L
"""
SESSIONS = drawn(WEEK, J=JORDANS, G=GROUP, L=LATER)
ALONE = next(session for session in SESSIONS if not session.fixed)
TOGETHER = next(session for session in SESSIONS if session.source == "process")
SAME_WEEK, NEXT_WEEK = datetime(2027, 3, 4, 17), datetime(2027, 3, 9, 17)
KNOWN, STRANGER = StandIn("chen", 1, 1), StandIn("diaz", 0, 1)
DIAZ, EVANS = replace(RIVERA, key="diaz"), replace(RIVERA, key="evans")
BY_RIVERA = replace(LATER, by=("rivera",))
ILL = Disruption(date(2027, 3, 1), date(2027, 3, 3), "rivera")


@pytest.mark.parametrize(
    ("is_group", "who", "places", "proposed"),
    [
        (True, [STRANGER], [SAME_WEEK], "lead:diaz"),
        (True, [], [SAME_WEEK], "cancel"),
        (False, [KNOWN], [SAME_WEEK], "move:2027-03-04T17:00"),
        (False, [KNOWN], [NEXT_WEEK], "lead:chen"),
        (False, [STRANGER], [NEXT_WEEK], "move:2027-03-09T17:00"),
        (False, [STRANGER], [], "lead:diaz"),
        (False, [], [], "cancel"),
    ],
)
def test_least_disturbing_of_what_can_be_done(
    is_group: bool, who: list[StandIn], places: list[datetime], proposed: str
) -> None:
    session = TOGETHER if is_group else ALONE
    choice = least_disturbing(session, who, places)
    assert (choice.word, read_choice(choice.word)) == (proposed, choice)


@pytest.mark.parametrize(
    ("changed", "could"),
    [
        (DIAZ, [("chen", 2, 2), ("diaz", 0, 2)]),
        (replace(DIAZ, licences=()), [("chen", 2, 2)]),
        (replace(DIAZ, hours=(window("tue", "12:00", "21:00"),)), [("chen", 2, 2)]),
    ],
)
def test_stand_ins_could_lead_and_those_who_are_known_come_first(
    changed: Clinician, could: list[tuple[str, int, int]]
) -> None:
    problem = evening(clinicians=(RIVERA, changed, CHEN))
    found = stand_ins(problem, SESSIONS, TOGETHER, already={})
    assert [(who.key, who.knows, who.of) for who in found] == could


def proposed(disruption: Disruption, *others: Clinician) -> dict[str, str]:
    """Return by its wall time what is proposed for each session."""
    problem = evening(clinicians=(RIVERA, *others), leads={"process": ("rivera",)})
    standing = Plan("evening", drawn(WEEK, J=JORDANS, G=GROUP, L=BY_RIVERA))
    found = Proposing(disruption, most_moved=9).lines_of(problem, standing)
    return {line.session.local_start: line.proposed.word for line in found}


def test_one_face_stands_in_for_all_groups_and_the_patient_waits_for_their_own() -> None:
    assert proposed(ILL, DIAZ, EVANS) == {
        "2027-03-01T18:00": "lead:diaz",
        "2027-03-01T19:30": "lead:diaz",
        "2027-03-02T17:00": "move:2027-03-04T17:00",
        "2027-03-03T18:00": "lead:diaz",
        "2027-03-03T19:30": "lead:diaz",
    }


def test_closed_house_moves_or_cancels_and_nobody_leads() -> None:
    snow = Disruption(date(2027, 3, 1), date(2027, 3, 2), why="snow")
    assert proposed(snow, DIAZ) == {
        "2027-03-01T18:00": "cancel",
        "2027-03-01T19:30": "cancel",
        "2027-03-02T17:00": "move:2027-03-03T17:00",
    }


def test_nobody_stands_in_for_two_cohorts_at_one_time() -> None:
    proposing = Proposing(ILL, most_moved=0)
    problem = evening(clinicians=(RIVERA, DIAZ), slots=())
    standing = Plan("evening", (TOGETHER,))
    words = []
    for cohort in ("evening", "morning"):
        (line,) = proposing.lines_of(replace(problem, cohort=cohort), standing)
        words.append(line.proposed.word)
    assert words == ["lead:diaz", "cancel"]
