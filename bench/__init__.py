"""Measurements, chapter by chapter, against what is to be reached: `python -m bench [chapter…]`."""
