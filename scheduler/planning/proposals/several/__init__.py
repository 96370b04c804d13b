"""Several cohorts at once."""
