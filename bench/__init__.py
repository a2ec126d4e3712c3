"""Benchmarks with targets, in chapters: `python -m bench [chapter…]`."""
