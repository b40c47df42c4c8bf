"""The policy's own life: its first version, every later one, what is told before one is signed."""
