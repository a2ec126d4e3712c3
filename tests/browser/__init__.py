"""Tests in a browser. A package, so that pytest closes the browser after the last of them."""
