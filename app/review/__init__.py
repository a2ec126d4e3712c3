"""Review: the desk's API for members. What they write is a draft until another member publishes it."""
