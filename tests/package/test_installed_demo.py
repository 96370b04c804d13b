"""The tour out of the wheel alone, with `--long`: no checkout is near, and nothing is set."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from installed import plain_environment


@pytest.fixture
def tour(kinfold: Path, tmp_path: Path) -> Iterator[str]:
    """`kinfold demo`, running; what it has said. It plans and publishes a clinic first."""
    child = subprocess.Popen(
        [kinfold, "demo"],
        cwd=tmp_path,
        env=plain_environment(XDG_STATE_HOME=str(tmp_path / "state"), PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    said = ""
    try:
        for line in child.stdout:
            said += line
            if line.startswith("Stop with"):
                break
        yield said
    finally:
        child.terminate()
        rest, _ = child.communicate(timeout=60)
    assert (child.returncode, rest.splitlines()[-1]) == (0, "Stopped.")


def test_demo_of_the_wheel_serves_the_tour_and_keeps_it_apart(tour: str, tmp_path: Path) -> None:
    (address,) = re.findall(r"Kinfold is running: +(http://127\.0\.0\.1:[0-9]+)$", tour, re.M)

    with urlopen(f"{address}/") as front, urlopen(f"{address}/demo/mailbox") as mailbox:
        pages = [front.read().decode(), mailbox.read().decode()]
    assert ["<h1>" in page for page in pages] == [True, True]
    assert "family.example" in pages[1]
    assert "p-201-father@family.example" not in pages[1]
    assert [path.name for path in (tmp_path / "state" / "kinfold").iterdir()] == ["demo"]
