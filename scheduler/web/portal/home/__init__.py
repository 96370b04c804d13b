"""What stands around a patient's appointments: what changed, who comes, that they cannot come."""
