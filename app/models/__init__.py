"""The tables, which are the language the parts share: one file each."""

from app.database.base import Base
from app.models.assessment import Assessment, Observation
from app.models.assessor import Assessor
from app.models.claim import Claim
from app.models.control_area import ControlArea
from app.models.event import Event, EventPlace
from app.models.event_point import EventPoint, EventShape, EventTally, EventTallyChange
from app.models.line_history import LineHistoryPart
from app.models.origin import Origin
from app.models.place import Place, PlaceName
from app.models.source import EventSource, Source
from app.models.submission import Submission

__all__ = [
    "Assessment",
    "Assessor",
    "Base",
    "Claim",
    "ControlArea",
    "Event",
    "EventPlace",
    "EventPoint",
    "EventShape",
    "EventSource",
    "EventTally",
    "EventTallyChange",
    "LineHistoryPart",
    "Observation",
    "Origin",
    "Place",
    "PlaceName",
    "Source",
    "Submission",
]
