"""HTML pages: routes, and a dataclass with the context of each template."""
