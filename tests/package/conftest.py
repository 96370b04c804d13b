"""An empty database of the engine that a test names."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'earlier.db'}"
        return
    server = request.getfixturevalue("postgres")
    server.run("CREATE DATABASE earlier")
    yield server.url("earlier").replace("postgresql://", "postgresql+psycopg://")
    server.run("DROP DATABASE earlier WITH (FORCE)")
