"""Values and pure functions, no I/O, in four rooms: kinds, register, library, verdict.

Each imports only from those before it.
"""
