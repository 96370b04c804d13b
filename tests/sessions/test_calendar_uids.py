"""The name under which a calendar knows a session: chosen once and kept."""

from household import NOW, Household
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.sessions import calendar_names, retire
from scheduler.sessions.calendar_uids import give_own_uids
from scheduler.sessions.models import CalendarForm, Session


def names(person: Person, *sessions: Session) -> list[tuple[str, CalendarForm]]:
    found = calendar_names({person.id: sessions}, host="sp-cal.example", now=NOW)
    return [(found[person.id, each.id].uid, found[person.id, each.id].form) for each in sessions]


def weekly(home: Household, count: int) -> list[Session]:
    return [home.appointment(1 + 7 * week, week=week) for week in range(count)]


def test_regular_series_has_one_name(home: Household) -> None:
    found = names(home.mother, *weekly(home, 4))

    assert len(set(found)) == 1
    assert found[0][1] is CalendarForm.SERIES


def test_irregular_sessions_have_a_name_each(home: Household) -> None:
    found = names(
        home.mother, home.appointment(1, week=1), home.appointment(11, week=2, at="12:00")
    )

    assert len({uid for uid, _ in found}) == 2
    assert {form for _, form in found} == {CalendarForm.SINGLES}


def test_two_people_never_share_a_name(home: Household) -> None:
    session = home.appointment(1)

    assert names(home.mother, session) != names(home.jordan, session)


def test_series_stays_one_when_it_shrinks(home: Household) -> None:
    sessions = weekly(home, 4)
    before = names(home.mother, *sessions)

    assert names(home.mother, sessions[0]) == before[:1]


def test_series_ends_when_what_it_holds_is_in_a_zone_no_calendar_can_be_told(
    home: Household,
) -> None:
    """C6: whatever zone the sessions beside it are in."""
    first, *rest = sessions = weekly(home, 4)
    ((uid, _), *_others) = names(home.mother, *sessions)
    give_own_uids(uid, [first.id], now=NOW)
    for session in rest:
        session.zone = "Africa/Cairo"
    db.session.flush()

    assert [form for _, form in names(home.mother, *sessions)] == [CalendarForm.SINGLES] * 4


def test_singles_stay_single_when_more_come(home: Household) -> None:
    first = home.appointment(1, week=1)
    (before,) = names(home.mother, first)
    more = [home.appointment(1 + 7 * week, week=week + 1) for week in range(1, 4)]

    found = names(home.mother, first, *more)
    assert found[0] == before
    assert {form for _, form in found} == {CalendarForm.SINGLES}


def test_retired_name_is_never_used_again(home: Household) -> None:
    session = home.appointment(1)
    ((before, _),) = names(home.mother, session)
    retire([before], now=NOW)
    db.session.flush()

    ((after, _),) = names(home.mother, session)
    assert after != before


def test_name_tells_of_nobody(home: Household) -> None:
    ((uid, _),) = names(home.mother, home.appointment(1))

    assert uid.endswith("@sp-cal.example")
    assert int(uid.partition("@")[0], 16) >= 0


def test_single_session_keeps_its_name_when_its_series_is_parted(home: Household) -> None:
    irregular = [
        home.appointment(day, week=day, at="18:00" if day % 2 else "12:00") for day in (1, 4, 12)
    ]
    before = names(home.mother, *irregular)
    for each in irregular[1:]:
        each.series += "~2"

    assert names(home.mother, *irregular) == before
