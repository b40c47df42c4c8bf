"""Who signs a document, in which order and in which role."""
