"""The wheel, built and installed where no checkout is near; and scripts outside the package."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def build(folder: Path) -> Path:
    """Build the wheel into a folder and return its path."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def install(wheel: Path, folder: Path, *, lacks: frozenset[str] = frozenset()) -> Path:
    """Return the command `kinfold` of a new environment with the wheel and what it needs, and
    nothing else of ours; what is named in `lacks` is not there.
    """
    venv.create(folder, with_pip=False)
    scheme = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    tests_packages = Path(sysconfig.get_path("purelib"))
    if lacks:
        tests_packages = _all_but(lacks, tests_packages, folder / "others")
    (packages / "tests_packages.pth").write_text(f"{tests_packages}\n")
    python = Path(sysconfig.get_path("scripts", "venv", scheme)) / "python"
    words = ["-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([python, *words], check=True, cwd=folder, env=plain_environment())
    return python.with_name("kinfold")


def _all_but(lacks: frozenset[str], packages: Path, folder: Path) -> Path:
    """Return a folder with every package but some, by the first word of their files' names."""
    folder.mkdir()
    for path in packages.iterdir():
        name = re.split(r"[-.]", path.name.lower())[0].strip("_")
        if name not in lacks:
            (folder / path.name).symlink_to(path)
    return folder


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


def run_python(
    python: Path, words: str, *, cwd: Path, **said: str
) -> "subprocess.CompletedProcess[str]":
    """Run some Python in an installed environment."""
    return subprocess.run(
        [python, "-c", words],
        cwd=cwd,
        env=plain_environment(**said),
        capture_output=True,
        text=True,
        timeout=120,
    )


def script(path: str) -> ModuleType:
    """Return a script of this checkout as a module, not run."""
    spec = spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
