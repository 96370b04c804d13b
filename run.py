#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11,<3.15"
# ///
"""Kinfold in one command.

    python3 run.py                 set up and run everything for a first look
    python3 run.py check           lint, format and types: all three are asked, one failing fails
    python3 run.py format          mend what lint can mend, and lay the code out
    python3 run.py test            every test, on two cores
    python3 run.py test --quick    SQLite alone, no browser, no long trials: about five minutes
    python3 run.py test PATH       one file or folder; what follows `test` goes to pytest
    python3 run.py test --long     trials by chance at the size their claim names
    python3 run.py ready           what the tests need of this machine, ahead of them
    python3 run.py setup           the set-up alone; with --dev what tests and checks need too

Standard library only, and readable by old Pythons, so that they can say what is missing.
"""

import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import sysconfig

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
SCRIPTS = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(SCRIPTS, "python")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
BROWSER_PATHS = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def main(words):
    """Do what the words ask; give the exit code."""
    refuse_other_places()
    signal.signal(signal.SIGTERM, interrupt)
    if words and words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if not words:
        set_up("requirements.txt")
        return first_look()
    word, rest = words[0], words[1:]
    if word == "setup":
        set_up("requirements-dev.txt" if rest == ["--dev"] else "requirements.txt")
        return 0
    commands = {"check": check, "format": lay_out, "ready": make_ready, "test": test}
    if word not in commands:
        known = "nothing, 'check', 'format', 'ready', 'test' or 'setup'"
        return say("run.py: there is no '%s'; want %s" % (word, known), 2)
    set_up("requirements-dev.txt")
    return commands[word](rest)


def interrupt(_number, _frame):
    """End on SIGTERM as on Ctrl-C, so that no child is left behind."""
    raise KeyboardInterrupt


def run(command, **options):
    """Run a child to its end and give its exit code; when we are stopped, it is stopped first."""
    child = subprocess.Popen(command, **options)
    try:
        return child.wait()
    except KeyboardInterrupt:
        end(child, signal.SIGINT)
        raise


def end(child, number=signal.SIGTERM):
    """Ask a child to end, wait ten seconds, insist."""
    if child.poll() is not None:
        return
    child.send_signal(number)
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def say(message, code=None):
    """Print one line to the person in front; give back the code."""
    print(message, file=sys.stderr if code else sys.stdout, flush=True)
    return code


OLDEST, NEWEST = (3, 11), (3, 14)
"""The Pythons for which every package has a wheel."""


def refuse_other_places():
    """Go on only where every package can be had ready made: with another Python by uv when it is
    there, else say in one line what lacks.
    """
    machine = no_wheels(sys.platform, platform.machine(), sysconfig.get_config_var("SOABI") or "")
    if machine:
        sys.exit("Kinfold cannot be installed here: " + machine)
    version = sys.version_info[:2]
    if OLDEST <= version <= NEWEST:
        return
    uv = shutil.which("uv")
    if uv and not os.environ.get("KINFOLD_BY_UV"):
        os.environ["KINFOLD_BY_UV"] = "1"
        wanted = ">=%d.%d,<%d.%d" % (OLDEST + (NEWEST[0], NEWEST[1] + 1))
        os.execv(
            uv,
            [uv, "run", "--no-project", "--python", wanted, os.path.abspath(__file__)]
            + sys.argv[1:],
        )
    sys.exit(wrong_python(version))


def wrong_python(version):
    """Give the sentence about a Python for which there are no packages."""
    wanted = "%d.%d to %d.%d" % (OLDEST + NEWEST)
    why = "too old" if version < OLDEST else "newer than some packages have been built for"
    return (
        "Kinfold runs on Python %s; this is %d.%d, which is %s. Install one of those, or uv (which "
        "fetches it)." % (wanted, version[0], version[1], why)
    )


def no_wheels(system, machine, soabi):
    """Give the sentence about a machine for which some packages are not built, "" where all are."""
    machine = machine.lower()
    if system == "darwin" and machine == "x86_64":
        return "cryptography has no wheel for Macs with Intel processors. Use a Linux container."
    if system == "win32" and machine in ("arm64", "aarch64"):
        return "OR-Tools has no wheel for Windows on ARM. Use WSL, which is Linux on ARM."
    if system.startswith("linux") and "musl" in soabi:
        return "OR-Tools has no wheel for Alpine (musl). Use Debian or another Linux with glibc."
    if system.startswith("linux") and machine not in ("x86_64", "amd64", "aarch64", "arm64"):
        return "OR-Tools has no wheel for %s. Use x86-64 or 64-bit ARM." % machine
    return ""


