"""Days on which somebody, or the house, cannot hold what is published: what disturbs least."""
