"""`web run` serves the pages and believes the named proxies alone."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from waitress.proxy_headers import proxy_headers_middleware

from conftest import KEY
from fakes.postgres import free_port
from scheduler.cli.operations.web_server import proxy_options

ENVIRONMENT = {"wsgi.url_scheme": "http", "SERVER_PORT": "8000", "SERVER_NAME": "localhost"}
ROOT = Path(__file__).resolve().parents[3]
Asked = Callable[[dict[str, str]], int]


@contextmanager
def served(sqlite_url: str, instance: Path, **said: str) -> Iterator[Asked]:
    """Run the web and give what asks it for the figures with some headers."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": sqlite_url,
        "DATABASE_KEY": KEY,
        "KINFOLD_INSTANCE": str(instance),
        **said,
    }
    command = [sys.executable, "-m", "scheduler", "web", "run", f"--listen=127.0.0.1:{port}"]
    child = subprocess.Popen(command, cwd=ROOT, env=environment)

    def status(headers: dict[str, str]) -> int:
        request = Request(f"http://127.0.0.1:{port}/metrics", headers=headers)
        try:
            with urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    try:
        wait_for(port, child)
        yield status
    finally:
        child.terminate()
        child.wait()


def wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    """Wait until the web answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the web does not answer")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (("127.0.0.1",), "203.0.113.9", "203.0.113.9"),
        (("192.0.2.1",), "203.0.113.9", "127.0.0.1"),
        ((), "203.0.113.9", "127.0.0.1"),
        (("127.0.0.1",), "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (("192.0.2.1", "127.0.0.1"), "198.51.100.7, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
    ],
)
def test_named_proxy_alone_is_believed(
    proxies: tuple[str, ...], forwarded: str, believed: str
) -> None:
    """Also where whoever asks says beforehand who they are (198.51.100.7)."""
    asked = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}
    seen = []

    def app(environ: dict[str, str], _start: object) -> list[bytes]:
        seen.append(environ["REMOTE_ADDR"])
        return []

    before = proxy_headers_middleware(app, **proxy_options(proxies), clear_untrusted=False)
    before({**ENVIRONMENT, **asked}, None)
    assert seen == [believed]


def test_figures_are_shut_behind_a_proxy_that_nobody_named(sqlite_url: str, tmp_path: Path) -> None:
    with served(sqlite_url, tmp_path, TRUSTED_PROXIES="") as status:
        answers = [status({}), status({"X-Forwarded-For": "203.0.113.9"})]

    assert answers == [200, 403]


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [
        ("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", True),
        ("Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", False),
        ("Content-Length: +4\r\n\r\nabcd", False),
        ("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", False),
        ("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", False),
    ],
)
def test_where_a_request_ends_is_read_in_one_way(sent: str, *, is_taken: bool) -> None:
    """The server we run: beside chunks the length counts for nothing, and two lengths are none."""
    request = f"POST / HTTP/1.1\r\nHost: x\r\n{sent}".encode()
    waiting = request + b"GET /smuggled HTTP/1.1\r\n\r\n"
    parser = HTTPRequestParser(Adjustments())
    while not parser.completed:
        waiting = waiting[parser.received(waiting) :]

    assert (parser.error is None) is is_taken
    if is_taken:
        assert (parser.chunked, waiting[:13]) == (True, b"GET /smuggled")
