"""The demo's post office: takes every letter and writes it into a folder, exactly as it came."""

import time
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller


class DemoSmtpServer:
    """Keeps letters as files whose names sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Write one letter; whoever reads the folder never sees half of one."""
        name = f"{time.time_ns():020d}-{next(self.numbers) % 1_000_000:06d}"
        part = self.folder / f"{name}.part"
        part.write_bytes(bytes(envelope.original_content))
        part.rename(self.folder / f"{name}.eml")
        return "250 kept"


def open_demo_smtp_server(url: str, folder: Path) -> Controller:
    """Return a server for the host and port of `url`; start and stop are the caller's."""
    parts = urlsplit(url)
    return Controller(
        DemoSmtpServer(folder),
        hostname=parts.hostname or "127.0.0.1",
        port=parts.port or 25,
        enable_SMTPUTF8=True,
    )
