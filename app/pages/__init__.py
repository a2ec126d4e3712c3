"""HTML for people: routes, and one dataclass of context per template."""
