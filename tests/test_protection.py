"""What docs/protection.md says of limits, ways in, keys, lines and records is what code does."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import Config
from scheduler import MODELS
from scheduler.attendance import attendance_csv
from scheduler.clinics.reading import yaml_tree
from scheduler.ical import busy_times
from scheduler.people.accounts.guessed_words import PRODUCT
from scheduler.people.accounts.role_names import Role
from scheduler.worker import lmtp_server

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "scheduler"
TEXT = (ROOT / "docs" / "protection.md").read_text()
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
CRYPTOGRAPHY = r"(hashlib|hmac|secrets|cryptography|argon2|itsdangerous|pyotp|ssl|sqlcipher3)"
SIGNS_IN = (
    r"\b(begin_here|let_in|lead_in|carry_in|complete|begin_sign_in|people_kept|token_holder)\("
)
LOOKED_AT = re.compile(r"Looked at on (\d{4}-\d\d-\d\d)")
OFTEN = timedelta(days=30)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the tables under a heading, without their heads."""
    part = TEXT.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    heads = {"kind", "door", "what", "who", "for", "to"}
    return [row for row in cells if row[0] not in heads or row[1] in {"secret"}]


def named(cell: str) -> set[str]:
    """Return what stands as code in a cell."""
    return set(re.findall(r"`([^`]+)`", cell))


def value_of(words: str) -> object:
    """Return what the code says for the words of a limit."""
    many, _, window = words.partition(" in ")
    if window:
        return int(many), value_of(window)
    number, _, unit = words.partition(" ")
    if unit:
        return timedelta(seconds=int(number) * UNITS[unit.rstrip("s")])
    return float(number) if "." in number else int(number)


LIMITS = {row[2].strip("`"): row[1] for row in rows("Limits")}


@pytest.mark.parametrize("name", LIMITS)
def test_limit_is_what_the_code_says(name: str) -> None:
    module, _, constant = name.rpartition(".")

    assert value_of(LIMITS[name]) == getattr(import_module(module), constant)


def test_what_defends_signing_in_is_told_and_that_nobody_is_locked_out_by_strangers() -> None:
    told = {name.rpartition(".")[2] for name in LIMITS if name.startswith("scheduler.people.")}
    part = " ".join(TEXT.partition("\n## Limits")[2].partition("\n## ")[0].split())

    assert {"PAIR", "ADDRESS", "ACCOUNT", "ACCOUNT_PAUSE", "TRIES", "CODE_LASTS"} <= told
    assert "Strangers' failures never lock an account" in part
    assert "behind a proxy name it in `TRUSTED_PROXIES`" in part


def test_every_package_with_rows_stands_in_a_kind_of_data() -> None:
    known = set().union(*(named(row[2]) for row in kinds()[0]))

    assert known == {name.partition(".")[0] for name in MODELS}


def using(pattern: str, folder: Path = CODE) -> Iterator[Path]:
    """Yield the files in which a pattern stands."""
    for path in sorted(folder.rglob("*.py")):
        if re.search(pattern, path.read_text(), re.M):
            yield path


def package_of(path: Path) -> str:
    """Return the package of a file, "" for the house's own."""
    parts = path.relative_to(CODE).parts
    return parts[0] if len(parts) > 1 else ""


def test_every_package_that_uses_cryptography_stands_in_its_table() -> None:
    told = set().union(*(named(row[3]) for row in rows("Cryptography")))
    found = {package_of(path) for path in using(rf"^\s*(import|from) {CRYPTOGRAPHY}\b")}

    assert told - found == set()
    assert found - told - {"", "cli"} == set()


def test_every_way_in_stands_in_its_table() -> None:
    told = set().union(*(named(row[2]) for row in rows("Ways in")))
    files = {name for name in told if name.endswith(".py")}
    doors = {str(path.relative_to(ROOT)) for path in using(SIGNS_IN, CODE / "web")}

    assert [name for name in told if not (ROOT / name).exists()] == []
    assert files == doors


def test_every_proof_stands_among_the_ways_in() -> None:
    told = " ".join(row[1] for row in rows("Ways in"))
    words = ("password", "telephone", "recovery code", "PIN", "mailed", "phone", "token", "secret")

    assert [word for word in words if word not in told] == []


def test_every_line_out_has_its_package() -> None:
    calls = r"^(import|from) (smtplib|http\.client|imap_tools|imaplib|urllib\.request|aiosmtpd)\b"
    packages = {package_of(path) for path in using(calls)}

    assert packages == {"cli", "kernel", "outbox", "rooms", "worker"}


def test_every_line_out_names_its_setting() -> None:
    settings = set().union(*(named(row[2]) for row in rows("Lines out")))
    known = {name.upper() for name in Config.__dataclass_fields__}

    assert settings <= known
    assert {"DATABASE_URL", "SMTP_URL", "MAIL_IN", "SMS_URL", "BASE_URL"} <= settings


