"""One human behind several rows: where they are, and which sessions count on them."""
