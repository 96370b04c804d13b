"""What a program asks, in sentences with their source."""

from scheduler.programs import Appointment, Kind, Rules
from scheduler.web.desk.drawing.program_words import appointment_words, rule_lines


def test_rhythm_of_an_appointment_is_said() -> None:
    weekly = Appointment("a", Kind.INDIVIDUAL, 50, every_weeks=1, first_week=1, last_week=8)
    chosen = Appointment("b", Kind.PROGRESS_UPDATE, 20, in_weeks=(3, 7))

    assert [appointment_words(each, "en") for each in (weekly, chosen)] == [
        "Individual session, 50 minutes, every week, weeks 1 to 8",
        "Progress update, 20 minutes, once in each of weeks 3, 7",
    ]


def test_rules_are_sentences_with_their_source() -> None:
    rules = Rules(9, 19, 4, week_days_min=3, once_a_day=(Kind.GROUP, Kind.INDIVIDUAL))
    lines = [(line.sentence, line.source) for line in rule_lines(rules, "en")]

    assert lines == [
        (
            "From 9 to 19 hours a week. By the clock, short breaks included.",
            "SAMHSA 2021 (ASAM 2.1): 9 hours and more for adults, 6 for adolescents",
        ),
        ("At least 3 days with sessions a week.", ""),
        ("At most 4 hours a day.", ""),
        ("Placed sessions start every 15 minutes.", ""),
        (
            "Of these kinds at most one a day: Group and Individual session.",
            "130 CMR 429.441(B)",
        ),
    ]
