"""A wire between program and database that can be cut at the worst moment: in a COMMIT."""

import contextlib
import socket
import threading
import time


class Wire:
    """Passes bytes on both ways; cuts before or after the n-th COMMIT that goes over it, once."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.door = socket.create_server(("127.0.0.1", 0))
        self.commits, self.cut_at, self.after = 0, 0, False
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Return the port that the program is to call."""
        return int(self.door.getsockname()[1])

    def cut(self, number: int, *, after: bool) -> None:
        """Cut at the n-th COMMIT from now: `after` the server has got it, or before."""
        self.commits, self.cut_at, self.after = 0, number, after

    def close(self) -> None:
        """Take no more calls."""
        self.door.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.door.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            threading.Thread(target=self._to_server, args=(caller, server), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, caller), daemon=True).start()

    def _to_server(self, caller: socket.socket, server: socket.socket) -> None:
        try:
            while said := caller.recv(65536):
                cut = self._is_the_one(said)
                if not cut or self.after:
                    server.sendall(said)
                if cut:
                    caller.shutdown(socket.SHUT_RDWR)  # before the server's answer can pass
                    time.sleep(0.1)
                    break
        except OSError:
            pass
        _hang_up(caller, server)

    def _is_the_one(self, said: bytes) -> bool:
        self.commits += b"COMMIT" in said
        return b"COMMIT" in said and self.commits == self.cut_at

    @staticmethod
    def _pass_on(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := source.recv(65536):
                sink.sendall(said)
        _hang_up(source, sink)


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
