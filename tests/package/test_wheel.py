"""The wheel alone is the product: nothing of a checkout is near where it is installed."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import KEY
from fakes.post_office import PostOffice
from scheduler.cli.demo.demo_clinic import clinic_file
from scheduler.kernel.installation import release

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("scheduler", "templates")
NOT_SHIPPED = {".pyc", ".mo"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def kinfold(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `kinfold` of an environment with the wheel and what it needs, and nothing else
    of ours.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    scheme = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    tests_packages = sysconfig.get_path("purelib")
    (packages / "tests_packages.pth").write_text(tests_packages + "\n")
    python = Path(sysconfig.get_path("scripts", "venv", scheme)) / "python"
    install = ["-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([python, *install], check=True, cwd=folder, env=plain_environment())
    return python.with_name("kinfold")


def build(folder: Path) -> Path:
    """Build the wheel into a folder and return its path."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def plain_environment(**said: str) -> dict[str, str]:
    """Return an environment that names no setting but those said."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, **said}


def asked(kinfold: Path, *words: str, cwd: Path, **said: str) -> "subprocess.CompletedProcess[str]":
    """Ask the installed command, in a folder that is no checkout."""
    return subprocess.run(
        [kinfold, *words],
        cwd=cwd,
        env=plain_environment(**said),
        capture_output=True,
        text=True,
        timeout=120,
    )


def shipped_files() -> set[str]:
    """Return the files of this checkout that the wheel must hold, by their paths in it."""
    paths = set()
    for top in SHIPPED:
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and path.suffix not in NOT_SHIPPED:
                paths.add(path.relative_to(ROOT).as_posix())
    return {path if path.startswith("scheduler/") else f"scheduler/{path}" for path in paths}


def test_wheel_holds_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    held = {name for name in names if ".dist-info/" not in name}
    assert held == shipped_files()


def test_wheel_built_twice_is_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = build(tmp_path)

    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_wheel_needs_what_the_requirements_say(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = archive.read(name).decode()
    needed = [
        line.removeprefix("Requires-Dist: ")
        for line in metadata.splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    text = (ROOT / "requirements.txt").read_text()
    said = [line.partition("#")[0].strip() for line in text.splitlines()]

    assert sorted(map(package_name, needed)) == sorted(map(package_name, filter(None, said)))


def package_name(requirement: str) -> str:
    """Return the name of a requirement."""
    return canonicalize_name(Requirement(requirement).name)


def test_installed_command_says_its_version(kinfold: Path, tmp_path: Path) -> None:
    answer = asked(kinfold, "--version", cwd=tmp_path)

    assert answer.stdout == f"kinfold, version {release()}\n"


def test_installed_command_takes_a_clinic_from_file_to_letters(
    kinfold: Path, tmp_path: Path, database_url: str, post_office: PostOffice
) -> None:
    monday = date.today() + timedelta(days=7 - date.today().weekday())
    (tmp_path / "clinic.yaml").write_bytes(clinic_file(monday))
    said = {
        "DATABASE_URL": database_url,
        "DATABASE_KEY": KEY,
        "KINFOLD_INSTANCE": str(tmp_path / "state"),
        "SMTP_URL": post_office.url,
    }

    answers = [
        asked(kinfold, *words.split(), cwd=tmp_path, **said)
        for words in (
            "db upgrade",
            "clinic load clinic.yaml",
            "cohort plan evening --seconds 2",
            "cohort publish evening",
            "worker drain",
        )
    ]

    assert [answer.returncode for answer in answers] == [0] * 5, answers
    recipients = {address for letter in post_office.messages for address in letter.recipients}
    assert "p-201-father@family.example" not in recipients
    assert recipients


def test_installed_command_keeps_its_state_where_it_is_told(kinfold: Path, tmp_path: Path) -> None:
    answer = asked(kinfold, "db", "upgrade", cwd=tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))

    assert answer.returncode == 0, answer.stderr
    kept = {path.name for path in (tmp_path / "state" / "kinfold").iterdir()}
    assert kept >= {"kinfold.db", "database_key", "secret_key"}


def test_installed_command_writes_nothing_among_the_packages(kinfold: Path, tmp_path: Path) -> None:
    packages = kinfold.parent.parent

    before = {path for path in packages.rglob("*") if path.suffix != ".pyc"}
    asked(kinfold, "db", "upgrade", cwd=tmp_path, XDG_STATE_HOME=str(tmp_path))
    after = {path for path in packages.rglob("*") if path.suffix != ".pyc"}

    assert {path for path in after - before if path.name != "__pycache__"} == set()
