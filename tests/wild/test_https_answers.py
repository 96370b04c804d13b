"""Addresses as people copy them, answers as servers give them: each gives the value beside it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes.calendar_server import URL, CalendarServer, serving
from scheduler.busy import ask
from scheduler.kernel.untrusted.http_answer import Unreachable
from scheduler.kernel.untrusted.safe_http import plain_address
from tests.wild.test_busy_calendars import read, told

FOLDER = Path(__file__).parent / "https"
ANSWERS = sorted(FOLDER.glob("*.http"))
ADDRESSES = sorted(FOLDER.glob("address-*.json"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with serving(tmp_path) as server:
        yield server


def value(file: Path) -> dict[str, Any]:
    right: dict[str, Any] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    return right


@pytest.mark.parametrize("file", ANSWERS, ids=lambda file: file.stem)
def test_answer_gives_the_value_beside_it(server: CalendarServer, file: Path) -> None:
    server.raw, right = file.read_bytes(), value(file)

    asked = ask(URL.encode(), tag=None, modified=None, reach=server.reach)

    assert right.get("wrong", "") in (asked.wrong or "")
    assert (asked.wrong is not None, asked.wait) == ("wrong" in right, right.get("wait"))
    if "busy" in right:
        assert asked.fetched is not None
        assert asked.fetched.data is not None
        stretches = told(read(asked.fetched.data))
        assert stretches == (right["busy"] or stretches)


@pytest.mark.parametrize("file", ADDRESSES, ids=lambda file: file.stem)
def test_address_gives_the_value_beside_it(file: Path) -> None:
    right = value(file)
    if "refused" in right:
        with pytest.raises(Unreachable) as caught:
            plain_address(right["address"])
        assert right["refused"] in str(caught.value)
    else:
        assert plain_address(right["address"]) == right["followed"]


def test_every_value_has_its_answer_or_address() -> None:
    values = {file.stem for file in FOLDER.glob("*.json")}

    assert values == {file.stem for file in [*ANSWERS, *ADDRESSES]}
