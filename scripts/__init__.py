"""Programs of the project that the Makefile and maintainers run: `python -m scripts.<name>`."""
