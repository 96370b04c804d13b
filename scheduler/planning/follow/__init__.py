"""Whether plans still hold, looked at again whenever a fact changes: one cohort at a time."""
