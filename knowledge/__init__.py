"""What the assistant understands and says: data first, and the loader that checks it into one immutable book."""
