"""A start leaves the collector of cycles as it found it."""

import gc
from collections.abc import Iterator

import pytest

from scheduler import without_collector


@pytest.fixture
def collecting() -> Iterator[None]:
    """The collector as it was, afterwards."""
    was_on = gc.isenabled()
    gc.enable()
    yield
    if not was_on:
        gc.disable()


@pytest.mark.usefixtures("collecting")
def test_collector_goes_on_after_a_start() -> None:
    with without_collector():
        assert not gc.isenabled()

    assert gc.isenabled()


@pytest.mark.usefixtures("collecting")
def test_collector_goes_on_after_a_start_that_failed() -> None:
    with pytest.raises(ImportError, match="lacks"), without_collector():
        raise ImportError("a library lacks")

    assert gc.isenabled()


@pytest.mark.usefixtures("collecting")
def test_program_that_runs_without_the_collector_goes_on_without() -> None:
    gc.disable()
    with without_collector():
        pass

    assert not gc.isenabled()
    gc.enable()
