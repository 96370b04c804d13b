"""Each sample is started as it stands: the units by an ordinary user, the proxies over https."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
import trustme
import waitress

from conftest import KEY
from deploy_samples import DEPLOY, settings_of, unit
from fakes.postgres import free_port
from scheduler.cli.operations.web_server import proxy_options

NOBODY = 65534
NAME = "hl-sched.example"
PROGRAM = "/opt/kinfold/bin/kinfold"
PROXIES = {"nginx": "nginx.conf", "caddy": "Caddyfile", "apache2": "apache.conf"}
FOUND = [name for name in PROXIES if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")]
"""The web servers of this machine; run.py installs nginx for the tests where it may."""


def as_nobody() -> list[str]:
    """Return what lets root run a command as an ordinary user, who may read the tests' packages
    and write nothing; nothing for who is no root.
    """
    if os.geteuid() != 0:
        return []
    user = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    reading = "-all,+dac_read_search"
    return ["setpriv", *user, f"--inh-caps={reading}", f"--ambient-caps={reading}"]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that an ordinary user owns."""
    folder = Path(tempfile.mkdtemp(prefix="kinfold-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


class Supervisor:
    """What stands for systemd: runs a unit's command with its settings, and hears what it says."""

    def __init__(self, kinfold: Path, place: Path) -> None:
        self.kinfold, self.place = kinfold, place
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(str(place / "notify"))
        self.ear.settimeout(60)
        (place / "notify").chmod(0o777)
        sample = settings_of((DEPLOY / "systemd" / "kinfold.env").read_text())
        self.settings = {"BASE_URL": sample["BASE_URL"], "PATH": os.environ["PATH"]}
        self.settings["KINFOLD_INSTANCE"] = str(place)
        self.settings["NOTIFY_SOCKET"] = str(place / "notify")

    def start(self, name: str, **instead: str) -> "subprocess.Popen[bytes]":
        """Start the command of a unit; `instead` replaces words of it."""
        (line,) = unit(DEPLOY / "systemd" / f"kinfold-{name}.service")["ExecStart"]
        line = line.replace(PROGRAM, str(self.kinfold)).replace("%%", "%")
        for word, other in instead.items():
            line = line.replace(word, other)
        command = [*as_nobody(), "/bin/sh", "-c", f"umask 0077; exec {line}"]
        return subprocess.Popen(command, cwd="/", env=self.settings, stdout=sys.stderr)

    def hears(self, words: str) -> None:
        """Wait until a command says it."""
        while self.ear.recv(100).decode() != words:
            pass


@pytest.fixture
def supervisor(kinfold: Path, place: Path, sqlite_url: str) -> Iterator[Supervisor]:
    """A migrated database in the folder, with its key as a setting."""
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), place / "kinfold.db")
    if os.geteuid() == 0:
        os.chown(place / "kinfold.db", NOBODY, NOBODY)
    found = Supervisor(kinfold, place)
    found.settings["DATABASE_KEY"] = KEY
    yield found
    found.ear.close()


