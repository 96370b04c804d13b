"""A recorded workshop in a real browser: found on one's own page, and really played."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.programs import Kind, Seats
from scheduler.recordings import RecordingSource, add_recording, use_folder
from scheduler.sessions.models import Session
from tests.web.check.test_check_in_a_browser import TOO_SMALL, TOO_WIDE
from tests.web.test_accessible import enter, findings

HELD = datetime(2027, 3, 9, 20, 0, tzinfo=UTC)
NOW = HELD + timedelta(days=1)
FILMED = """async () => {
  const canvas = document.createElement('canvas');
  const brush = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
  const pieces = [];
  recorder.ondataavailable = (piece) => pieces.push(piece.data);
  const over = new Promise((done) => (recorder.onstop = done));
  recorder.start();
  for (let step = 0; step < 20; step++) {
    brush.fillRect(step * 5, 0, 5, 50);
    await new Promise((done) => setTimeout(done, 40));
  }
  recorder.stop();
  await over;
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""

PLAYED = """async (film) => {
  film.muted = true;
  await film.play();
  while (film.currentTime < 0.2 && !film.ended) await new Promise((done) => setTimeout(done, 20));
}"""


@pytest.fixture
def stage(sqlite_app: Flask, live_server: str, tmp_path: Path) -> Iterator[Cast]:
    with turned_to(lambda: NOW):
        stage = assemble(Kind.FAMILY_WORKSHOP)
        use_folder(tmp_path)
        workshop = session(stage, datetime(2027, 3, 9, 15, 0), kind=Kind.FAMILY_WORKSHOP)
        workshop.series, workshop.seats = f"{stage.cohort.key}.learn", Seats.FAMILIES
        db.session.commit()
        yield stage


def record(page: Any, stage: Cast, folder: Path) -> str:
    """Let the browser make a film, and the desk add it; return the session's key."""
    (folder / "sleep.webm").write_bytes(base64.b64decode(page.evaluate(FILMED)))
    (folder / "sleep.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
    workshop = db.session.scalars(select(Session)).one()
    source = RecordingSource(file="sleep.webm")
    add_recording(workshop, source, days=14, by="sam", now=NOW)
    db.session.commit()
    return workshop.key


def test_film_is_found_and_played_on_a_phone(
    page: Any, stage: Cast, live_server: str, tmp_path: Path
) -> None:
    record(page, stage, tmp_path)
    page.set_viewport_size({"width": 320, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    enter(page, live_server, "dana")

    page.goto(f"{live_server}/family")
    home = findings(page)
    page.get_by_role("button", name="Watch the recording").click()
    page.get_by_role("heading", name="A recording for you").wait_for()
    before = (findings(page), page.evaluate(TOO_SMALL))
    page.get_by_role("button", name="Watch the recording").click()
    player = page.locator("video")
    player.evaluate(PLAYED)

    assert home == []
    assert before == ([], [])
    assert (findings(page), page.evaluate(TOO_SMALL)) == ([], [])
    assert page.evaluate(TOO_WIDE) <= 0
    assert [text for text in complaints if "Content Security Policy" in text] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_desk_shuts_nobody_out(
    page: Any, stage: Cast, live_server: str, tmp_path: Path, width: int
) -> None:
    key = record(page, stage, tmp_path)
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, live_server, "sam")
    page.goto(f"{live_server}/desk/sessions/{key}/recording")

    assert findings(page) == []
    assert page.evaluate(TOO_WIDE) <= 0
