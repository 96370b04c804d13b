"""What the tests stand on: both engines, a real post office, a real browser. What is missing
fails.
"""

import gc
import os
import secrets
import shutil
import signal
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

sys.path.insert(0, str(Path(__file__).parent))

from config import Config
from engines import BOTH, engines_of
from fakes.post_office import PostOffice, open_post_office
from fakes.postgres import Postgres, free_port, memory
from fakes.web_server import served
from household import Household, stand_up
from installed import build, install
from outside import given_away
from put_back import Kept
from scheduler import create_app
from scheduler.kernel import clock
from scheduler.kernel.database import db, open_engine
from scheduler.kernel.schema.migrate import upgrade
from scheduler.planning import planner
from visitor import browser as browser_of
from warm import Engines, World, leave_iris_for_later, share_doors, share_routes, share_templates
from watch import Watch

# A run that is told to stop still ends its servers: SIGTERM leaves through the fixtures.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

# Hundreds of tests start a process of ours: the first keeps the code it compiles, wherever the
# machine says that nothing is kept.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

KEY = "a key of the tests"
TESTS = Path(__file__).resolve().parent
WORLDS = ("house", "new_house", "planned_house", "demo_house")
"""Fixtures that always make the same rows: made once an engine, copied from then on."""
WORK_A_SECOND = planner.WORK_A_SECOND
LITTLE_WORK = 1_000
"""Offers looked at for each second that a test gives a plan, which then is first found, then hardly
improved: the work ends it, not the clock, however slow the machine.
"""
SEARCHED_LITTLE = (
    "cli/commands/test_cohort",
    "planning/follow/",
    "planning/proposals/",
    "web/desk/board/",
    "web/desk/clinic/",
    "web/desk/test_asked_plan.py",
    "web/desk/test_publication.py",
    "web/test_replanning.py",
    "worker/test_plan_round.py",
)
"""Where tests are about rows and pages, whatever the plan."""
NOT_QUICK_FIXTURES = {"postgres", "postgres_url", "browser", "page", "live_server", "trials"}
LONG_FIXTURES = {"builder", "tour"}
"""What takes minutes to make: `--long` alone asks for it."""
NOT_QUICK_PLACES = (
    "backups/test_killed.py",
    "crash/",
    "end_to_end/",
    "kernel/test_migrations.py",
    "package/",
    "planning/test_second_judge.py",
    "cli/operations/test_web_server.py",
    "worker/test_clock_jumps.py",
    "worker/test_edge_faults.py",
    "worker/test_healed.py",
    "worker/test_imap_watch.py",
    "worker/test_mail_servers.py",
    "worker/test_run.py",
    "worker/test_stopped.py",
)
"""What ends processes, starts servers or plans for long: `--quick` leaves it to the whole run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`: trials by chance run at the size their claim names, not at the size of every
    day; and `--quick`, for the minutes between two changes.
    """
    parser.addoption(
        "--long", action="store_true", help="run trials (random lives, kills, races) at full size"
    )
    parser.addoption(
        "--quick",
        action="store_true",
        help="leave out PostgreSQL, the browser, other servers and what takes long",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let Hypothesis repeat the same examples every day, as `seed` does, and never fail for a slow
    machine.
    """
    hypothesis.settings.register_profile(
        "ours",
        deadline=None,
        derandomize=not config.getoption("--long"),
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("ours")
    share_routes()
    share_doors()
    leave_iris_for_later()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Collect the tests without the collector of cycles, leave what that made out of its rounds (it
    stays to the end anyhow), and let those be rare: most of what a test makes goes without them.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 10, 5)
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what waits for others; deselect what takes minutes without `--long`, and with
    `--quick` what is not quick: the closing line says how many.
    """
    items.sort(key=lambda item: not waits(item))
    is_long, quick = config.getoption("--long"), config.getoption("--quick")
    kept, left_out = [], []
    for item in items:
        is_due = is_long or not asked_for_fixtures(item) & LONG_FIXTURES
        is_kept = is_due and (not quick or is_quick(item))
        (kept if is_kept else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a plan be searched for with less work where the search is not what is tried: what stands
    in rows, and who hears of it, is the same for any plan.
    """
    place = item.path.relative_to(TESTS).as_posix()
    is_little = place.startswith(SEARCHED_LITTLE) and "whole_search" not in asked_for_fixtures(item)
    planner.WORK_A_SECOND = LITTLE_WORK if is_little else WORK_A_SECOND


@pytest.fixture
def whole_search() -> None:
    """A test that asks for this plans with all the work that a clinic's plan is given."""


def asked_for_fixtures(item: pytest.Item) -> set[str]:
    """Return the names of the fixtures a test asks for."""
    return set(getattr(item, "fixturenames", ()))


def waits(item: pytest.Item) -> bool:
    """True if a test waits for processes, servers or a browser.

    The first of several processes gets those, one after the other, while the rest keep the cores
    busy; and none of the longest is left for the end.
    """
    place = item.path.relative_to(TESTS).as_posix()
    in_a_browser = {"browser", "live_server"} & asked_for_fixtures(item)
    return bool(in_a_browser) or place.startswith((*NOT_QUICK_PLACES, "wild/test_mailboxes.py"))


def is_quick(item: pytest.Item) -> bool:
    """True if a test needs SQLite alone and little time."""
    place = item.path.relative_to(TESTS).as_posix()
    if place.startswith(NOT_QUICK_PLACES):
        return False
    if NOT_QUICK_FIXTURES & asked_for_fixtures(item):
        return False
    called = getattr(item, "callspec", None)
    return called is None or "postgresql" not in called.params.values()


def names_its_engine(metafunc: pytest.Metafunc) -> bool:
    """True if a test says itself on which engine it runs."""
    marks = metafunc.definition.iter_markers("parametrize")
    return any("database_url" in mark.args[0] for mark in marks)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of rows on its engines; on both with `--long`, on SQLite with `--quick`."""
    if "database_url" not in metafunc.fixturenames or names_its_engine(metafunc):
        return
    place = Path(metafunc.module.__file__ or "").relative_to(TESTS).as_posix()
    names = engines_of(place, metafunc.function.__name__)
    if metafunc.config.getoption("--long") or metafunc.config.getoption("--quick"):
        names = BOTH
    metafunc.parametrize("database_url", names, indirect=True)


@pytest.fixture
def trials(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """Return the first figure for every day's run, the second with `--long`; with $SHARE, which
    runs a full trial in parts, as much of it.
    """
    share = os.environ.get("SHARE")
    if share is not None:
        return lambda every_day, full: max(every_day, round(full * float(share)))
    is_long = bool(request.config.getoption("--long"))
    return lambda every_day, full: full if is_long else every_day


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Return the seed of a trial by chance, printed: $SEED, else the test's own one, with `--long`
    a new one.

    Every day's run repeats the same trials, so that a failure belongs to the change that brought
    it.
    """
    said, own = os.environ.get("SEED"), zlib.crc32(request.node.name.encode()) % 10**6
    number = (
        int(said)
        if said
        else secrets.randbelow(10**6)
        if request.config.getoption("--long")
        else own
    )
    print(f"SEED={number}")
    return number


def settings(database_url: str, **said: Any) -> Config:
    """Return settings for a test; `said` overrides one."""
    usual: dict[str, Any] = {
        "database_url": database_url.replace("postgresql://", "postgresql+psycopg://"),
        "database_key": KEY,
        "secret_key": "a secret of the tests",
        "base_url": "https://hl-sched.example",
        "smtp_url": None,
        "mail_in": None,
        "mail_authserv": None,
        "sms_url": None,
        "tick_seconds": 5.0,
        "demo": False,
    }
    return Config(**(usual | said))


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """The engines that a test takes over from the test before."""
    engines = Engines()
    yield engines
    engines.dispose()


@pytest.fixture(scope="session")
def sqlite_folder() -> Iterator[Path]:
    """Where the file of the test at hand lies."""
    folder = Path(tempfile.mkdtemp(prefix="kinfold-sqlite-", dir=memory()))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_engine(f"sqlite:///{path}", KEY)
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for the whole run, with a migrated database to copy."""
    with Postgres() as server:
        server.run("CREATE DATABASE template")
        engine = open_engine(
            server.url("template").replace("postgresql://", "postgresql+psycopg://"), ""
        )
        upgrade(engine)
        engine.dispose()
        yield server


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """What the test begins with, by the name of a fixture it asks for."""
    found = request.node._fixtureinfo.name2fixturedefs
    return World(next((name for name in WORLDS if makes_world(found.get(name, ()))), None))


def makes_world(known: Sequence[pytest.FixtureDef[Any]]) -> bool:
    """True if the fixture that counts, of those of one name, makes its rows through `world`; one
    that only has such a name would find the rows of another.
    """
    return bool(known) and "world" in known[-1].argnames


@pytest.fixture
def sqlite_url(
    sqlite_template: Path, sqlite_folder: Path, engines: Engines, world: World
) -> Iterator[str]:
    """A fresh migrated SQLite file, always of the same name, with the test's world in it when that
    was made before.
    """
    path = sqlite_folder / "kinfold.db"
    kept = sqlite_template.with_name(f"{world.name}.db")
    world.is_there = kept.exists()
    world.keep = lambda: str(shutil.copy(path, kept))
    shutil.copy(kept if world.is_there else sqlite_template, path)
    url = f"sqlite:///{path}"
    engines.share(url)
    yield url
    for file in sqlite_folder.iterdir():
        file.unlink()


@pytest.fixture
def postgres_url(kept_postgres: Kept, engines: Engines, world: World) -> str:
    """A migrated PostgreSQL database without anybody's rows, always of the same name, with the
    test's world in it when that was made before.
    """
    url = kept_postgres.url()
    address = settings(url).database_url
    world.is_there = world.name in kept_postgres.worlds
    world.keep = lambda: kept_postgres.keep(str(world.name))
    kept_postgres.put_back(engines.kept.get(address), world.name)
    engines.share(address)
    return url


@pytest.fixture(scope="session")
def kept_postgres(postgres: Postgres) -> Kept:
    """The database of the run's PostgreSQL that serves test after test."""
    return Kept(postgres)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database, on each engine that `engines.py` names."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A real SMTP server; `app` sends to it when both are asked for."""
    office, controller = open_post_office(free_port())
    yield office
    controller.stop()


def _stand_up(url: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    office: PostOffice | None = None
    if "post_office" in request.fixturenames:
        office = request.getfixturevalue("post_office")
    app = create_app(settings(url, smtp_url=office.url if office else None))
    share_templates(app)
    app.testing = True
    with app.app_context():
        yield app
        db.session.remove()
        told = given_away(office)
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()
    assert told == []


@pytest.fixture
def app(database_url: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a fresh database, on both engines."""
    yield from _stand_up(database_url, request)


@pytest.fixture
def sqlite_app(sqlite_url: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on SQLite alone, for what does not depend on the engine."""
    yield from _stand_up(sqlite_url, request)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen."""
    return browser_of(app)


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """The clock of everything, standing at the module's `NOW` until the test moves it."""
    hand = Watch(request.module.NOW)
    with clock.turned_to(hand):
        yield hand


@pytest.fixture
def home(app: Flask) -> Household:
    """A small practice in rows, on both engines; a module that needs more on stage adds to it."""
    return stand_up()


@pytest.fixture
def sqlite_home(sqlite_app: Flask) -> Household:
    """The same on SQLite alone."""
    return stand_up()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command line."""
    return app.test_cli_runner()


def browser_path() -> str | None:
    """Return where Chromium is, as `BROWSER_BIN` or the usual paths have it."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("BROWSER_BIN") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium, found by `BROWSER_BIN` or on the usual paths."""
    from playwright.sync_api import sync_playwright

    flags = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    flags += ["--no-first-run", "--disable-quic"]
    with sync_playwright() as playwright:
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh page of a fresh profile, closed before the server it looks at, which would wait for
    it.
    """
    if "live_server" in request.fixturenames:
        request.getfixturevalue("live_server")
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout once."""
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def kinfold(wheel: Path) -> Iterator[Path]:
    """The command `kinfold`, installed from the wheel where no checkout is near and every user may
    look.
    """
    folder = Path(tempfile.mkdtemp(prefix="kinfold-installed-"))
    folder.chmod(0o755)
    yield install(wheel, folder)
    shutil.rmtree(folder)


@pytest.fixture
def live_server(sqlite_app: Flask) -> Iterator[str]:
    """The application behind a real web server; gives its address."""
    with served(sqlite_app) as address:
        sqlite_app.config["KINFOLD"] = replace(sqlite_app.config["KINFOLD"], base_url=address)
        yield address
