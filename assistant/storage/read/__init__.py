"""What the pages show, read from the record: each question takes the viewer, and holds only what they may see."""
