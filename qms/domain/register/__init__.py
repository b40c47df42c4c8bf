"""What was ever validly recorded, and whether something may be."""
