from scheduler.clinics import Change, Changes


def test_each_change_is_a_line() -> None:
    changes = Changes(
        [Change("practice", "", "added"), Change("patient", "p-1", "changed", ("email", "zone"))]
    )
    assert changes.lines() == ["practice: added", "patient p-1: changed (email, zone)"]


def test_many_alike_are_told_by_their_number() -> None:
    changes = Changes([Change("patient", f"p-{number}", "added") for number in range(21)])
    assert changes.lines() == ["patient added: 21 times"]


def test_what_was_kept_is_told_last_and_is_no_change() -> None:
    changes = Changes(
        [Change("patient", "p-1", "added")], [Change("consent of", "p-1-mother", "stays revoked")]
    )
    assert (changes.lines()[1:], len(changes)) == (
        ["kept: consent of p-1-mother: stays revoked"],
        1,
    )
