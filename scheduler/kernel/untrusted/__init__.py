"""What strangers send: read in a child process, fetched from public addresses alone."""
