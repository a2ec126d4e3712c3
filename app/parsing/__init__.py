"""Parses what people and programs write: numbers, days, bounding boxes, lists, slugs, booleans,
text.

Query parameters, forms, imports and the command line call these functions, so that all of them
accept the same forms. Each parser raises ValueError with a sentence that says what the value must
be. The caller adds the name of the parameter or field. Pure: this package knows neither the web nor
the database.
"""
