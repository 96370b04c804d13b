"""State stands beside a checkout, and apart from an installed package."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli.demo.demo_commands import demo
from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.installation import make_folder, usual_instance


def test_checkout_keeps_its_state_beside_the_code(tmp_path: Path) -> None:
    (tmp_path / "run.py").touch()
    (tmp_path / "pyproject.toml").touch()

    assert usual_instance({"XDG_STATE_HOME": "/state"}, tmp_path) == tmp_path / "instance"


def test_installed_package_follows_the_folder_of_state(tmp_path: Path) -> None:
    assert usual_instance({"XDG_STATE_HOME": "/state"}, tmp_path) == Path("/state/kinfold")


def test_installed_package_uses_the_system_folder_where_it_may_write(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    system = tmp_path / "lib" / "kinfold"

    assert usual_instance({}, tmp_path, system) == system


def test_installed_package_without_a_system_folder_uses_the_home(tmp_path: Path) -> None:
    system = tmp_path / "absent" / "kinfold"
    home = {"HOME": str(tmp_path)}

    assert usual_instance(home, tmp_path, system) == tmp_path / ".local" / "state" / "kinfold"


def test_folder_of_state_is_its_owners_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "state" / "kinfold")

    assert (tmp_path / "state" / "kinfold").stat().st_mode & 0o777 == 0o700


def test_folder_of_state_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Misconfigured, match=r"^KINFOLD_INSTANCE: cannot write .*/file/state"):
        make_folder(tmp_path / "file" / "state")


def test_demo_that_may_write_nowhere_says_so_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "state"

    said = CliRunner().invoke(demo, [], env={"KINFOLD_INSTANCE": str(folder)})

    assert (said.exit_code, said.output) == (
        1,
        f"KINFOLD_INSTANCE: cannot write {folder}/demo (Not a directory); name a folder that may "
        "be written\n",
    )
