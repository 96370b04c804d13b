"""Who waits for a place in a cohort, and the places that are offered to them."""
