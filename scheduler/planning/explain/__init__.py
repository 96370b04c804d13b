"""Why an appointment has no time, and what would give it one."""
