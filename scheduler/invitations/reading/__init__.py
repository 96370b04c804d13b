"""A mail taken apart: who wrote it, what it answers, what a report says. It knows no rows."""
