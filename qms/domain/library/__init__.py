"""What of the register there is on a day: what stands, what is in force."""
