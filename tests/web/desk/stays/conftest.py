"""What the pages about a patient's stays share with those about one person."""

from tests.web.desk.people.conftest import desk, told_and_sent

__all__ = ["desk", "told_and_sent"]
