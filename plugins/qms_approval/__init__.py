"""Approval chains: who must sign a document of a class, in which order (DC-04)."""
