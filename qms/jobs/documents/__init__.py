"""A document from its first draft to its release, and what sets a working text right."""
