"""Pure functions on positions and shapes, without FastAPI and SQLAlchemy."""
