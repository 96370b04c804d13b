"""Fixed slots on their days, topics in turn, and who sits in them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import Rule
from scheduler.programs.kinds import Kind
from tests.planning.week_grid import (
    JORDAN,
    MOTHER,
    NOEMIE,
    PROCESS,
    RULES,
    SKILLS,
    STARTS,
    consent,
    evening,
    picture,
)


def test_a_week_of_the_evening_program() -> None:
    assert picture(lay_out_fixed_slots(evening()).sessions, 1) == (
        "      mon          tue          wed          thu          fri\n"
        "18:00 process      .            process      process      .\n"
        "19:30 skills       .            skills       skills       ."
    )


def test_wall_time_stays_when_clocks_change() -> None:
    starts = [
        one.start
        for one in lay_out_fixed_slots(evening(slots=(PROCESS,))).sessions
        if one.day.weekday() == 2
    ]
    assert starts[:3] == [
        datetime(2027, 3, 3, 23, tzinfo=UTC),
        datetime(2027, 3, 10, 23, tzinfo=UTC),
        datetime(2027, 3, 17, 22, tzinfo=UTC),
    ]


def test_closed_days_are_dropped_and_topics_follow_meeting_by_meeting() -> None:
    slot = replace(PROCESS, topics=("Orientation", "Triggers", "Sleep"))
    found = lay_out_fixed_slots(evening(slots=(slot,), closed={date(2027, 3, 3): "staff day"}))
    assert [(one.day.isoformat(), one.reason) for one in found.dropped] == [
        ("2027-03-03", "closed: staff day")
    ]
    assert [one.topic for one in found.sessions[:4]] == [
        "Orientation",
        "Triggers",
        "Sleep",
        "Orientation",
    ]


def test_nothing_meets_before_the_cohorts_first_day() -> None:
    found = lay_out_fixed_slots(evening(slots=(PROCESS,), starts=date(2027, 3, 2)))
    assert found.sessions[0].day == date(2027, 3, 3)


def test_who_is_in_the_stay_sits_in_it_whether_free_or_not() -> None:
    late = replace(NOEMIE, first=date(2027, 3, 4), free=())
    found = lay_out_fixed_slots(evening(slots=(PROCESS,), patients=(JORDAN, late)))
    assert [one.seated for one in found.sessions[:3]] == [
        ("jordan",),
        ("jordan",),
        ("jordan", "noemie"),
    ]


def test_a_workshop_seats_consenting_relatives_and_no_patient_and_no_father() -> None:
    workshop = replace(PROCESS, key="learn", kind=Kind.FAMILY_WORKSHOP)
    mother = replace(MOTHER, consents=(consent(Kind.FAMILY_WORKSHOP, STARTS, date(2027, 3, 3)),))
    family = replace(JORDAN, relatives=(mother, JORDAN.relatives[1]))
    met = lay_out_fixed_slots(evening(slots=(workshop,), patients=(family, NOEMIE))).sessions
    assert [(one.relatives, one.seated) for one in met[:3]] == [
        (("jordan-mother",), ()),
        (("jordan-mother",), ()),
        ((), ()),
    ]
    assert met[0].patients == ("jordan", "noemie")


def test_a_multi_family_group_seats_relatives_who_may_be_seen_and_their_patients() -> None:
    multi = replace(PROCESS, key="multi", kind=Kind.MULTI_FAMILY_GROUP)
    mother = replace(
        MOTHER, consents=(consent(Kind.MULTI_FAMILY_GROUP, STARTS, date(2027, 6, 30), others=True),)
    )
    family = replace(JORDAN, relatives=(mother, JORDAN.relatives[1]))
    met = lay_out_fixed_slots(evening(slots=(multi,), patients=(family, NOEMIE))).sessions[0]
    assert (met.relatives, met.seated) == (("jordan-mother",), ("jordan",))


def test_the_latest_admitted_finds_no_seat_in_a_full_group() -> None:
    late = replace(JORDAN, key="late", first=date(2027, 3, 2))
    found = lay_out_fixed_slots(
        evening(slots=(PROCESS,), patients=(late, JORDAN), rules=replace(RULES, group_cap=1))
    )
    assert found.sessions[1].seated == ("jordan",)
    assert {(one.rule, one.patient) for one in found.findings} == {(Rule.GROUP_CAP, "late")}


def test_too_much_is_never_planned_even_of_groups() -> None:
    found = lay_out_fixed_slots(
        evening(slots=(PROCESS, SKILLS), rules=replace(RULES, day_hours_max=2))
    )
    assert all(one.seated == () for one in found.sessions if one.source == "skills")
    assert {one.rule for one in found.findings} == {Rule.DAY_HOURS_MAX}


def test_nobody_sits_before_their_assessment() -> None:
    end = datetime(2027, 3, 2, 18, tzinfo=UTC)
    found = lay_out_fixed_slots(evening(slots=(PROCESS,)), {"jordan": end})
    assert [one.seated for one in found.sessions[:2]] == [("noemie",), ("jordan", "noemie")]
