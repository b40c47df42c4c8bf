"""Numbered controlled copies: issued, received, recalled and returned."""
