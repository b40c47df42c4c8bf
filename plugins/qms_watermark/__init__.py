"""Marks on published pages: controlled, uncontrolled, draft, obsolete."""
