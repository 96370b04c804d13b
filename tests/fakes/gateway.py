"""A real web server that takes text messages, and can be told to refuse or to fall silent."""

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scheduler.outbox import SIGNATURE, TIME, is_genuine

SECRET = "a secret of the gateway"


@dataclass
class TextOffice:
    """The fake at the edge: `answer` is the code it gives; an unsigned request is refused with
    401.
    """

    texts: list[dict[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answer: int = 202
    url: str = ""


def open_text_office() -> tuple[TextOffice, ThreadingHTTPServer]:
    """Start one on 127.0.0.1; shut the server down when done."""
    office = TextOffice()

    class Counter(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            genuine = is_genuine(
                SECRET, body, self.headers[TIME], self.headers[SIGNATURE], datetime.now(UTC)
            )
            if office.answer == 307:
                self.send_response(307)
                self.send_header("Location", f"{office.url}/elsewhere")
                self.end_headers()
                return
            if genuine and office.answer // 100 == 2:
                office.texts.append(json.loads(body))
                office.keys.append(self.headers["Idempotency-Key"])
            self.send_response(office.answer if genuine else 401)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    office.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return office, server