# -------------------------------------------------------------------------------------------------
# set-up


def set_up(requirements):
    """Make .venv and install what the file names, unless the same was installed before."""
    stamp = os.path.join(VENV, "installed-" + requirements)
    wanted = fingerprint()
    if os.path.exists(PYTHON) and os.path.exists(stamp) and read(stamp) == wanted:
        return
    look_at_link(leads_to(HERE), requirements)
    uv = shutil.which("uv")
    if not os.path.exists(PYTHON):
        say("Making .venv …")
        make_environment(uv)
    say("Installing %s (once; a minute or so) …" % requirements)
    arguments = [
        "-r",
        os.path.join(HERE, requirements),
        "-c",
        os.path.join(HERE, "constraints.txt"),
    ]
    if uv:
        command = [uv, "pip", "install", "-q", "--python", PYTHON] + arguments
    else:
        command = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"] + arguments
    if run(command) != 0:
        sys.exit("run.py: the packages could not be installed; see above. Is the network there?")
    with open(stamp, "w") as file:
        file.write(wanted)


def leads_to(checkout):
    """Give the folder in which the .venv of a checkout stands when it is a link out of it, else
    None.
    """
    owner = os.path.dirname(os.path.realpath(os.path.join(checkout, ".venv")))
    return None if owner == os.path.realpath(checkout) else owner


def look_at_link(owner, requirements):
    """Say where a .venv that is a link leads before anything is installed there; end where that is
    another checkout's, whose own versions would go.
    """
    if owner is None:
        return
    if os.path.exists(os.path.join(owner, "run.py")):
        sys.exit(
            "run.py: .venv is a link into the checkout %s, and what %s names here is not what is "
            "installed there. Nothing was installed: that checkout would get other versions, too. "
            "Remove the link, and run.py makes an environment of this one's own."
            % (owner, requirements)
        )
    say(".venv is a link: what follows is installed in %s." % owner)


def fingerprint():
    """Give a hash that changes with the requirements and with this Python."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        digest.update(read(os.path.join(HERE, name)).encode())
    return digest.hexdigest()


def read(path):
    """Give a file's text."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def make_environment(uv):
    """Make the virtual environment; on a bare Debian as root install what `venv` lacks, else say
    how.
    """
    if uv:
        command = [uv, "venv", "-q", "--python", sys.executable, VENV]
    else:
        command = [sys.executable, "-m", "venv", VENV]
    if run(command) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if as_root() and install_debian("python3-venv") and run(command) == 0:
        return
    sys.exit(
        "run.py: Python's venv is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"
    )


def as_root():
    """Say whether this is root on a machine with apt."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_debian(*packages):
    """Install Debian packages, fetching the lists when they are old; say whether it worked."""
    # At runlevel 1 no package starts its server: tests start their own.
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends"] + list(packages)
    quiet = subprocess.DEVNULL
    if run(install, env=environment, stdout=quiet) == 0:
        return True
    run(["apt-get", "update", "-q"], env=environment, stdout=quiet)
    return run(install, env=environment, stdout=quiet) == 0


# -------------------------------------------------------------------------------------------------
# tests


DOVECOT = ("dovecot-imapd", "dovecot-lmtpd", "dovecot-sieve")
SIEVE = "/var/lib/dpkg/info/dovecot-sieve.list"
BUILDER = ("buildah", "debootstrap")


def lacking():
    """Give what the tests need of Debian and this machine has not: what it is, and its packages.

    A machine that has a mail system keeps it; of systemd nothing is started.
    """
    there = os.path.exists
    needed = (
        ("a browser", browser(), ("chromium", "fonts-dejavu-core")),
        ("a mail server", there("/usr/sbin/dovecot") and there(SIEVE), DOVECOT),
        ("a second mail server", there("/usr/sbin/sendmail"), ("postfix",)),
        ("a pooler", there("/usr/sbin/pgbouncer"), ("pgbouncer",)),
        ("a web server", there("/usr/sbin/nginx"), ("nginx-light",)),
        ("a calendar program", shutil.which("calcurse"), ("calcurse",)),
        ("what judges the units of systemd", shutil.which("systemd-analyze"), ("systemd",)),
    )
    return [(name, packages) for name, is_there, packages in needed if not is_there]


def find_programs():
    """Install what the tests need of Debian where this may be done, all at once, one by one where
    that fails; what is missing then makes its tests fail, and they say so.
    """
    missing = lacking()
    if not missing or not as_root():
        return
    say("Installing for the tests (once): %s …" % ", ".join(name for name, _ in missing))
    wanted = [package for _, packages in missing for package in packages]
    if "postfix" in wanted:
        keep_postfix_silent()
    if not install_debian(*wanted):
        for _, packages in missing:
            install_debian(*packages)


def find_browser():
    """Name a Chromium for the tests in BROWSER_BIN, one of Playwright's where Debian gives none."""
    found = browser()
    if found is None:
        say("Installing a browser for the tests (once) …")
        run([PYTHON, "-m", "playwright", "install", "--only-shell", "chromium"])
        return
    os.environ["BROWSER_BIN"] = found


