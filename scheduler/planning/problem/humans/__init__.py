"""One human behind several rows: where they are while fixed slots are laid out."""
