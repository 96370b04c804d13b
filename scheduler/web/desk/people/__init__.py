"""A patient's people at the desk: how they are reached, whether they are ready, who is kept out."""
