"""What this installation is: where it keeps its files (a checkout beside its code, an installed one
apart), its release, and which extras it has.
"""

import os
import tomllib
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from scheduler.kernel.errors import Misconfigured

PACKAGE = Path(__file__).resolve().parent.parent
SYSTEM_STATE = Path("/var/lib/kinfold")
EXTRAS = {
    "planner": "ortools",
    "passkeys": "webauthn",
    "age": "pyrage",
}
"""What `pip install kinfold` leaves out, and what each extra brings."""


def has_extra(name: str) -> bool:
    """True if an extra of the distribution is installed here."""
    return find_spec(EXTRAS[name]) is not None


def how_to_add(name: str) -> str:
    """Return what adds an extra that is not installed here."""
    return f"pip install 'kinfold[{name}]'"


def is_checkout(root: Path = PACKAGE.parent) -> bool:
    """True if the package stands in a checkout and not among installed packages."""
    return (root / "run.py").is_file() and (root / "pyproject.toml").is_file()


def templates() -> Path:
    """Return the folder of templates: in the package where it is installed, at the top of a
    checkout.
    """
    if is_checkout():
        return PACKAGE.parent / "templates"
    return PACKAGE / "templates"


def usual_instance(
    environment: Mapping[str, str] = os.environ,
    root: Path = PACKAGE.parent,
    system: Path = SYSTEM_STATE,
) -> Path:
    """Return the folder of database and kept secrets where KINFOLD_INSTANCE names none.

    It is `instance` in a checkout; installed, `kinfold` in XDG_STATE_HOME, else /var/lib/kinfold
    where we may write, else the person's own folder of state (XDG Base Directory 0.8).
    """
    if is_checkout(root):
        return root / "instance"
    said = environment.get("XDG_STATE_HOME")
    if said:
        return Path(said) / "kinfold"
    nearest = system if system.exists() else system.parent
    if os.access(nearest, os.W_OK):
        return system
    home = Path(environment.get("HOME") or Path.home())
    return home / ".local" / "state" / "kinfold"


def make_folder(folder: Path) -> None:
    """Make a folder of state that its owner alone reads, unless it is there. Raises Misconfigured
    where it may not be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(cannot_write(folder, error)) from error


def cannot_write(path: Path, error: OSError) -> str:
    """Return what may be done about a place of state that cannot be written."""
    return (
        f"KINFOLD_INSTANCE: cannot write {path} ({error.strerror}); name a folder that may be "
        "written"
    )


def release() -> str:
    """Return the version of this release, as the distribution or the checkout names it."""
    if not is_checkout():
        return version("kinfold")
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
