"""Publication: states of events and who may change them, policy by category, embargoes, and
retention.
"""
