"""Settings come from the environment; nonsense is refused with the setting's name."""

import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from config import Config
from scheduler.kernel.errors import Misconfigured


def settings(instance: Path, **said: str) -> Config:
    return Config.from_environment({"KINFOLD_INSTANCE": str(instance), **said})


def test_nothing_said_gives_an_encrypted_file_with_kept_secrets(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)

    assert first == second
    assert first.database_url == f"sqlite:///{tmp_path / 'kinfold.db'}"
    assert len(first.database_key) == 64
    assert first.secret_key != first.database_key


def test_kept_secrets_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    settings(tmp_path / "instance")

    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "instance").iterdir()
    }
    assert modes == {"database_key": 0o600, "secret_key": 0o600}
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_secret_in_a_file_is_read_from_there(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://kin@db.example/kinfold\n")

    said = settings(tmp_path, DATABASE_URL_FILE=str(tmp_path / "url"))

    assert said.database_url == "postgresql+psycopg://kin@db.example/kinfold"
    assert said.database_key == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db.example/kinfold"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "smtp://mail.example?starttls=off"),
        ("SMS_URL", "http://texts.example"),
        ("MAIL_IN", "smtp://127.0.0.1:25"),
        ("MAIL_IN", "lmtp://0.0.0.0:2424"),
        ("MAIL_IN", "imap://replies:secret@mail.example"),
        ("MAIL_IN", "imaps://mail.example/INBOX"),
        ("MAIL_TOKEN_COMMAND", "print 'token"),
        ("MAIL_TOKEN_COMMAND", "print-token"),
        ("BASE_URL", "javascript://x"),
        ("TICK_SECONDS", "often"),
        ("TICK_SECONDS", "0"),
        ("DATABASE_URL_FILE", "/nowhere/at/all"),
    ],
)
def test_setting_that_makes_no_sense_is_refused_by_name(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(Misconfigured, match=name):
        settings(tmp_path, **{name: value})


def test_level_of_the_log_is_one_of_four(tmp_path: Path) -> None:
    assert (settings(tmp_path).log_level, settings(tmp_path, LOG_LEVEL="Warning").log_level) == (
        "info",
        "warning",
    )
    with pytest.raises(Misconfigured, match="LOG_LEVEL: want one of debug, info, warning, error"):
        settings(tmp_path, LOG_LEVEL="loud")


def test_lost_database_key_beside_a_database_is_refused_and_nothing_written(
    tmp_path: Path,
) -> None:
    (tmp_path / "kinfold.db").write_bytes(b"what another key made")

    with pytest.raises(Misconfigured, match=r"DATABASE_KEY: .*kinfold\.db is there"):
        Config.from_environment({"KINFOLD_INSTANCE": str(tmp_path)})
    assert [path.name for path in tmp_path.iterdir()] == ["kinfold.db"]


def test_empty_database_key_beside_a_database_is_a_lost_one(tmp_path: Path) -> None:
    elsewhere = tmp_path / "data.db"
    elsewhere.write_bytes(b"what another key made")
    (tmp_path / "database_key").write_text("")

    with pytest.raises(Misconfigured, match="DATABASE_KEY"):
        Config.from_environment(
            {"KINFOLD_INSTANCE": str(tmp_path), "DATABASE_URL": f"sqlite:///{elsewhere}"}
        )


def test_database_whose_key_is_set_needs_no_key_file(tmp_path: Path) -> None:
    (tmp_path / "kinfold.db").write_bytes(b"what this key made")

    said = Config.from_environment({"KINFOLD_INSTANCE": str(tmp_path), "DATABASE_KEY": "k"})

    assert said.database_key == "k"


def test_database_key_is_made_beside_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "kinfold.db").touch()

    said = Config.from_environment({"KINFOLD_INSTANCE": str(tmp_path)})

    assert len(said.database_key) == 64


@pytest.mark.parametrize(
    ("said", "minutes"),
    [({}, 3), ({"KINFOLD_DEMO": "1"}, 0), ({"PUBLISH_COOLING_MINUTES": "0.5"}, 0.5)],
)
def test_publications_cool_for_three_minutes_unless_said_otherwise(
    tmp_path: Path, said: dict[str, str], minutes: float
) -> None:
    assert settings(tmp_path, **said).publish_cooling == timedelta(minutes=minutes)


def test_day_of_the_second_factor_is_read_and_nonsense_refused(tmp_path: Path) -> None:
    said = settings(tmp_path, SECOND_FACTOR_FROM="2027-01-31").second_factor_from

    assert said == date(2027, 1, 31)
    with pytest.raises(Misconfigured, match="SECOND_FACTOR_FROM"):
        settings(tmp_path, SECOND_FACTOR_FROM="soon")


@pytest.mark.parametrize("said", ["soon", "-1", "61", "nan"])
def test_cooling_that_is_no_time_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(Misconfigured, match="PUBLISH_COOLING_MINUTES: want"):
        settings(tmp_path, PUBLISH_COOLING_MINUTES=said)


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Misconfigured) as error:
        settings(tmp_path / "file" / "instance")

    assert str(error.value) == (
        f"KINFOLD_INSTANCE: cannot write {tmp_path}/file/instance/database_key (Not a directory); "
        "name a folder that may be written, or set DATABASE_KEY"
    )


@pytest.mark.parametrize(
    ("said", "proxies"),
    [
        ("", ()),
        ("127.0.0.1", ("127.0.0.1",)),
        ("10.0.0.2, 10.0.0.1", ("10.0.0.2", "10.0.0.1")),
        ("*", ("*",)),
        ("::1", ("::1",)),
    ],
)
def test_proxies_are_addresses(tmp_path: Path, said: str, proxies: tuple[str, ...]) -> None:
    assert settings(tmp_path, TRUSTED_PROXIES=said).trusted_proxies == proxies


@pytest.mark.parametrize("said", ["caddy", "10.0.0.0/8", "127.0.0.1, *"])
def test_proxy_that_is_no_address_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(Misconfigured, match=r"^TRUSTED_PROXIES: "):
        settings(tmp_path, TRUSTED_PROXIES=said)


@pytest.mark.parametrize(
    ("said", "hosts"),
    [
        ("", ()),
        ("Old-Name.example, 10.0.0.5", ("old-name.example", "10.0.0.5")),
        ("[fd00::5]", ("fd00::5",)),
    ],
)
def test_hosts_are_names(tmp_path: Path, said: str, hosts: tuple[str, ...]) -> None:
    assert settings(tmp_path, TRUSTED_HOSTS=said).trusted_hosts == hosts


@pytest.mark.parametrize("said", ["https://a.example", "a.example:8000", "*", "a b.example"])
def test_host_that_is_no_name_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(Misconfigured, match=r"^TRUSTED_HOSTS: "):
        settings(tmp_path, TRUSTED_HOSTS=said)


def test_token_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as error:
        settings(tmp_path, METRICS_TOKEN="secret")

    assert str(error.value) == "METRICS_TOKEN: want at least 20 characters made by chance"
