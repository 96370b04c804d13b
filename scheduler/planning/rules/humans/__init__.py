"""One human behind several rows: judged as one body."""
