"""States by name, for sentences that name a licence."""

from scheduler.programs import state_name


def test_a_state_is_named_in_full() -> None:
    assert [state_name(code) for code in ("MA", "RI", "DC", "PR")] == [
        "Massachusetts",
        "Rhode Island",
        "District of Columbia",
        "Puerto Rico",
    ]


def test_an_unknown_code_stays_as_it_is() -> None:
    assert state_name("ZZ") == "ZZ"