@contextmanager
def running(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End a child afterwards."""
    try:
        yield
    finally:
        child.terminate()
        child.wait(30)


def test_unit_of_the_pages_serves_an_ordinary_user_over_https(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    port = free_port()
    with running(supervisor.start("web", **{"127.0.0.1:8000": f"127.0.0.1:{port}"})):
        supervisor.hears("READY=1")
        if FOUND:
            with proxy(FOUND[0], port, tmp_path) as ask:
                assert ask("/healthz") == (200, "ok\n")
        files = {path.name for path in supervisor.place.iterdir()}

    assert files >= {"kinfold.db", "secret_key"}


def test_unit_of_the_worker_says_that_its_rounds_go_on(supervisor: Supervisor) -> None:
    child = supervisor.start("worker")
    with running(child):
        supervisor.hears("READY=1")
        supervisor.hears("WATCHDOG=1")

    assert child.returncode == 0


def test_unit_of_the_copies_writes_one_for_its_owner_alone(supervisor: Supervisor) -> None:
    (supervisor.place / "copies").mkdir()
    if os.geteuid() == 0:
        os.chown(supervisor.place / "copies", NOBODY, NOBODY)

    assert supervisor.start("backup").wait(60) == 0
    (copy,) = (supervisor.place / "copies").iterdir()
    assert (copy.suffix, copy.stat().st_mode & 0o777) == (".copy", 0o600)


Ask = Callable[..., tuple[int, str]]


@contextmanager
def proxy(program: str, port: int, folder: Path) -> Iterator[Ask]:
    """Run a sample before what listens at `port`; give what asks it over https, as 127.0.0.2."""
    authority, listening = trustme.CA(), free_port()
    certificate = authority.issue_cert(NAME)
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "certificate.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    text = (DEPLOY / "proxies" / PROXIES[program]).read_text()
    text = text.replace("/etc/kinfold/tls", str(folder)).replace(
        "127.0.0.1:8000", f"127.0.0.1:{port}"
    )
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    def ask(path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        line = HTTPSConnection(
            NAME, listening, context=trusted, timeout=20, source_address=("127.0.0.2", 0)
        )
        line._create_connection = lambda _address, *rest: socket.create_connection(  # type: ignore[attr-defined]
            ("127.0.0.1", listening), *rest
        )
        line.request("GET", path, headers={"Host": NAME, **(headers or {})})
        with closing(line), line.getresponse() as answer:
            return answer.status, answer.read().decode()

    child = subprocess.Popen(STARTED[program](text, listening, folder), stderr=subprocess.DEVNULL)
    with running(child):
        wait_for(listening, child)
        yield ask


def wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and child.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the proxy does not listen")


def start_nginx(text: str, port: int, folder: Path) -> list[str]:
    """Return the command that runs nginx with the sample on one port of this machine."""
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}").replace(
        "listen [::]:443 ssl;", ""
    )
    text = text.replace("/var/log/nginx", str(folder))
    head = f"daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
    if os.geteuid() == 0:
        head = f"user {Path(__file__).owner()};\n{head}"
    (folder / "nginx.conf").write_text(f"{head}http {{\n{text}\n}}\n")
    return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def start_caddy(text: str, port: int, folder: Path) -> list[str]:
    """Return the command that runs Caddy with the sample on one port of this machine."""
    files = f"{folder}/certificate.pem {folder}/key.pem"
    text = text.replace(f"{NAME} {{", f"https://{NAME}:{port} {{\n\ttls {files}")
    options = f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}\n}}\n"
    (folder / "Caddyfile").write_text(options + text)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def start_apache(text: str, port: int, folder: Path) -> list[str]:
    """Return the command that runs Apache with the sample on one port of this machine."""
    modules = ("mpm_event", "authz_core", "ssl", "socache_shmcb", "proxy", "proxy_http", "headers")
    lines = [f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in modules]
    lines += [f"Listen 127.0.0.1:{port}", f"PidFile {folder}/pid", f"ErrorLog {folder}/errors"]
    lines += [f"ServerRoot {folder}", f"DefaultRuntimeDir {folder}", "ServerName localhost"]
    lines += ["User nobody", "Group nogroup"] if os.geteuid() == 0 else []
    text = text.replace("*:443", f"*:{port}").replace("${APACHE_LOG_DIR}", str(folder))
    (folder / "apache.conf").write_text("\n".join([*lines, text]))
    return ["apache2", "-D", "FOREGROUND", "-f", str(folder / "apache.conf")]


STARTED = {"nginx": start_nginx, "caddy": start_caddy, "apache2": start_apache}


@pytest.fixture
def mirror() -> Iterator[int]:
    """A web server with the settings of ours for one proxy, that answers what it is told of who
    asks; gives its port.
    """

    def answer(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        names = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST", "HTTP_FORWARDED")
        return [json.dumps([environ.get(name) for name in names]).encode()]

    port = free_port()
    options = proxy_options(("127.0.0.1",))
    server = waitress.create_server(answer, listen=f"127.0.0.1:{port}", **options)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield port
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(5)


@pytest.mark.parametrize("program", FOUND)
def test_proxy_says_who_asks_whatever_they_say_themselves(
    program: str, mirror: int, tmp_path: Path
) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "Forwarded": "for=203.0.113.9",
    }

    with proxy(program, mirror, tmp_path) as ask:
        status, said = ask("/", lies)

    address, scheme, host, forwarded = json.loads(said)
    assert (status, address, scheme, forwarded or None) == (200, "127.0.0.2", "https", None)
    assert host.partition(":")[0] == NAME
