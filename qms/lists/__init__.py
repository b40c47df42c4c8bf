"""What is made of a list: words, a CSV, XLSX or HTML file; nothing here reads or writes a file."""
