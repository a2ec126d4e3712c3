"""Territory: control areas by day, the front line, changes between days, and the history for the
slider.
"""
