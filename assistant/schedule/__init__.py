"""Time alone makes follow-ups fall due: the clock, what is due, and the loop that looks."""
