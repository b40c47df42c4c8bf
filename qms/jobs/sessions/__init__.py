"""One call of a command on one repo: who I am, what I sign, and the one way to write it."""
