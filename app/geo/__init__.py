"""Pure functions on places and shapes; knows neither FastAPI nor SQLAlchemy."""
