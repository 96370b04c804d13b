"""Bodies kept in memory: by their hash, and no more than there is room for."""

from scheduler.feeds import BodyCache


def test_longest_unused_body_makes_room() -> None:
    shelf = BodyCache(room=10)
    shelf.put("a", b"1234")
    shelf.put("b", b"1234")
    shelf.get("a")
    shelf.put("c", b"1234")

    assert [shelf.get(each) for each in "abc"] == [b"1234", None, b"1234"]
    assert shelf.held == 8


def test_body_larger_than_all_room_is_not_kept() -> None:
    shelf = BodyCache(room=3)
    shelf.put("a", b"1234")

    assert (shelf.get("a"), shelf.held) == (None, 0)
