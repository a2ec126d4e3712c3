"""Publications and posts: canonical addresses, names and voices of sources."""
