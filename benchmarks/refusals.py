"""Whether time tells a withdrawn or ended personal address from one that was only guessed.

    python benchmarks/refusals.py [--requests 200]

A practice in a file of its own; each kind of address is asked in turn, round by round, so that
other work on the machine falls on all alike. Medians are printed beside the guessed one's; exit 1
when one of them lies further away than a tenth, or when any answer differs.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parent / "tests"))

from flask import Flask  # noqa: E402
from sqlalchemy import select  # noqa: E402

from cast import Cast, assemble, grant, session  # noqa: E402
from conftest import settings  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.consents import revoke  # noqa: E402
from scheduler.invitations import announce, link_token, short_link  # noqa: E402
from scheduler.invitations.model.models import Invitation, ShortLink  # noqa: E402
from scheduler.kernel.clock import turned_to  # noqa: E402
from scheduler.kernel.database import db  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.programs import Kind, Seats  # noqa: E402
from scheduler.recordings import (  # noqa: E402
    RecordingSource,
    add_recording,
    give_pass,
    pass_token,
    remove_recording,
)
from scheduler.recordings.models import RecordingPass  # noqa: E402
from scheduler.sessions.models import Session  # noqa: E402

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 9, 21, 0, tzinfo=UTC)
MOST = 0.10
GUESSED = {"long": "A" * 43, "short": "a" * 14}


Addresses = dict[str, dict[str, str]]
"""Tokens by the beginning of their address (`i`, `j`, `r`) and by their name."""


def stand_up() -> tuple[Cast, Addresses]:
    """Return the practice, and addresses of each kind that open nothing."""
    cast = assemble(Kind.FAMILY_THERAPY)
    personal = invited(cast)
    return cast, {"i": personal, "j": personal, "r": recorded(cast)}


def invited(cast: Cast) -> dict[str, str]:
    """Return addresses of invitations and of a text message."""
    for day in (9, 16, 23):
        session(cast, datetime(2027, 3, day, 16, 0), series=f"fam-{day}")
    announce(by="command", now=NOW)
    rows = db.session.scalars(select(Invitation).order_by(Invitation.uid)).all()
    first = db.session.scalars(select(Session).order_by(Session.starts_at)).all()[0]
    told = ShortLink(
        person_id=cast.dana.id,
        patient_id=cast.jordan.id,
        session_id=first.id,
        uid=rows[0].uid,
        begins_at=first.starts_at,
        until=first.ends_at,
        made_at=NOW,
        ends_at=STARTS + timedelta(days=60),
    )
    short = short_link(told, of="a message").rpartition("/")[2]
    stands = link_token(rows[0].uid)
    rotated = link_token(rows[1].uid)
    rows[1].token_hash = "0" * 64
    found = {"stands": stands, "text": short, "rotated": rotated, "mistyped": f"{stands[:-1]}_"}
    return found | guessed()


def recorded(cast: Cast) -> dict[str, str]:
    """Return addresses of recorded workshops."""
    grant(cast.dana, cast.jordan, Kind.FAMILY_WORKSHOP)
    passes = [watched(cast, hour) for hour in (10, 12, 14)]
    stands, rotated, removed = (pass_token(row.id) for row in passes)
    passes[1].token_hash = "0" * 64
    remove_recording(passes[2].recording, by="sam", now=NOW)
    mistyped = f"{stands[:-1]}_"
    found = {"stands": stands, "removed": removed, "rotated": rotated, "mistyped": mistyped}
    return found | guessed()


def watched(cast: Cast, hour: int) -> RecordingPass:
    """Return the mother's address for the recording of yesterday's workshop at `hour`."""
    at = datetime(2027, 3, 1, hour, 0)
    workshop = session(cast, at, kind=Kind.FAMILY_WORKSHOP, series=f"learn-{hour}", week=1)
    workshop.series = f"{cast.cohort.key}.learn-{hour}"
    workshop.seats = Seats.FAMILIES
    source = RecordingSource(url="https://video.example/workshop")
    recording = add_recording(workshop, source, days=14, by="sam", now=NOW)
    return give_pass(recording, cast.dana, by="dana", now=NOW)


def guessed() -> dict[str, str]:
    """Return addresses that never were."""
    return {f"guessed, {name}": token for name, token in GUESSED.items()}


def measure(app: Flask, paths: dict[str, str], requests: int) -> dict[str, float]:
    """Return the median milliseconds of each address; all must answer alike."""
    browser = app.test_client()
    spent: dict[str, list[float]] = {name: [] for name in paths}
    answers = set()
    for _ in range(requests):
        for name, path in paths.items():
            db.session.remove()
            began = time.perf_counter()
            answer = browser.get(path)
            spent[name].append((time.perf_counter() - began) * 1000)
            answers.add((answer.status_code, answer.data))
    if len(answers) != 1:
        raise SystemExit(f"{len(answers)} different answers")
    return {name: statistics.median(times) for name, times in spent.items()}


def verdict(title: str, medians: dict[str, float]) -> bool:
    """Print the medians and return True if none is further than a tenth from a guessed one."""
    base = medians["guessed, long"]
    print(title)
    held = True
    for name, median in medians.items():
        apart = median / base - 1
        held = held and abs(apart) <= MOST
        print(f"  {name:16} {median:7.2f} ms  {apart:+6.1%}")
    return held


def run(requests: int) -> bool:
    """Measure withdrawn and ended addresses of /i/, /j/ and /r/ beside guessed ones."""
    with tempfile.TemporaryDirectory(prefix="kinfold-refusals-") as folder:
        app = create_app(settings(f"sqlite:///{folder}/kinfold.db"))
        with app.app_context():
            upgrade(db.engine)
            cast, tokens = stand_up()
            db.session.commit()
            held = at(app, STARTS + timedelta(days=90), "ended", tokens, requests)
            revoke(person=cast.dana, patient=cast.jordan, by="sam", now=NOW)
            db.session.commit()
            return at(app, NOW + timedelta(hours=1), "withdrawn", tokens, requests) and held


def at(app: Flask, moment: datetime, what: str, tokens: Addresses, requests: int) -> bool:
    """Measure at a moment at which what stands is `what`."""
    clock: Callable[[], datetime] = lambda: moment  # noqa: E731
    held = True
    with turned_to(clock):
        for kind, named in tokens.items():
            paths = {}
            for name, token in named.items():
                paths[name.replace("stands", what)] = f"/{kind}/{token}"
            medians = measure(app, paths, requests)
            held = verdict(f"/{kind}/, {what}", medians) and held
    return held


def main() -> None:
    """Measure, print, and say by the exit code whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    said = parser.parse_args()
    sys.exit(0 if run(said.requests) else 1)


if __name__ == "__main__":
    main()
