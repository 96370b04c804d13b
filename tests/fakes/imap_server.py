"""An IMAP server of one mailbox that does what a script says: hangs up, says BYE, answers out of
order, speaks of other letters.

A script is what a case file holds: `capability`, `answers` by verb, `calls` (one a call, the last
for all later ones) with `hang_up_before`, `hang_up_at` and answers of their own. Letters
`with_idle` come in the very packet in which it consents to IDLE.
"""

import base64
import contextlib
import email
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from typing import Any

SOUND = "IMAP4rev1 IDLE"


@dataclass
class Kept:
    """One letter in the mailbox."""

    uid: int
    content: bytes
    flags: set[str] = field(default_factory=set)

    @cached_property
    def message(self) -> Message:
        """Return it read: once, for it may be of 31 megabytes and is asked for part by part."""
        return email.message_from_bytes(self.content)


class ImapServer:
    """Serves `letters` on a port of this machine, each call in a thread of its own."""

    def __init__(self, script: dict[str, Any] | None = None, first_uid: int = 7) -> None:
        self.script = script or {}
        self.letters: list[Kept] = []
        self.next_uid = first_uid
        self.commands: list[str] = []
        self.calls = 0
        self.tokens: list[str] = []
        self.with_idle: list[bytes] = []
        self.news = threading.Condition()
        self.open: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        """Return what MAIL_IN would say."""
        return f"imap://calendar:secret@127.0.0.1:{self.door.getsockname()[1]}"

    def put(self, content: bytes, *flags: str) -> Kept:
        """Put a letter into the mailbox."""
        with self.news:
            kept = Kept(self.next_uid, content, set(flags))
            self.next_uid += 1
            self.letters.append(kept)
            self.news.notify_all()
        return kept

    def flags(self) -> list[list[str]]:
        """Return what each letter is marked with."""
        return [sorted(kept.flags) for kept in list(self.letters)]

    def close(self) -> None:
        """Take no more calls and end all."""
        for line in (self.door, *self.open):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            self.calls += 1
            self.open.append(line)
            threading.Thread(target=self._call, args=(line, self.calls), daemon=True).start()

    def _call(self, line: socket.socket, number: int) -> None:
        calls = self.script.get("calls", [{}])
        script = self.script | calls[min(number, len(calls)) - 1]
        with contextlib.suppress(OSError), line:
            if script.get("hang_up_before") != "greeting":
                _Talk(self, line, script).go()


def structure(message: Message) -> str:
    """Return the BODYSTRUCTURE of a mail (RFC 3501 7.4.2), without what is optional."""
    if message.is_multipart():
        children = "".join(structure(child) for child in _children(message))
        return f'({children} "{message.get_content_subtype()}")'
    kind = f'"{message.get_content_maintype()}" "{message.get_content_subtype()}"'
    name = message.get_filename()
    named = f'("NAME" "{name}")' if name else "NIL"
    size = len(str(message.get_payload()))
    return f'({kind} {named} NIL NIL "{message.get("Content-Transfer-Encoding", "7bit")}" {size})'


def part_of(message: Message, number: str) -> bytes:
    """Return the header of a mail, or a part's fields or body by its number (RFC 3501 6.4.5)."""
    if number == "HEADER":
        return _fields(message)
    part = message
    for place in number.removesuffix(".MIME").split("."):
        if part.is_multipart():
            part = _children(part)[int(place) - 1]
    return _fields(part) if number.endswith(".MIME") else str(part.get_payload()).encode()


def _children(message: Message) -> list[Message]:
    payload = message.get_payload()
    assert isinstance(payload, list)
    return [child for child in payload if isinstance(child, Message)]


def _fields(message: Message) -> bytes:
    lines = [f"{name}: {value}" for name, value in message.raw_items()]
    return "\r\n".join([*lines, "", ""]).encode()


