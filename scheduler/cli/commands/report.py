"""The door for figures: `report engagement`."""

import json

import click
from flask.cli import AppGroup

from scheduler.cli.exit_codes import answering
from scheduler.engagement import FIELDS, engagement_report
from scheduler.kernel.clock import now
from scheduler.kernel.database import reading
from scheduler.planning import cohort_by_key

report = AppGroup("report", help="Figures of what was.")


@report.command("engagement")
@click.option("--cohort", metavar="KEY", help="Of one cohort only.")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@answering
def engagement_command(cohort: str | None, as_json: bool) -> None:
    """Print how families were invited, told, answered and attended, by kind of session.

    Counted are pairs of a relative and a date that is over; a rate is of the invited who attended,
    and none is given for fewer than six.
    """
    reading()
    cohort_id = cohort_by_key(cohort).id if cohort is not None else None
    document = engagement_report(now=now(), cohort_id=cohort_id).document()
    if as_json:
        click.echo(json.dumps(document))
        return
    for row in document["kinds"]:
        figures = ", ".join(f"{row[name]} {name}" for name in FIELDS)
        if row["rate"] is None:
            rate = "fewer than 6: no rate"
        else:
            rate = f"{row['rate']:.0%} attended"
        click.echo(f"{row['kind']}: {figures}; {rate}")
    if not document["kinds"]:
        click.echo("no relative was invited to a date that is over")
    for name, counts in document["patients"].items():
        words = name.replace("_", " ")
        click.echo(
            f"patients {words}: {counts['patients']}, came to {counts['attended']} of "
            f"{counts['sessions']} sessions, {counts['completed']} of {counts['ended']} completed"
        )
