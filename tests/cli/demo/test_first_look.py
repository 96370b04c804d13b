"""The first look at Kinfold: where its pages are, also beside what has its port already."""

import socket

from scheduler.cli.demo.first_look import FIRST_PORT, free_ports, where_it_runs


def test_first_look_at_its_usual_port_says_only_where_it_is() -> None:
    assert where_it_runs(FIRST_PORT) == "Kinfold is running:  http://127.0.0.1:8000"


def test_first_look_beside_another_program_says_why_it_is_elsewhere() -> None:
    assert where_it_runs(8003).splitlines() == [
        "Kinfold is running:  http://127.0.0.1:8003",
        "(port 8000 is taken by another program on this machine)",
    ]


def test_port_that_somebody_has_is_passed_over() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        assert taken not in free_ports(taken, 1)
