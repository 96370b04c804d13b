"""The wheel without its extras: it plans, serves and signs in, and says what lacks."""

import json
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from email.parser import HeaderParser
from pathlib import Path

import pytest
from flask import Flask
from packaging.requirements import Requirement

from conftest import KEY, settings
from installed import asked, install, run_python
from scheduler import create_app
from scheduler.cli.demo.demo_clinic import clinic_file
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.installation import EXTRAS
from scheduler.planning import from_document
from scheduler.planning.proposals.models import PlanJob, Proposal
from scheduler.worker.heartbeat import Pulse
from scheduler.worker.strangers.plan_round import make_plans_asked_for

DRAGGED_IN = {"numpy", "pandas", "absl", "absl_py", "google", "protobuf", "immutabledict"}
DRAGGED_IN |= {"cbor2", "openssl", "pyopenssl", "pyasn1", "pyasn1_modules"}
LACKS = frozenset({*EXTRAS.values(), *DRAGGED_IN})
ALONE = (
    "OR-Tools is not installed here (pip install 'kinfold[planner]'): planned by the search alone, "
    "which may leave out more\n"
)
A_PASSWORD = "nineteen quiet herons"
VISIT = f"""
import json, re
from datetime import date, timedelta
from scheduler.cli.demo.demo_clinic import clinic_file
from scheduler.clinics import load, read
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import person_by_key, set_password
from scheduler.wsgi import app

monday = date.today() + timedelta(days=7 - date.today().weekday())
with app.app_context():
    load(read(clinic_file(monday)), by="command", now=now())
    set_password(person_by_key("okafor"), "{A_PASSWORD}", by="command", now=now())
    email = person_by_key("okafor").email
    db.session.commit()
browser = app.test_client()
said = dict(base_url="https://hl-sched.example", follow_redirects=True)


def send(page, action, **form):
    token = re.search('name="csrf_token" value="([^"]+)"', browser.get(page, **said).text)
    return browser.post(action, data=dict(form, csrf_token=token[1]), **said)


front = browser.get("/passkey", **said)
send("/", "/", address=email, way="password")
inside = send("/password", "/password", password="{A_PASSWORD}")
keys = browser.get("/desk/passkeys", **said)
none = send("/desk/passkeys", "/desk/passkeys", name="phone", credential="{{}}")
weeks = browser.get("/desk/cohorts/evening", **said)
answers = (front, inside, keys, none, weeks)
print(json.dumps([[a.request.path, a.status_code, a.text] for a in answers]))
"""
"""What a browser sees on such a node: signing in, passkeys, weeks to plan."""
A_KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kudqdvr0sdc8xfe"


@pytest.fixture(scope="module")
def lean(wheel: Path) -> Iterator[Path]:
    """The command `kinfold` of the wheel alone, without any extra."""
    folder = Path(tempfile.mkdtemp(prefix="kinfold-lean-"))
    yield install(wheel, folder, lacks=LACKS)
    shutil.rmtree(folder)


@pytest.fixture
def said(sqlite_url: str, tmp_path: Path, lean: Path) -> dict[str, str]:
    """The settings of an installation with the practice of the demo, not yet planned."""
    monday = date.today() + timedelta(days=7 - date.today().weekday())
    (tmp_path / "clinic.yaml").write_bytes(clinic_file(monday))
    found = {
        "DATABASE_URL": sqlite_url,
        "DATABASE_KEY": KEY,
        "KINFOLD_INSTANCE": str(tmp_path / "state"),
    }
    loaded = asked(lean, "clinic", "load", "clinic.yaml", cwd=tmp_path, **found)
    assert loaded.returncode == 0, loaded.stderr
    return found


def test_wheel_names_its_extras_and_asks_for_none_of_them(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = HeaderParser().parsestr(archive.read(name).decode())
    needs = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    always = {needed.name for needed in needs if needed.marker is None}
    by_extra = {extra: {need.name for need in needs if for_extra(need, extra)} for extra in EXTRAS}

    assert set(metadata.get_all("Provides-Extra", [])) == {*EXTRAS, "all"}
    assert by_extra == {extra: {library} for extra, library in EXTRAS.items()}
    assert always & set(EXTRAS.values()) == set()


def for_extra(needed: Requirement, extra: str) -> bool:
    """True if a requirement is one of an extra."""
    return needed.marker is not None and needed.marker.evaluate({"extra": extra})


def test_node_without_extras_plans_alone_and_says_what_lacks(
    lean: Path, said: dict[str, str], tmp_path: Path
) -> None:
    planned = asked(lean, "cohort", "plan", "evening", "--seconds", "1", cwd=tmp_path, **said)
    looked = asked(lean, "doctor", "--json", cwd=tmp_path, **said)
    copied = asked(lean, "backup", "x.copy", "--recipient", A_KEY, cwd=tmp_path, **said)

    assert (planned.returncode, planned.stderr) == (0, ALONE)
    (extras,) = [line for line in json.loads(looked.stdout) if line["check"] == "extras"]
    assert (extras["passed"], extras["seen"].count("pip install 'kinfold[")) == (True, 3)
    assert (copied.returncode, copied.stderr) == (
        2,
        "--recipient: age is not installed here: pip install 'kinfold[age]'\n",
    )


def test_pages_of_a_node_without_extras_sign_in_and_say_what_lacks(
    lean: Path, sqlite_url: str, tmp_path: Path
) -> None:
    said = {
        "DATABASE_URL": sqlite_url,
        "DATABASE_KEY": KEY,
        "KINFOLD_INSTANCE": str(tmp_path / "state"),
        "BASE_URL": "https://hl-sched.example",
    }
    visited = run_python(lean.with_name("python"), VISIT, cwd=tmp_path, **said)

    assert visited.returncode == 0, visited.stderr
    pages = json.loads(visited.stdout.splitlines()[-1])
    front, inside, keys, none, weeks = pages
    assert front[:2] == ["/", 200]
    assert "Sign in with a passkey" not in front[2]
    assert inside[:2] == ["/desk/", 200]
    assert "Passkeys are not installed here" in keys[2]
    assert (none[1], "The passkey was not added" in none[2]) == (422, True)
    assert weeks[:2] == ["/desk/cohorts/evening", 200]


def test_node_without_solver_waits_for_the_worker_that_has_it(
    lean: Path, said: dict[str, str], tmp_path: Path
) -> None:
    app = create_app(settings(said["DATABASE_URL"]))
    with app.app_context():
        Pulse().begin(now=now(), alone=True, fresh=timedelta(minutes=1))
        db.session.commit()
        db.session.remove()
        worker = Worker(app)
        planned = asked(lean, "cohort", "plan", "evening", "--seconds", "1", cwd=tmp_path, **said)
        worker.end()
        proposal = db.session.query(Proposal).one()
        job = db.session.query(PlanJob).one()
        placed = len(from_document(proposal.plan).placed)
        db.session.remove()
        db.engine.dispose()

    assert planned.returncode == 0, planned.stderr
    assert planned.stderr == "OR-Tools is not installed here: the worker is asked, and plans\n"
    assert f"{placed} of {placed} appointments placed" in planned.stdout
    assert (job.proposal_id, job.placed, proposal.made_by) == (proposal.id, placed, "command")


class Worker:
    """A worker that has OR-Tools and does nothing but plan."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._plan)
        self.thread.start()

    def _plan(self) -> None:
        with self.app.app_context():
            while not self.stop.wait(0.2):
                make_plans_asked_for()

    def end(self) -> None:
        """Stop, and wait for it."""
        self.stop.set()
        self.thread.join()
