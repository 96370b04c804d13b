"""What a signature needs to count: who may sign, for whom, with which elements."""
