"""A calendar server over https on this machine alone, with a certificate for one name, that does
what a test says.
"""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from scheduler.kernel.untrusted.safe_http import Network, Place

HOST = "calendar.example"
URL = f"https://{HOST}/secret/basic.ics"


@dataclass
class CalendarServer:
    """What it answers, and what it was asked; `tag` is the strong validator of its body."""

    port: int
    authorities: str
    status: int = 200
    body: bytes = b""
    tag: str | None = None
    location: str | None = None
    said: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    raw: bytes | None = None
    """An answer octet for octet, in the place of all else."""
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def reach(self) -> Network:
        """The open internet as a test has it: every name is this server."""
        return Network(partial(here, port=self.port), anywhere, self.authorities)


def here(host: str, *, port: int) -> list[Place]:
    """Be every host."""
    return [("127.0.0.1", port)]


def anywhere(address: str) -> bool:
    """Allow this machine, as the product never does."""
    return True


@contextmanager
def serving(folder: Path) -> Iterator[CalendarServer]:
    """Stand up a server; `folder` keeps the certificate of its authority."""
    authority = trustme.CA()
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    httpd = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    httpd.socket = context.wrap_socket(
        httpd.socket, server_side=True, do_handshake_on_connect=False
    )
    server = CalendarServer(httpd.server_address[1], str(trusted))
    httpd.told = server  # type: ignore[attr-defined]
    thread = threading.Thread(
        target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join(10)


class Quiet(ThreadingHTTPServer):
    """A server whose visitors may hang up: that is what the tests are about."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


class Handler(BaseHTTPRequestHandler):
    """Answers as it was told."""

    def do_GET(self) -> None:
        """Return the body, or say that it has not changed."""
        told: CalendarServer = self.server.told  # type: ignore[attr-defined]
        told.asked.append(
            {"path": self.path, **{key.lower(): value for key, value in self.headers.items()}}
        )
        if told.raw is not None:
            self.wfile.write(told.raw)
            self.close_connection = True
            return
        known = told.tag is not None and self.headers["If-None-Match"] == told.tag
        self.send_response(304 if known else told.status)
        length = {} if known else {"Content-Length": str(len(told.body))}
        extra = {"ETag": told.tag, "Location": told.location, **length, **told.said}
        for name, value in extra.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        time.sleep(told.pause)
        if not known:
            self.wfile.write(told.body)

    def do_POST(self) -> None:
        """Take what is handed over, and answer as told."""
        told: CalendarServer = self.server.told  # type: ignore[attr-defined]
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length).decode()
        headers = {key.lower(): value for key, value in self.headers.items()}
        told.asked.append({"path": self.path, "body": body, **headers})
        time.sleep(told.pause)
        self.send_response(told.status)
        if told.location:
            self.send_header("Location", told.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said: Any) -> None:
        """Stay quiet."""
