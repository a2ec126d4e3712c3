"""Access control: members and their roles, the table of rights, and the dependency of routes for
members.
"""
