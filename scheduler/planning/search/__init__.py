"""How plans are found: construction, large neighborhood search, CP-SAT."""
