"""A patient's stays at the desk: where they are and when, a pause, another cohort, the end."""
