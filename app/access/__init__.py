"""Who may do what: members and their roles, one table of rights, and the dependency by which a
route asks for them.
"""
