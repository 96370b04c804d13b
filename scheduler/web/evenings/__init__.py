"""Pages of open evenings: the public one, and the desk's."""
