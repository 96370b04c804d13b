"""The Containerfile built for real, with `--long` and where a builder is: its base is a Debian that
debootstrap lays down, for no registry of images need be within reach.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy_samples import DEPLOY, container
from fakes.postgres import free_port
from installed import ROOT

MIRROR = "http://deb.debian.org/debian"
PACKAGES = "python3,python3-venv,python3-pip,ca-certificates"
TRUSTED = "/etc/ssl/certs/ca-certificates.crt"
"""Whom this machine trusts: the packages are fetched from where it fetches them."""
NEEDED = ("buildah", "debootstrap")


class Builder:
    """Buildah with a store of its own, every step in a chroot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = dict(os.environ, STORAGE_DRIVER="vfs", BUILDAH_ISOLATION="chroot")

    def do(self, *words: str) -> str:
        """Do one thing of it and return what it said."""
        store = ["--root", str(self.folder / "store"), "--runroot", str(self.folder / "run")]
        done = subprocess.run(
            ["buildah", *store, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[Builder]:
    """A builder, and under the name of the image that the Containerfile begins with a Debian. It is
    asked for with `--long` alone (conftest).
    """
    assert all(map(shutil.which, NEEDED)), "want buildah and debootstrap: run.py installs them"
    system = tmp_path / "system"
    options = ["--variant=minbase", f"--include={PACKAGES}"]
    words = ["debootstrap", *options, "bookworm", str(system), MIRROR]
    subprocess.run(words, check=True, capture_output=True)
    found = Builder(tmp_path)
    name = found.do("from", "scratch")
    found.do("copy", "-q", name, str(system), "/")
    # As python:3.13-slim has it: the program's name, and pip for everybody.
    found.do("run", name, "ln", "-s", "/usr/bin/python3", "/usr/local/bin/python")
    found.do("run", name, "sh", "-c", "rm -f /usr/lib/python3*/EXTERNALLY-MANAGED")
    base = next(what for word, what in container() if word == "FROM").split()[0]
    found.do("commit", "-q", name, base)
    yield found
    found.do("rm", "--all")


@pytest.mark.timeout(3600)
def test_image_is_built_and_serves_as_no_root_what_it_may_not_change(builder: Builder) -> None:
    file = str(DEPLOY / "Containerfile")
    trusted = ["--volume", f"{TRUSTED}:{TRUSTED}:ro"]
    build = ["bud", "--pull-never", "--layers=false", "--network", "host", *trusted]
    builder.do(*build, "-f", file, "-t", "kinfold-of-the-tests", ".")
    name = builder.do("from", "--pull-never", "localhost/kinfold-of-the-tests")
    port = free_port()

    def run(words: str) -> str:
        return builder.do("run", "--user", "kinfold", name, "--", "sh", "-c", words)

    assert run("id -u") == "10001"
    assert run("touch /opt/kinfold/x || echo refused") == "refused"
    assert re.fullmatch(r"schema \d{4}", run("kinfold db upgrade"))
    health = asked_for_health().replace(":8000", f":{port}")
    served = (
        f"kinfold web run --listen 127.0.0.1:{port} & page=$!; "
        f"for turn in $(seq 60); do sleep 1; {health} && echo healthy && break; done 2>/dev/null; "
        "kill $page; wait $page; exit 0"
    )
    assert "healthy" in run(served).splitlines()
    # Whether SQLite's two files beside the database are there is a matter of the last moment.
    kept = run("ls -I kinfold.db-* /var/lib/kinfold").split()
    assert kept == ["database_key", "kinfold.db", "secret_key"]


def asked_for_health() -> str:
    """Return the health check of the Containerfile as a line for a shell."""
    said = next(what for word, what in container() if word == "HEALTHCHECK")
    program = re.search(r'"import .*"(?=\])', said)
    assert program is not None
    return f"python -c {program[0]}"
