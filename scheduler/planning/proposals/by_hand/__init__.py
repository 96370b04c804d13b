"""What a person decides about a change that breaks a rule: bent, or put elsewhere."""
