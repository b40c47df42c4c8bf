"""Bytes ⇄ plain values, with no I/O: strict YAML, the cut, slots, messages, signatures, paths."""
