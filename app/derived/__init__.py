"""Derived tables: whoever changes the rows that they are computed from updates them in the same
step.
"""
