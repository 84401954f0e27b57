"""Ways in and out: one file knows one outside library, and all speak through ``base``."""
