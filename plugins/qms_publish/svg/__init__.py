"""Drawings: which are shown alike by all who show them, and each said anew in lines and curves."""
