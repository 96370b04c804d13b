"""A mail server that answers one verb its own way: with words, silence, a hang-up, or byte by byte
for ever.
"""

import contextlib
import socket
import ssl
import threading
import time

VERBS = ("EHLO", "MAIL", "RCPT", "DATA", "dot")
FINE = {
    "EHLO": "250 here",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "dot": "250 kept",
}
HANG, HANG_UP, DRIP = "hang", "hang up", "drip"


class Crooked:
    """One server; `verb` and `answer` are its fault, `times` how often it has it; `away` takes no
    calls.

    With `tls` it offers STARTTLS, unless the fault is to answer EHLO `250 here`, as somebody
    between would.
    """

    def __init__(
        self, verb: str = "", answer: str = "", times: int = 99, tls: ssl.SSLContext | None = None
    ) -> None:
        self.verb, self.answer, self.times, self.tls = verb, answer, times, tls
        self.away = False
        self.is_closed = False
        self.kept: list[bytes] = []
        self.heard: list[str] = []
        """Each line outside letters."""
        self.calls = 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        """Return the address to call, with the mode of encryption."""
        host = "localhost" if self.tls else "127.0.0.1"
        starttls = "required" if self.tls else "off"
        return f"smtp://{host}:{self.door.getsockname()[1]}?starttls={starttls}"

    def mend(self) -> None:
        """Be a sound server from now on."""
        self.verb, self.answer, self.away = "", "", False

    def close(self) -> None:
        """Take no more calls and end all."""
        self.is_closed = True
        for one in (self.door, *self.open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.door.accept()
            except OSError:
                return
            self.calls += 1
            if self.away:
                caller.close()
                continue
            self.open.append(caller)
            if self.is_closed:  # It came in while all were being ended.
                caller.close()
                return
            threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        try:
            caller.sendall(b"220 crooked\r\n")
            lines = caller.makefile("rb")
            while words := (heard := lines.readline()).split():
                self.heard.append(heard.decode().strip())
                said = self._say(caller, words[0].decode().upper())
                if said == FINE["DATA"]:
                    self.kept.append(b"".join(iter(lines.readline, b".\r\n")))
                    said = self._say(caller, "dot")
                if said == HANG_UP:
                    break
                if said == "220 now" and self.tls is not None:
                    caller = self.tls.wrap_socket(caller, server_side=True)
                    self.open.append(caller)
                    lines = caller.makefile("rb")
        except OSError:
            return

    def _say(self, caller: socket.socket, verb: str) -> str:
        said = FINE.get(verb, "250 ok")
        if self.tls is not None:
            said = {"EHLO": "250-here\r\n250 STARTTLS", "STARTTLS": "220 now"}.get(verb, said)
        if verb == self.verb and self.times > 0:
            self.times -= 1
            said = self.answer
        if said == HANG_UP:
            caller.shutdown(socket.SHUT_RDWR)
        elif said == DRIP:
            caller.sendall(b"250-")
            while True:  # until the caller hangs up
                caller.sendall(b".")
                time.sleep(0.02)
        elif said != HANG:
            caller.sendall(said.encode() + b"\r\n")
        return said
