"""Two clocks of one time: the reader's own is told apart from that of where it is held."""

import pytest

from scheduler.web.parts.family_times import both_clocks

OWN = "Tue 9 March, 3:00 – 4:00 PM, Chicago time"


@pytest.mark.parametrize("held", ["", "(4:00 – 5:00 PM, New York time)"])
def test_clock_of_where_it_is_held_stands_apart(held: str) -> None:
    assert both_clocks(f"{OWN} {held}".strip()) == (OWN, held)
