"""Deciding about entries that don't agree, and what waits for whom besides texts."""
