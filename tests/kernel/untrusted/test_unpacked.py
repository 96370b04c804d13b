"""What is packed is unpacked no further than was asked for."""

import gzip

import pytest

from scheduler.kernel.untrusted.http_answer import Unreachable, unpacked

LARGEST = 64 * 1024


def test_packed_bomb_is_unpacked_no_further_than_asked() -> None:
    bomb = gzip.compress(b"0" * (LARGEST + 1))

    with pytest.raises(Unreachable, match="64 KB"):
        unpacked(bomb, "gzip", LARGEST)
    with pytest.raises(Unreachable, match="64 KB"):
        unpacked(gzip.compress(bomb), "gzip, gzip", LARGEST)


def test_what_fits_is_unpacked_whole() -> None:
    assert unpacked(gzip.compress(b"0" * LARGEST), "gzip", LARGEST) == b"0" * LARGEST
