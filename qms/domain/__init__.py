"""States, steps and rules: values and pure functions, no I/O."""
