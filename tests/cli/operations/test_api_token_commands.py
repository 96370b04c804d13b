"""`api token`, `api tokens`, `api revoke`."""

import re

from flask.testing import FlaskCliRunner

from household import Household


def test_token_is_printed_once_and_listed_without_its_secret(
    home: Household, runner: FlaskCliRunner
) -> None:
    made = runner.invoke(
        args=["api", "token", "ehr", "--as", "rivera", "--scopes", "read,plan", "--days", "30"]
    )
    listed = runner.invoke(args=["api", "tokens"])

    assert re.fullmatch(r"kfa_[\w-]{43}\n", made.output)
    assert re.fullmatch(r"ehr  rivera  read,plan  open  [\dTZ:-]{20}\n", listed.output)


def test_revoked_token_says_so(home: Household, runner: FlaskCliRunner) -> None:
    runner.invoke(args=["api", "token", "ehr", "--as", "rivera", "--scopes", "read", "--days", "1"])

    said = [runner.invoke(args=["api", "revoke", "ehr"]).output for _ in range(2)]

    assert said == ["ehr is revoked\n", "ehr was revoked before\n"]
    assert "  revoked  " in runner.invoke(args=["api", "tokens"]).output


def test_odd_wishes_make_no_token(home: Household, runner: FlaskCliRunner) -> None:
    odd = (
        ("UPPER", "rivera", "read", "1"),
        ("ehr", "nobody", "read", "1"),
        ("ehr", "p-1", "read", "1"),
        ("ehr", "rivera", "read,fly", "1"),
        ("ehr", "rivera", "read", "0"),
        ("ehr", "rivera", "read", "367"),
    )
    codes = []
    for name, key, scopes, days in odd:
        words = ["api", "token", name, "--as", key, "--scopes", scopes, "--days", days]
        codes.append(runner.invoke(args=words).exit_code)

    assert codes == [2] * len(odd)
    assert runner.invoke(args=["api", "tokens"]).output == ""
