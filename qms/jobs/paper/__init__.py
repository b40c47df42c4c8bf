"""From the register to PDFs: what is printed for whom, of what, and what lies printed already."""