def browser():
    """Give the path of a Chromium on this machine, or None."""
    named = (
        [os.environ.get("BROWSER_BIN")]
        + [shutil.which(name) for name in BROWSERS]
        + list(BROWSER_PATHS)
    )
    return next((path for path in named if path and os.path.exists(path)), None)


def keep_postfix_silent():
    """Let Debian lay Postfix down without settings, so that it is not started: tests bring their
    own.
    """
    answer = b"postfix postfix/main_mailer_type select No configuration\n"
    child = subprocess.Popen(["debconf-set-selections"], stdin=subprocess.PIPE)
    child.communicate(answer)


def find_builder():
    """Install what builds the container file for its test where this may be done; without it that
    test is left out.
    """
    if as_root() and not all(map(shutil.which, BUILDER)):
        say("Installing a builder of containers for the tests (once) …")
        install_debian(*BUILDER)


def find_calendar_reader():
    """Install ical.js for the tests where node is; without it the other readers judge alone."""
    home, npm = os.path.join(HERE, "tests", "js"), shutil.which("npm")
    if (
        npm
        and shutil.which("node")
        and not os.path.isdir(os.path.join(home, "node_modules", "ical.js"))
    ):
        say("Installing a calendar reader for the tests (once) …")
        if (
            run([npm, "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home)
            != 0
        ):
            say("It could not be installed; the tests ask the other readers.")


def make_ready(_words):
    """Install what the tests need beside .venv, and let one process compile the product and the
    tests, which each of several would compile for itself.
    """
    find_machine()
    keep_compiled()
    return run([PYTHON, "-m", "pytest", "--collect-only"], cwd=HERE, stdout=subprocess.DEVNULL)


def keep_compiled():
    """Let what one process of the tests compiles be there for all, whatever the machine says."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def find_machine():
    """Find or install all that the whole run of the tests needs of this machine."""
    find_programs()
    find_browser()
    find_calendar_reader()


def test(words):
    """Run the tests by three processes, which fill two cores: a third of the time a test waits.

    What is missing fails.
    """
    if "--quick" not in words:
        find_machine()
    if "--long" in words:
        find_builder()
    keep_compiled()
    cores = ["-n", "3", "--dist", "worksteal"]
    if any(word.startswith("-n") for word in words):
        cores = []
    return run([PYTHON, "-m", "pytest"] + cores + words, cwd=HERE)


# -------------------------------------------------------------------------------------------------
# checks


def check(_words):
    """Ask lint, format and types, all three; 1 when one of them fails."""
    ruff = os.path.join(SCRIPTS, "ruff")
    failures = 0
    for name, command in (
        ("lint", [ruff, "check", "."]),
        ("format", [ruff, "format", "--check", "."]),
        ("types", [os.path.join(SCRIPTS, "mypy")]),
    ):
        if run(command, cwd=HERE) != 0:
            say("run.py: %s failed." % name)
            failures += 1
    return 1 if failures else 0


def lay_out(_words):
    """Mend what lint can mend and lay the code out; 1 when something is left for a person."""
    ruff = os.path.join(SCRIPTS, "ruff")
    left = run([ruff, "check", "--fix", "."], cwd=HERE)
    return 1 if run([ruff, "format", "."], cwd=HERE) or left else 0


# ------------------------------------------------------------------------------------------------
# first look


def first_look():
    """Run the demo clinic: web, worker, a mailbox and phones, all on this machine only, until
    Ctrl-C.
    """
    command = [PYTHON, "-m", "scheduler", "demo"]
    os.chdir(HERE)
    if os.name != "nt":
        os.execv(PYTHON, command)
    return run(command)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(0 if len(sys.argv) == 1 else 130)
