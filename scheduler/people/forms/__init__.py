"""Forms that are sent: one at a time."""
