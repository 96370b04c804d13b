"""State stands beside a checkout, and apart from an installed package."""

from pathlib import Path

import pytest

from scheduler.kernel import installation
from scheduler.kernel.installation import usual_instance


def test_checkout_keeps_its_state_beside_the_code(tmp_path: Path) -> None:
    (tmp_path / "run.py").touch()
    (tmp_path / "pyproject.toml").touch()

    assert usual_instance({"XDG_STATE_HOME": "/state"}, tmp_path) == tmp_path / "instance"


def test_installed_package_follows_the_folder_of_state(tmp_path: Path) -> None:
    assert usual_instance({"XDG_STATE_HOME": "/state"}, tmp_path) == Path("/state/kinfold")


def test_installed_package_uses_the_system_folder_where_it_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "SYSTEM_STATE", tmp_path / "lib" / "kinfold")
    (tmp_path / "lib").mkdir()

    assert usual_instance({}, tmp_path) == tmp_path / "lib" / "kinfold"


def test_installed_package_without_a_system_folder_uses_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "SYSTEM_STATE", tmp_path / "absent" / "kinfold")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert usual_instance({}, tmp_path) == tmp_path / ".local" / "state" / "kinfold"
