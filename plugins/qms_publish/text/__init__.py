"""A document's body: its Markdown read, judged letter by letter, and set as HTML."""
