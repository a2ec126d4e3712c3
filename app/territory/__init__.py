"""Territory: who holds what on which day, the line between, how it changed, and its whole history
for a slider.
"""
