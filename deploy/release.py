"""Makes what a release is: the wheel, a list of all it stands on (CycloneDX), and their licences.

    .venv/bin/python deploy/release.py lock     deploy/requirements.lock anew, by uv
    .venv/bin/python deploy/release.py build    into dist/: the wheel, .cdx.json, .licences.txt

The versions are those of constraints.txt; what is said of a package is read from what is
installed.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "deploy" / "requirements.lock"
DIST = ROOT / "dist"
PINNED = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^ \\;]+)(?: *;(?P<where>[^\\]*))?", re.M)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
LICENCE_FILE = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE)[^/]*$", re.I)
NAMED = re.compile(r"License :: OSI Approved :: (.+)")
DATA_LICENCES = sorted((ROOT / "scheduler").rglob("*.licence.txt"))
"""Under what the data may be passed on that somebody else made and the wheel holds."""
UNSAID = {"pyrage": "MIT", "sqlcipher3": "Zlib AND BSD-3-Clause"}
"""What the sources of a package say where its metadata say nothing."""


@dataclass(frozen=True)
class Locked:
    """One package of the lock, with the hashes of all its files."""

    name: str
    version: str
    where: str
    """The machines it is for, as a marker; "" for all."""
    hashes: tuple[str, ...]


def locked(text: str) -> list[Locked]:
    """Return the packages of a lock."""
    starts = list(PINNED.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    found = []
    for start, end in zip(starts, ends, strict=True):
        hashes = tuple(HASH.findall(text[start.start() : end]))
        where = (start["where"] or "").strip()
        found.append(Locked(start["name"], start["version"], where, hashes))
    return found


def licence(package: Distribution) -> str:
    """Return the licence that a package names: its expression, else its classifiers, else its
    words.
    """
    said = package.metadata
    expression = said.get("License-Expression")
    if expression:
        return str(expression)
    classified = [NAMED.fullmatch(word) for word in said.get_all("Classifier") or ()]
    names = [match[1] for match in classified if match]
    if names:
        return " AND ".join(names)
    words = said.get("License") or UNSAID.get(package.name, "not named")
    return str(words).splitlines()[0]


def installed(package: Locked) -> Distribution | None:
    """Return what is installed of a package; None for one of another machine."""
    try:
        return distribution(package.name)
    except PackageNotFoundError:
        if package.where:
            return None
        raise


def sbom(packages: list[Locked], version: str, wheel_hash: str) -> dict[str, Any]:
    """Return the bill of materials of a release, as CycloneDX 1.6."""
    product = component("kinfold", version, "Apache-2.0")
    product["type"] = "application"
    product["hashes"] = [{"alg": "SHA-256", "content": wheel_hash}]
    components = [PASSWORDS]
    for package in packages:
        found = installed(package)
        said = licence(found) if found else "not named"
        components.append(component(package.name, package.version, said))
    needed = [part["bom-ref"] for part in components]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": product},
        "components": components,
        "dependencies": [{"ref": product["bom-ref"], "dependsOn": needed}],
    }


def component(name: str, version: str, said: str) -> dict[str, Any]:
    """Return a library as CycloneDX names it."""
    address = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "licenses": [{"license": {"name": said}}],
    }


PASSWORDS: dict[str, Any] = {
    "type": "data",
    "bom-ref": "most_used_passwords",
    "name": "most_used_passwords",
    "description": "Passwords that are used most, as a filter, of the lists of SecLists",
    "licenses": [{"license": {"name": "MIT"}}],
}
"""The one thing in the wheel that is neither ours nor a package; its licence stands beside it."""


def licence_texts(packages: list[Locked]) -> str:
    """Return our own licence, that of the data in the wheel, and of each package what it names and
    every text it brings, those of what is built into it among them.
    """
    parts = ["kinfold: Apache-2.0\n", (ROOT / "LICENSE").read_text()]
    for path in DATA_LICENCES:
        parts.append(f"{path.relative_to(ROOT)}:\n\n{path.read_text()}")
    for package in packages:
        found = installed(package)
        if found is None:
            continue
        parts.append(f"{package.name} {package.version}: {licence(found)}\n")
        for file in found.files or ():
            if LICENCE_FILE.search(str(file)):
                parts.append(Path(str(file.locate())).read_text("utf-8", "replace"))
    return f"\n{'=' * 80}\n".join(parts)


def make_lock() -> None:
    """Write the lock anew. Exits where uv is not there."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("release.py: uv makes the lock; install it (pip install uv)")
    words = "pip compile requirements.txt -c constraints.txt --universal --generate-hashes"
    options = ["--no-header", "--no-annotate", "-q", "-o", str(LOCK)]
    subprocess.run([uv, *words.split(), *options], check=True, cwd=ROOT)


def build() -> None:
    """Write the wheel and what belongs to it into dist/."""
    shutil.rmtree(DIST, ignore_errors=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(DIST)]
    subprocess.run(command, check=True, cwd=ROOT)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    (wheel,) = DIST.glob("*.whl")
    packages = locked(LOCK.read_text())
    bill = sbom(packages, version, hashlib.sha256(wheel.read_bytes()).hexdigest())
    (DIST / f"kinfold-{version}.cdx.json").write_text(json.dumps(bill, indent=2) + "\n")
    (DIST / f"kinfold-{version}.licences.txt").write_text(licence_texts(packages))


if __name__ == "__main__":
    steps = {"lock": make_lock, "build": build}
    if len(sys.argv) != 2 or sys.argv[1] not in steps:
        sys.exit(str(__doc__))
    steps[sys.argv[1]]()
