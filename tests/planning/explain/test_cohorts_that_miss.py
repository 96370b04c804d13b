"""Cohorts in which 15 % of all meetings are missed: patients take the places they are offered, week
by week, and see at least 95 % of the topics that could still be seen by who knew all in advance.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from scheduler.planning import Timetabled, TopicPlace, topics_ahead
from tests.planning.explain.test_missed_topics_ahead import broken

MONDAY = date(2027, 3, 1)
WEEKS = 8
CAP = 8
MISSED = 0.15
TOPICS = [f"topic {number}" for number in range(2 * WEEKS)]
"""Each comes once in a cohort's run, which begins with any of them."""
SPAN = 1080, 1140


@dataclass
class Meeting:
    """A group of one cohort on one day, with a topic; `states`: where who leads it is licensed."""

    key: str
    cohort: int
    week: int
    day: date
    topic: str
    states: tuple[str, ...]
    left: int


@dataclass
class Life:
    """A patient's weeks: where they sit, what they saw and missed, and which evenings are free."""

    key: str
    cohort: int
    state: str
    evenings: set[int]
    own: Timetabled
    seen: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    taken: list[TopicPlace] = field(default_factory=list)
    fails: set[str] = field(default_factory=set)
    """Meetings they will miss, in their own cohort or another."""
    chances: list[TopicPlace] = field(default_factory=list)
    """What they could have taken at the time, knowing which ones they will miss."""


def test_who_misses_a_topic_sees_it_where_it_comes_again(
    seed: int, trials: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    seen = bound = missed = 0
    for _ in range(trials(1, 150)):
        meetings, lives = some_cohorts(chance)
        missed += live(meetings, lives)
        places = [place for life in lives for place in life.chances]
        timetables = {life.key: life.own for life in lives}
        most = {meeting.key: empty_places(meeting, lives) for meeting in meetings}
        bound += topics_ahead(places, timetables, most).bound
        seen += sum(len(life.missed & life.seen) for life in lives)
        assert broken(all_taken(lives), timetables, most) == []
    least = trials(85, 95) / 100
    share = seen / bound
    print(f"{missed} topics missed, {bound} could still be seen, {seen} were: {share:.1%}")
    assert seen <= bound
    assert share >= least, "fewer than promised; a day's few topics may be less by chance"


def all_taken(lives: list[Life]) -> list[TopicPlace]:
    """Return every place that was taken; one that was missed may be followed by another of its
    topic.
    """
    taken = []
    for life in lives:
        taken += [replace(place, topic=place.group) for place in life.taken]
    return taken


def some_cohorts(chance: random.Random) -> tuple[list[Meeting], list[Life]]:
    """Four runs of a program, two evenings a week with a topic each."""
    meetings = []
    lives = []
    for cohort in range(4):
        evenings = sorted(chance.sample(range(5), 2))
        begins = chance.randrange(len(TOPICS))
        states = ("MA", "NH") if chance.random() < 0.7 else ("MA",)
        turn = 0
        for week in range(WEEKS):
            for evening in evenings:
                day = MONDAY + timedelta(weeks=week, days=evening)
                topic = TOPICS[(begins + turn) % len(TOPICS)]
                key = f"c{cohort}.{turn}"
                meetings.append(Meeting(key, cohort, week, day, topic, states, CAP))
                turn += 1
        for number in range(chance.randrange(4, 8)):
            lives.append(a_life(f"p{cohort}.{number}", cohort, evenings, chance))
    for meeting in meetings:
        meeting.left = empty_places(meeting, lives)
        for life in lives:
            if chance.random() < MISSED:
                life.fails.add(meeting.key)
    return meetings, lives


def a_life(key: str, cohort: int, evenings: list[int], chance: random.Random) -> Life:
    held = {}
    weeks = {}
    for week in range(WEEKS):
        monday = MONDAY + timedelta(weeks=week)
        weeks[monday] = chance.choice([180, 240, 600])
        for evening in evenings:
            held[monday + timedelta(days=evening)] = (SPAN,)
    free = {evening for evening in range(5) if chance.random() < 0.8}
    own = Timetabled(day_most=240, week_most=weeks, held=held)
    return Life(key, cohort, chance.choice(["MA", "MA", "NH"]), free | set(evenings), own)


def empty_places(meeting: Meeting, lives: list[Life]) -> int:
    return CAP - sum(life.cohort == meeting.cohort for life in lives)


def live(meetings: list[Meeting], lives: list[Life]) -> int:
    """Let the days pass: who misses a topic takes a place, and comes or misses that one, too."""
    missed: set[tuple[str, str]] = set()
    by_day = defaultdict(list)
    for meeting in meetings:
        by_day[meeting.day].append(meeting)
    for day in sorted(by_day):
        for meeting in by_day[day]:
            for life in lives:
                has_place = any(place.group == meeting.key for place in life.taken)
                if has_place or life.cohort == meeting.cohort:
                    come_or_miss(life, meeting)
        ahead = [meeting for meeting in meetings if meeting.day > day]
        for life in lives:
            newly = life.missed - {topic for key, topic in missed if key == life.key}
            missed |= {(life.key, topic) for topic in newly}
            life.chances += [
                place for place in open_to(life, newly, ahead) if place.group not in life.fails
            ]
        take_places(lives, ahead)
    return len(missed)


def come_or_miss(life: Life, meeting: Meeting) -> None:
    """A topic that was seen before is not missed; a place that was missed leaves it open."""
    if meeting.key not in life.fails:
        life.seen.add(meeting.topic)
    elif meeting.topic not in life.seen:
        life.missed.add(meeting.topic)


def open_to(life: Life, topics: set[str], ahead: list[Meeting]) -> list[TopicPlace]:
    """Return the meetings of other cohorts in which a patient could see some topics."""
    found = []
    for meeting in ahead:
        fits = meeting.topic in topics and life.state in meeting.states
        if fits and meeting.cohort != life.cohort and meeting.day.weekday() in life.evenings:
            found.append(TopicPlace(life.key, meeting.topic, meeting.key, meeting.day, SPAN))
    return found


def take_places(lives: list[Life], ahead: list[Meeting]) -> None:
    """Let everybody take what is proposed for what they have not seen and have no place for."""
    places = []
    days = {meeting.day for meeting in ahead}
    for life in lives:
        waiting = {place.topic for place in life.taken if place.day in days}
        places += open_to(life, life.missed - life.seen - waiting, ahead)
    timetables = {}
    for life in lives:
        held = dict(life.own.held)
        for place in life.taken:
            held[place.day] = (*held.get(place.day, ()), place.span)
        timetables[life.key] = Timetabled(
            day_most=life.own.day_most, week_most=life.own.week_most, held=held
        )
    left = {meeting.key: meeting.left for meeting in ahead}
    by_key = {life.key: life for life in lives}
    for place in topics_ahead(places, timetables, left).places:
        by_key[place.patient].taken.append(place)
        next(each for each in ahead if each.key == place.group).left -= 1
