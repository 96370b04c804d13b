"""The lines of a kept key: the newest first, those of before with their last day."""

from datetime import date

import pytest

from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.keys.kept_keys import FormerKey, Keys, read_keys, written_keys

SUMMER, AUTUMN = date(2027, 6, 1), date(2027, 9, 1)


def test_one_line_is_a_key_without_any_before_it() -> None:
    assert read_keys("a key with blanks\n", of="SECRET_KEY") == Keys("a key with blanks")


def test_written_keys_are_read_back() -> None:
    keys = Keys("new").followed_by("newer", until=AUTUMN)

    assert keys == Keys("newer", (FormerKey("new", AUTUMN),))
    assert read_keys(written_keys(keys), of="SECRET_KEY") == keys


def test_change_that_ends_links_earlier_ends_those_of_earlier_keys_too() -> None:
    keys = Keys("c", (FormerKey("b", AUTUMN), FormerKey("a", SUMMER)))

    assert keys.followed_by("d", until=SUMMER).former == (
        FormerKey("c", SUMMER),
        FormerKey("b", SUMMER),
        FormerKey("a", SUMMER),
    )


@pytest.mark.parametrize("line", ["old", "old until", "old until tomorrow", " until 2027-01-01"])
def test_line_that_is_no_former_key_is_refused_by_the_name_of_the_setting(line: str) -> None:
    with pytest.raises(Misconfigured, match="SECRET_KEY: below the key, want lines as KEY until"):
        read_keys(f"new\n{line}\n", of="SECRET_KEY")
