"""Where the machine stands changes nothing: letters and feeds are the same under any TZ. The father
gets none.
"""

import email
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest
from sqlalchemy import select

from conftest import settings
from end_to_end.brook_house import BROOK_HOUSE
from scheduler import create_app
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.worker.jobs import do_deeds

NOW = datetime.now(UTC).replace(microsecond=0)
MACHINES = ("UTC", "Asia/Tokyo", "America/St_Johns")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Moves this process to another part of the world."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def steady(text: str) -> str:
    """Return the text with each random name and token written as its number of appearance."""
    names: dict[str, str] = {}
    return re.sub(
        r"(?!\d{8}T\d{6})[A-Za-z0-9_-]{16,}",
        lambda found: names.setdefault(found[0], f"random-{len(names)}"),
        text,
    )


def letters() -> list[str]:
    rows = db.session.scalars(
        select(Letter).where(Letter.kind == "invitation").order_by(Letter.covers_until)
    ).all()
    assert {row.address for row in rows} == {"mother@family.example"}
    found = []
    for row in rows:
        message = email.message_from_bytes(row.mime, policy=policy.default)
        parts = [
            part.get_payload(decode=True).decode()
            for part in message.walk()
            if not part.is_multipart()
        ]
        boundaries = [str(part.get_boundary()) for part in message.walk() if part.is_multipart()]
        text = "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])
        for boundary in boundaries:
            text = text.replace(boundary, "")
        found.append(steady(text.replace("\r\n ", "")))
    return sorted(found)


def told(folder: Path, template: Path) -> tuple[list[str], list[str]]:
    """Load, plan, publish and tell in a fresh house; give the letters and four people's feeds."""
    folder.mkdir()
    shutil.copy(template, folder / "kinfold.db")
    (folder / "brook.yaml").write_text(BROOK_HOUSE)
    app = create_app(settings(f"sqlite:///{folder / 'kinfold.db'}"))
    with app.app_context(), turned_to(lambda: NOW):
        runner = app.test_cli_runner()
        for words in (
            ["clinic", "load", str(folder / "brook.yaml")],
            ["cohort", "plan", "brook"],
            ["cohort", "publish", "brook"],
        ):
            assert runner.invoke(args=words).exit_code == 0
        assert do_deeds() == []
        feeds = []
        for person in ("p-1", "moss", "p-1-mother", "p-1-father"):
            address = runner.invoke(args=["feed", "url", person]).output.strip()
            answer = app.test_client().get(address.removeprefix("https://hl-sched.example"))
            feeds.append(steady(answer.text.replace("\r\n ", "")))
        found = letters()
        db.session.remove()
        db.engine.dispose()
    return found, feeds


def test_letters_and_feeds_do_not_depend_on_the_machines_zone(
    machine: Callable[[str], None], sqlite_template: Path, tmp_path: Path
) -> None:
    said = []
    for zone in MACHINES:
        machine(zone)
        said.append(told(tmp_path / zone.replace("/", "-"), sqlite_template))

    home_letters, home_feeds = said[0]
    assert [feed.count("BEGIN:VEVENT") > 0 for feed in home_feeds] == [True, True, True, False]
    assert len(home_letters) > 0
    assert said[1:] == [said[0]] * (len(MACHINES) - 1)
