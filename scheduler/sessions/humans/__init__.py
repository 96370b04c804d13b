"""One human behind several rows: where they are counted on."""
