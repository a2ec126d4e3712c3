"""Review: the API of events, sources and claims for members. Another member publishes what one
wrote.
"""
