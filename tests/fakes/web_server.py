"""The real web server in a thread of the test's own process, ended as cleanly as it was begun."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server


@contextmanager
def served(app: Flask, port: int = 0, threads: int = 4) -> Iterator[str]:
    """Serve `app` and give its address; afterwards no thread of the server is left.

    It is closed within its own loop: closed from outside, the loop may write to a file that got its
    descriptor since, and once that was a database.
    """
    server = create_server(app, host="127.0.0.1", port=port, threads=threads)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
        loop.join(60)
        server.task_dispatcher.shutdown()
    assert not loop.is_alive()
