"""Somebody ill, by command: said, done and put back as one. The father has no consent: he is in
nothing.
"""

from flask.testing import FlaskCliRunner

from tests.cli.test_sessions_by_hand import evening, say, state
from tests.planning.proposals.test_let_lead import GROUP, ONE, colleague

__all__ = ["evening"]
WEEK = ("2027-03-08", "2027-03-12")
SECOND = "evening.process.2027-03-08"


def test_illness_is_said_done_and_put_back(evening: None, runner: FlaskCliRunner) -> None:
    colleague("chen")
    before = state(ONE)
    asked = ("away", "rivera", *WEEK, "--choose", f"{ONE}=cancel")
    rehearsed = say(runner, *asked, "--dry-run")
    unchanged = state(ONE)
    done = say(runner, *asked)
    cancelled = state(ONE)
    name = done.stdout.splitlines()[-1].rpartition(" ")[2]
    back = say(runner, "all-back", name)

    assert rehearsed.stdout.splitlines()[-1] == "nothing was changed"
    assert {f"{ONE}: cancelled", f"{SECOND}: led by chen"} <= set(done.stdout.splitlines())
    assert (unchanged, cancelled[2]) == (before, "cancelled")
    assert (back.exit_code, state(ONE)) == (0, before)


def test_closed_days_and_odd_choices(evening: None, runner: FlaskCliRunner) -> None:
    odd = say(runner, "closed", "2027-03-01", "2027-03-01", "--choose", f"{GROUP}=later")
    done = say(runner, "closed", "2027-03-01", "2027-03-01", "--why", "snow")
    assert (odd.exit_code, "nothing that can be done" in odd.stderr) == (2, True)
    assert (done.exit_code, state(GROUP)[2]) == (0, "cancelled")
