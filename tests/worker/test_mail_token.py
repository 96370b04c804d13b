"""A mailbox that takes no password: a token from a command, asked for again when it is refused.

The mother is invited; the father, without consent, stands by.
"""

import imaplib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.imap_server import ImapServer
from scheduler.worker.imap_mailbox import conversation
from scheduler.worker.mail_token import NoToken, TokenCommand

NO_PASSWORD = {"capability": "IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2 IDLE"}


@pytest.fixture
def server() -> Iterator[ImapServer]:
    server = ImapServer(NO_PASSWORD | {"token": "first"})
    yield server
    server.close()


class Provider:
    """What gives tokens: a program that prints what stands in a file, and counts how often."""

    def __init__(self, folder: Path) -> None:
        self.file, self.asked = folder / "token", folder / "asked"
        program = folder / "give.py"
        program.write_text(
            f"open({str(self.asked)!r}, 'a').write('x')\nprint(open({str(self.file)!r}).read())\n"
        )
        self.command = TokenCommand((sys.executable, "-S", str(program)))

    def gives(self, token: str) -> None:
        self.file.write_text(token)

    @property
    def times(self) -> int:
        return len(self.asked.read_text()) if self.asked.exists() else 0


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    provider = Provider(tmp_path)
    provider.gives("first")
    return provider


def sign_in(server: ImapServer, provider: Provider) -> str:
    with conversation(server.url, provider.command) as talk:
        return talk.validity


def test_mailbox_is_opened_by_a_token_asked_for_once(
    server: ImapServer, provider: Provider
) -> None:
    assert [sign_in(server, provider) for _ in range(2)] == ["1", "1"]
    assert provider.times == 1
    assert [said for said in server.commands if said.startswith("LOGIN")] == []


def test_token_that_is_refused_is_asked_for_again_on_the_same_line(
    server: ImapServer, provider: Provider
) -> None:
    sign_in(server, provider)
    server.script["token"] = "second"
    provider.gives("second")

    assert sign_in(server, provider) == "1"
    assert (provider.times, server.calls) == (2, 2)


def test_new_token_that_is_refused_is_said_and_asked_for_again_by_the_next_try(
    server: ImapServer, provider: Provider
) -> None:
    provider.gives("wrong")
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        sign_in(server, provider)
    provider.gives("first")

    assert sign_in(server, provider) == "1"
    assert provider.times == 2


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("raise SystemExit(3)", "ended with 3"),
        ("print('two words')", "one token on one line"),
        ("pass", "one token on one line"),
    ],
)
def test_command_that_gives_no_token_is_said_without_what_it_printed(
    server: ImapServer, program: str, words: str
) -> None:
    command = TokenCommand((sys.executable, "-S", "-c", program))

    with pytest.raises(NoToken, match=words) as caught, conversation(server.url, command):
        pass
    assert "two words" not in str(caught.value)
    assert server.tokens == []


def test_command_that_is_not_there_is_said() -> None:
    with pytest.raises(NoToken, match="FileNotFoundError"):
        TokenCommand(("/nowhere/at/all",)).token()
