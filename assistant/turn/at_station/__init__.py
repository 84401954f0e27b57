"""What is said at and about the service station; ``asked.find`` is the way in."""
