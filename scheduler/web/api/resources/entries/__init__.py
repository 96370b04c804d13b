"""How patients come in beside an admission: from a waiting line, by a list, entered twice."""
