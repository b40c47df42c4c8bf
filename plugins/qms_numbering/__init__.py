"""Numbers and versions of documents: patterns, display forms, uniqueness."""
