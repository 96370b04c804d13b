"""A lifted session is judged by what it can touch, and found to break what the whole judgement
finds. The father has no consent and is in nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from scheduler.planning.problem.plan import Plan, PlannedSession, in_order
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.proposals.by_hand.judge_edit import new_findings, with_who_can_come
from scheduler.planning.proposals.by_hand.lifted import Lifted, placed_at
from scheduler.planning.rules.bending import about_words
from scheduler.planning.rules.judge import judge
from scheduler.programs.kinds import Kind
from tests.planning.week_grid import (
    CHEN,
    FAMILY,
    GROUP,
    JORDANS,
    LATER,
    NOEMIES,
    NOON,
    RIVERA,
    RULES,
    STARTS,
    Piece,
    evening,
    meeting,
)

FIRST = Piece("first", Kind.ASSESSMENT, 90)
PIECES = (JORDANS, NOEMIES, FAMILY, GROUP, LATER, FIRST)
STRICT = replace(RULES, week_hours_max=6, day_hours_max=3, once_a_day=(Kind.INDIVIDUAL, Kind.GROUP))
WEEKS = 3


def anywhere(rng: Random) -> datetime:
    """Return a quarter of an hour of the cohort's weeks, or a little before or after."""
    day = datetime(STARTS.year, STARTS.month, STARTS.day) + timedelta(days=rng.randrange(-2, 30))
    return day + timedelta(minutes=15 * rng.randrange(7 * 4, 24 * 4))


def house(rng: Random) -> tuple[Problem, list[PlannedSession]]:
    """Return a cohort in which much is broken already: sessions lie anywhere."""
    sessions = {}
    for week in range(1, WEEKS + 1):
        for piece in PIECES:
            start = anywhere(rng)
            laid = meeting(piece, start.date(), f"{start:%H:%M}", week)
            room = rng.choice(("a", "b", None))
            sessions[laid.key] = replace(laid, room=room)
    busy = []
    for _number in range(6):
        begin = placed_at(next(iter(sessions.values())), anywhere(rng), 60)
        who = rng.choice(("rivera", "jordan", "someone", "a-stranger"))
        busy.append(Commitment(begin.start, begin.end, (who,), rng.choice(("a", None))))
    problem = evening(
        rules=STRICT,
        clinicians=(replace(RIVERA, buffer=20), CHEN),
        rooms=("a", "b"),
        busy=tuple(busy),
        bodies={"noemie": "one-human", "someone": "one-human"},
        published=tuple(sessions.values()),
        now=NOON + timedelta(days=rng.choice((0, 9))),
    )
    return problem, list(sessions.values())


def whole(problem: Problem, sessions: list[PlannedSession]) -> list[object]:
    """Judge everything."""
    come = [with_who_can_come(problem, session) for session in sessions]
    plan = Plan("evening", tuple(sorted(come, key=in_order)))
    return [
        finding for finding in judge(problem, plan) if about_words(finding) not in problem.accepted
    ]


def test_what_a_move_breaks_is_what_the_whole_judgement_finds(
    seed: int, trials: Callable[[int, int], int]
) -> None:
    refused = 0
    figure = trials(60, 1000)
    for number in range(figure):
        rng = Random(seed + number)
        problem, sessions = house(rng)
        ahead = [each for each in sessions if problem.now and each.start > problem.now]
        session = rng.choice(ahead)
        if rng.random() < 0.3:
            freely = replace(session, relatives=())
            sessions[sessions.index(session)] = freely
            session = freely
        before = whole(problem, sessions)
        lifted = Lifted(problem, sessions, session, freed=problem)
        for _drop in range(2):
            start, minutes = anywhere(rng), rng.choice((session.minutes, 45))
            put = placed_at(session, start, minutes)
            others = [each for each in sessions if each.key != session.key]
            asked = new_findings(before, whole(problem, [*others, put]))  # type: ignore[arg-type]
            found = lifted.news_at(start, minutes)
            assert found.broken == asked.broken, f"trial {number}"
            refused += bool(found.broken)
    assert figure / 4 < refused < 2 * figure
