"""What a release is made with: a lock with hashes, a list of what is shipped, and its licences."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installed import ROOT, script

release = script("deploy/release.py")
LOCKED = release.locked((ROOT / "deploy" / "requirements.lock").read_text())


def requirements(name: str) -> list[Requirement]:
    """Return the requirements of a file at the top."""
    lines = (ROOT / name).read_text().splitlines()
    said = [line.partition("#")[0].strip() for line in lines]
    return [Requirement(line) for line in said if line]


def test_lock_holds_every_requirement_as_it_is_pinned() -> None:
    pins = {canonicalize_name(pin.name): pin.specifier for pin in requirements("constraints.txt")}
    versions = {package.name: package.version for package in LOCKED if not package.where}
    needed = {canonicalize_name(needed.name) for needed in requirements("requirements.txt")}

    assert needed - versions.keys() == set()
    assert [name for name in needed if versions[name] not in pins[name]] == []


def test_lock_holds_a_hash_of_every_package() -> None:
    assert [package.name for package in LOCKED if not package.hashes] == []


def test_bill_of_materials_names_all_that_is_shipped_with_its_licence() -> None:
    bill = release.sbom(LOCKED, "1.2.3", "0" * 64)
    said = [part["licenses"][0]["license"]["name"] for part in bill["components"]]
    data = [part["name"] for part in bill["components"] if part["type"] == "data"]

    assert [f"{name}.licence.txt" for name in data] == [path.name for path in release.DATA_LICENCES]
    assert [part["purl"] for part in bill["components"] if "purl" in part] == [
        f"pkg:pypi/{package.name}@{package.version}" for package in LOCKED
    ]
    assert [words for words in said if words == "not named"] == []
    assert [words for words in said if re.search(r"(?<!L)GPL", words)] == []
    assert bill["metadata"]["component"]["purl"] == "pkg:pypi/kinfold@1.2.3"


def faults_of(bill: object) -> bool:
    """True if CycloneDX 1.6's own schema, taken strictly, refuses a bill of materials."""
    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is not None


def test_bill_of_materials_follows_the_schema_of_cyclonedx() -> None:
    bill = release.sbom(LOCKED, "1.2.3", "0" * 64)

    assert not faults_of(bill)
    assert faults_of(bill | {"licences": []})


def test_every_package_brings_the_text_of_its_licence() -> None:
    lacking = []
    for package in LOCKED:
        found = release.installed(package)
        if found is None:
            continue  # of another machine
        texts = [file for file in found.files if release.LICENCE_FILE.search(str(file))]
        if not texts:
            lacking.append(package.name)

    assert lacking == []


def test_licence_texts_begin_with_ours_and_that_of_the_data() -> None:
    text = release.licence_texts([one for one in LOCKED if one.name == "babel"])

    assert text.startswith("kinfold: Apache-2.0\n")
    assert "released them to the public" in text
    assert "UNICODE" in text.upper()


def test_licence_texts_are_of_every_package_that_brings_one() -> None:
    text = release.licence_texts([one for one in LOCKED if one.name in {"flask", "waitress"}])

    assert "flask 3.1.3: BSD-3-Clause\n" in text
    assert "Zope Public License" in text


run = script("run.py")


@pytest.mark.parametrize(
    ("system", "machine", "soabi", "said"),
    [
        ("linux", "x86_64", "cpython-312-x86_64-linux-gnu", ""),
        ("linux", "aarch64", "cpython-313-aarch64-linux-gnu", ""),
        ("darwin", "arm64", "cpython-313-darwin", ""),
        ("win32", "AMD64", "", ""),
        ("darwin", "x86_64", "cpython-313-darwin", "Macs with Intel"),
        ("win32", "ARM64", "", "Windows on ARM"),
        ("linux", "x86_64", "cpython-312-x86_64-linux-musl", "Alpine"),
        ("linux", "riscv64", "cpython-313-riscv64-linux-gnu", "riscv64"),
    ],
)
def test_machine_without_wheels_is_named_before_anything_is_installed(
    system: str, machine: str, soabi: str, said: str
) -> None:
    sentence = run.no_wheels(system, machine, soabi)

    assert said in sentence
    assert bool(sentence) == bool(said)


@pytest.mark.parametrize(
    ("version", "why"), [((3, 10), "too old"), ((3, 15), "newer than some packages")]
)
def test_python_without_wheels_is_named_with_those_that_have_them(
    version: tuple[int, int], why: str
) -> None:
    sentence = run.wrong_python(version)

    assert sentence.startswith("Kinfold runs on Python 3.11 to 3.14; this is ")
    assert why in sentence


def test_environment_of_another_checkout_is_not_installed_into(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs / ".venv"):
        folder.mkdir(parents=True)
    (theirs / "run.py").touch()
    for name in ("run.py", "requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (ours / name).write_text((ROOT / name).read_text())
    (ours / ".venv").symlink_to(theirs / ".venv")

    command = [sys.executable, ours / "run.py", "setup"]
    asked = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert asked.returncode == 1
    assert asked.stderr.startswith(f"run.py: .venv is a link into the checkout {theirs}, and ")
    assert list((theirs / ".venv").iterdir()) == []


def test_environment_of_a_checkouts_own_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "checkout" / ".venv").mkdir(parents=True)
    (tmp_path / "by-another-name").symlink_to(tmp_path / "checkout")

    assert run.leads_to(tmp_path / "by-another-name") is None
