"""One human behind several rows: taken everywhere at once."""
