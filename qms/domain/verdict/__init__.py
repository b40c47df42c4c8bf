"""What is wrong with a tree."""
