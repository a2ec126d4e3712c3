"""The filter of events: its conditions, and a renderer of conditions for each backend.

`EventFilter` (`model.py`) has all parameters, each with its condition (`conditions.py`). The
renderers turn conditions into SQL on the views (`on_view.py`), SQL on the points of the map
(`on_points.py`) and facets of the tallies (`facets.py`); the browser has its own
(`static/js/data/filters.js`). `tests/filters/test_every_way.py` checks that all of them select the
same events.
"""

from __future__ import annotations

from app.events.filters.conditions import Condition
from app.events.filters.model import EventFilter, conditions_of

__all__ = ["Condition", "EventFilter", "conditions_of"]
