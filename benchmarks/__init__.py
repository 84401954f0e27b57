"""Benchmarks: ratios to floors measured in the same run; nothing here fails for being slow."""
