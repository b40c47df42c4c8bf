"""Pictures of a document: photographs decoded, drawings checked, before a page shows them."""