class _Talk:
    """One call."""

    def __init__(self, server: ImapServer, line: socket.socket, script: dict[str, Any]) -> None:
        self.server = server
        self.line = line
        self.script = script
        self.lines = line.makefile("rb")

    def say(self, *words: str | bytes) -> None:
        for word in words:
            self.line.sendall((word.encode() if isinstance(word, str) else word) + b"\r\n")

    def go(self) -> None:
        self.say("* OK here")
        for raw in self.lines:
            tag, _, said = raw.decode().strip().partition(" ")
            self.server.commands.append(said)
            verb = " ".join(said.split()[: 2 if said.upper().startswith("UID") else 1]).upper()
            if self.script.get("hang_up_at") == verb and verb != "IDLE":
                return
            answer = self._scripted(said, verb)
            if answer is not None:
                self._recite(tag, answer)
            else:
                getattr(self, f"_{verb.lower().replace(' ', '_')}", self._other)(tag, said)
            if verb == "LOGOUT" or (verb == "IDLE" and self.script.get("hang_up_at") == "IDLE"):
                return

    def _scripted(self, said: str, verb: str) -> list[str] | None:
        """Return the script's words for a command: by its whole text, UIDs as n, or by its verb."""
        answers: dict[str, list[str]] = self.script.get("answers", {})
        whole = re.sub(r"^(UID FETCH) \d+", r"\1 n", said)
        return answers.get(whole, answers.get(verb))

    def _recite(self, tag: str, answer: list[str]) -> None:
        newest = self.server.letters[-1] if self.server.letters else None
        for words in answer:
            if words.startswith("("):
                time.sleep(0.5)
                continue
            words = re.sub(r"^TAG", tag, words)
            if newest is not None:
                words = re.sub(r"\bUID \d+", f"UID {newest.uid}", words)
                words = re.sub(r"SIZE \d+", f"SIZE {len(newest.content)}", words)
            self.say(words)

    def _other(self, tag: str, said: str) -> None:
        self.say(f"{tag} OK done")

    def _capability(self, tag: str, said: str) -> None:
        self.say(f"* CAPABILITY {self.script.get('capability', SOUND)}", f"{tag} OK done")

    def _select(self, tag: str, said: str) -> None:
        many, above = len(self.server.letters), self.server.next_uid
        validity = self.script.get("validity", 1)
        self.say(f"* {many} EXISTS", "* 0 RECENT", f"* OK [UIDVALIDITY {validity}] valid")
        self.say(f"* OK [UIDNEXT {above}] next", "* FLAGS (\\Seen \\Deleted)")
        self.say(f"{tag} OK [READ-WRITE] selected")

    def _authenticate(self, tag: str, said: str) -> None:
        """Let in whoever brings the script's `token` (XOAUTH2); say why not in a challenge."""
        self.say("+ ")
        brought = base64.b64decode(self.lines.readline()).decode()
        self.server.tokens.append(brought)
        if brought == f"user=calendar\x01auth=Bearer {self.server.script['token']}\x01\x01":
            self.say(f"{tag} OK in")
            return
        self.say("+ " + base64.b64encode(b'{"status":"400"}').decode())
        answer = self.lines.readline().strip()
        self.say(f"{tag} BAD not empty" if answer else f"{tag} NO [AUTHENTICATIONFAILED] refused")

    _examine = _select

    def _uid_search(self, tag: str, said: str) -> None:
        criteria = said.split(maxsplit=2)[2]
        first = re.search(r"UID (\d+):", criteria)
        found = []
        for kept in self.server.letters:
            new = first is None or kept.uid >= int(first.group(1))
            if new and not (criteria == "UNSEEN" and "\\Seen" in kept.flags):
                found.append(str(kept.uid))
        self.say(" ".join(["* SEARCH", *found]), f"{tag} OK done")

    def _uid_fetch(self, tag: str, said: str) -> None:
        uid = int(said.split()[2])
        for number, kept in enumerate(self.server.letters, start=1):
            if kept.uid != uid:
                continue
            if "RFC822.SIZE" in said:
                self.say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(kept.content)})")
            self._say_parts(number, kept, said)
            part = re.search(r"<0\.(\d+)>", said)
            content = kept.content[: int(part.group(1))] if part else kept.content
            if "BODY.PEEK[]" in said:
                place = "<0>" if part else ""
                head = f"* {number} FETCH (UID {uid} BODY[]{place} {{{len(content)}}}\r\n"
                self.line.sendall(head.encode() + content + b")\r\n")
        self.say(f"{tag} OK done")

    def _say_parts(self, number: int, kept: Kept, said: str) -> None:
        """Say the structure of a letter, or one part of it, as servers do that know parts."""
        if not self.script.get("knows_parts"):
            return
        if "BODYSTRUCTURE" in said:
            words = structure(kept.message)
            self.say(f"* {number} FETCH (UID {kept.uid} BODYSTRUCTURE {words})")
        wanted = re.search(r"BODY\.PEEK\[((?:HEADER|[\d.]+)(?:\.MIME)?)\]", said)
        if wanted is None:
            return
        content = part_of(kept.message, wanted.group(1))
        head = f"* {number} FETCH (UID {kept.uid} BODY[{wanted.group(1)}] {{{len(content)}}}\r\n"
        self.line.sendall(head.encode() + content + b")\r\n")

    def _uid_store(self, tag: str, said: str) -> None:
        uid = int(said.split()[2])
        for kept in self.server.letters:
            if kept.uid == uid:
                kept.flags |= set(re.findall(r"\\\w+", said))
        self.say(f"{tag} OK done")

    def _expunge(self, tag: str, said: str) -> None:
        kept = [letter for letter in self.server.letters if "\\Deleted" not in letter.flags]
        self.server.letters = kept
        self.say(f"{tag} OK done")

    def _idle(self, tag: str, said: str) -> None:
        consent = "+ idling"
        while self.server.with_idle:
            self.server.put(self.server.with_idle.pop())
            consent += f"\r\n* {len(self.server.letters)} EXISTS"
        self.say(consent)
        before = len(self.server.letters)
        self.line.settimeout(0.2)
        while True:
            if len(self.server.letters) != before:
                before = len(self.server.letters)
                self.say(f"* {before} EXISTS")
            try:
                if self.line.recv(100):
                    break
            except TimeoutError:
                continue
        self.line.settimeout(None)
        self.say(f"{tag} OK done")
