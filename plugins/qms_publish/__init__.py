"""Documents as PDF files: layout, cover, signature block, manifest."""
