"""What of a cohort lies within the stays of its patients. Pure."""
