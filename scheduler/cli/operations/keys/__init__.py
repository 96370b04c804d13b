"""Keys of the installation: changing them, and the one-time address of the first page."""
