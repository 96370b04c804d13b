"""The wheel alone is the product: nothing of a checkout is near where it is installed."""

import zipfile
from datetime import date, timedelta
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import KEY
from fakes.post_office import PostOffice
from installed import ROOT, asked, build
from scheduler.cli.demo.demo_clinic import clinic_file
from scheduler.kernel.installation import release

SHIPPED = ("scheduler", "templates")
COMPILED = "__pycache__"


def shipped_files() -> set[str]:
    """Return the files of this checkout that the wheel must hold, by their paths in it."""
    paths = set()
    for top in SHIPPED:
        for path in (ROOT / top).rglob("*"):
            made_here = path.suffix == ".mo" or COMPILED in path.parts
            if path.is_file() and not made_here:
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


def test_installed_command_keeps_its_state_where_it_is_told_and_nowhere_else(
    kinfold: Path, tmp_path: Path
) -> None:
    packages = kinfold.parent.parent

    before = {path for path in packages.rglob("*") if path.suffix != ".pyc"}
    answer = asked(kinfold, "db", "upgrade", cwd=tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))
    after = {path for path in packages.rglob("*") if path.suffix != ".pyc"}

    assert answer.returncode == 0, answer.stderr
    kept = {path.name for path in (tmp_path / "state" / "kinfold").iterdir()}
    assert kept >= {"kinfold.db", "database_key", "secret_key"}
    assert {path for path in after - before if path.name != "__pycache__"} == set()
