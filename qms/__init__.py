"""Document control on git: states, steps, rules and a register that only grows."""

__version__ = "0.1.0"
