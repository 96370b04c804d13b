"""State stands beside a checkout, and apart from an installed package."""

from pathlib import Path

from scheduler.kernel.installation import usual_instance


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
