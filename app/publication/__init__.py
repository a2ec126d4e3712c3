"""Publication: the states of an event and who may change them, policy by category, the end of embargoes, retention."""
