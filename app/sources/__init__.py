"""Publications and posts: one address and one name for each."""
