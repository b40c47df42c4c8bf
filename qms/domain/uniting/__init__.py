"""Uniting two branches by what their files mean: what is recorded, signed and written stays."""
