"""What may lie where, how it is read, and what it says."""
