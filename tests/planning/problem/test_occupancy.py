"""Counting sessions in progress, minute by minute."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.planning.problem.minute_sets import each
from scheduler.planning.problem.occupancy import Occupancy


@given(st.lists(st.sets(st.integers(0, 12)), max_size=12), st.integers(0, 12), st.integers(1, 6))
def test_a_tally_is_what_counting_says(added: list[set[int]], keep: int, wanted: int) -> None:
    tally = Occupancy()
    for one in added:
        tally.add(sum(1 << minute for minute in one))
    for one in added[keep:]:
        tally.remove(sum(1 << minute for minute in one))
    counts = [sum(minute in one for one in added[:keep]) for minute in range(13)]
    assert [tally.at(minute) for minute in range(13)] == counts
    assert set(each(tally.at_least(wanted))) == {
        minute for minute in range(13) if counts[minute] >= wanted
    }
