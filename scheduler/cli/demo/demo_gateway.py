"""The demo's gateway of text messages: takes each signed one for the phones' folder and says that
it was delivered.
"""

import json
import re
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from scheduler.kernel.clock import now
from scheduler.outbox import SIGNATURE, TIME, is_genuine, post_signed

MOST_BYTES = 16_384
PAUSES = (1, 2, 4, 8)
"""Seconds before each try to hand the receipt back: a phone is not reached at once either."""
LETTER = re.compile(r"[0-9a-f]{32}")


class DemoGateway(ThreadingHTTPServer):
    """Keeps messages as files whose names sort by arrival; `back` is where receipts go."""

    daemon_threads = True

    def __init__(self, url: str, secret: str, folder: Path, back: str) -> None:
        parts = urlsplit(url)
        super().__init__((parts.hostname or "127.0.0.1", parts.port or 80), _Door)
        self.secret = secret
        self.folder = folder
        self.back = back
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(self, body: bytes) -> bool:
        """Keep a message once, however often it comes; False when it is none."""
        try:
            said = json.loads(body)
            letter = str(said["id"])
            wants = {"to": str(said["to"]), "text": str(said["text"])}
        except (ValueError, KeyError, TypeError):
            return False
        if not LETTER.fullmatch(letter):
            return False
        if not list(self.folder.glob(f"*-{letter}.json")):
            path = self.folder / f"{time.time_ns():020d}-{letter}.json"
            part = path.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_text(json.dumps(wants), encoding="utf-8")
            part.rename(path)
            threading.Thread(target=partial(self._deliver, path, letter), daemon=True).start()
        return True

    def _deliver(self, path: Path, letter: str) -> None:
        body = json.dumps({"kind": "receipt", "id": letter, "state": "delivered"}).encode()
        for pause in PAUSES:
            time.sleep(pause)
            if (
                post_signed(
                    self.back,
                    self.secret,
                    body,
                    key=letter,
                    now=now(),
                )[0]
                == 200
            ):
                path.with_suffix(".delivered").touch()
                return


class _Door(BaseHTTPRequestHandler):
    """One request to the gateway."""

    server: DemoGateway

    def do_POST(self) -> None:
        """Take what is signed; all else is refused, as a real gateway does."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BYTES))
        moment = self.headers.get(TIME, "")
        signature = self.headers.get(SIGNATURE, "")
        genuine = is_genuine(
            self.server.secret,
            body,
            moment,
            signature,
            now(),
        )
        self.send_response(401 if not genuine else 202 if self.server.keep(body) else 400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: a line would name the number."""