def test_every_deed_of_the_record_that_is_named_is_written() -> None:
    part = TEXT.partition("Written into the record")[2].partition("What was turned away")[0]
    code = "\n".join(path.read_text() for path in CODE.rglob("*.py"))
    missing = [deed for deed in named(part) if f'"{deed}"' not in code]

    assert missing == []
    assert len(named(part)) > 10


def pins() -> dict[str, str]:
    """Return the version of every component that is tested."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.partition("==") for line in lines if "==" in line]
    return {canonicalize_name(name): version for name, _, version in pairs}


def needed() -> set[str]:
    """Return every component that the product runs on, those below its own included."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    words = [line.partition("#")[0].strip() for line in lines]
    waiting = [Requirement(word) for word in words if word]
    found: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        extras = wanted.extras or {""}
        if not any(wanted.marker is None or wanted.marker.evaluate({"extra": e}) for e in extras):
            continue
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        if name not in found:
            found.add(name)
            for line in requires:
                below = Requirement(line)
                if below.marker is None or below.marker.evaluate({"extra": ""}):
                    waiting.append(below)
    return found


def test_every_component_the_product_runs_on_is_listed_with_its_version() -> None:
    listed, components = pins(), needed()

    assert len(components) > 30
    assert sorted(components - set(listed)) == []


def test_components_were_looked_at_within_thirty_days_of_the_newest_release() -> None:
    said = LOOKED_AT.search(TEXT)
    assert said is not None
    looked_at = date.fromisoformat(said[1])
    changes = (ROOT / "CHANGELOG.md").read_text()
    released = re.findall(r"^## \[\d[^\]]*\] - (\d{4}-\d\d-\d\d)", changes, re.M)

    assert max(map(date.fromisoformat, released)) - looked_at <= OFTEN


def test_until_when_a_flaw_of_a_component_is_mended_is_told() -> None:
    told = " ".join(TEXT.partition("\n## What Kinfold is built on")[2].split())

    strict = "within 2 days where strangers can use it, 7 days where one must be signed in, 30 days"
    assert strict in told
    assert f"renewed, at least every {OFTEN.days} days" in told


def kinds() -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of the kinds of data, and of what each asks for."""
    told = rows("What is kept")
    return [row for row in told if len(row) == 4], [row for row in told if len(row) == 6]


def test_every_kind_of_data_says_how_it_is_protected() -> None:
    """How it is sealed, kept whole, until when, what logs hold of it and who reads it."""
    data, asked = kinds()

    assert [row[0] for row in data] == ["secret", "care", "record", "house", "public"]
    assert [row[0] for row in asked] == [row[0] for row in data]
    assert [row for row in asked if "" in row] == []
    logged = ["never", "an id, never words", "its number", "an id", "a number"]
    assert [row[4] for row in asked] == logged


def test_as_many_sign_ins_at_once_as_it_says() -> None:
    assert "as many at once as somebody has browsers" in TEXT
    assert "NIST SP 800-63B (rev. 3, AAL2)" in TEXT


def test_words_no_password_may_hold_are_told() -> None:
    told = TEXT.partition("**Words no password may hold**")[2].partition("\n\n")[0].lower()

    assert [word for word in (PRODUCT, *Role) if word not in told] == []
    assert "outward name" in told
    assert "own address" in told


def test_life_of_keys_is_told_and_kept(tmp_path: Path) -> None:
    told = TEXT.partition("Keys are 32 octets")[2].partition("\n## ")[0]
    kept = Config.from_environment({"KINFOLD_INSTANCE": str(tmp_path)})

    keys = [bytes.fromhex(key) for key in (kept.secret_key, kept.database_key)]
    assert [len(key) for key in keys] == [32, 32]
    missing = [
        word
        for word in ("0600", "NAME_FILE", "NIST SP 800-57", "every two years")
        if word not in told
    ]
    assert missing == []


FILES = {
    "a clinician's calendar (page)": busy_times.LARGEST,
    "a clinic file, a program, assumptions (commands)": yaml_tree.MAX_BYTES,
    "attendance (command)": attendance_csv.LARGEST,
    "a followed calendar (worker)": busy_times.LARGEST,
    "mail (worker)": lmtp_server.MOST_BYTES,
}


def test_file_that_may_come_in_is_as_large_as_its_door_says() -> None:
    part = [row for row in rows("What may come in") if row[0] in FILES]
    said = {row[0]: re.findall(r"(\d+) MB", row[1]) for row in part}

    assert said == {door: [str(octets // 1024**2)] for door, octets in FILES.items()}


def test_inventory_of_logs_says_where_who_and_how_long() -> None:
    said = [(row[0], row[1], row[2]) for row in rows("Logs and the record")]

    assert [what for what, _, _ in said] == [
        "each request, letter, job, fault",
        "who did what, to whom, when",
        "the end of the record",
    ]
    assert [what for what, where, readers in said if not where or ";" not in readers] == []
