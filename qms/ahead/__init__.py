"""A process that reads files ahead, on another core. Without it all is the same, but for time.

`qms.jobs.judging.read_ahead` is the one door to it.
"""
