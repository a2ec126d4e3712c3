"""The tables, one file each."""

from app.database.base import Base
from app.models.account import Account, AccountAct, ApiToken, MemberSession, RecoveryCode, SignInCount
from app.models.assessment import Assessment, Observation
from app.models.assessor import Assessor
from app.models.claim import Claim
from app.models.control_area import ControlArea
from app.models.conversation import Comment, SubmissionMessage
from app.models.desk import Assignment, BulkAct, Decision, EventPriority, Presence
from app.models.event import Event, EventPlace
from app.models.event_columns import EventColumnsPart, EventColumnsStale, EventColumnsWatch
from app.models.event_point import EventPoint, EventShape, EventTally, EventTallyChange
from app.models.gazetteer import GazetteerLoad
from app.models.installation import InstallationSwitch, RateCount, RulesDeployment
from app.models.line_history import LineHistoryPart
from app.models.origin import Origin
from app.models.party import Party
from app.models.place import Place, PlaceName
from app.models.publication import CategoryPolicy, ContentRevision, DeskPolicy
from app.models.relation import EventRelation
from app.models.revision import Revision
from app.models.source import EventSource, Source
from app.models.submission import Submission, SubmissionLink

__all__ = [
    "Account",
    "AccountAct",
    "ApiToken",
    "Assessment",
    "Assessor",
    "Assignment",
    "Base",
    "BulkAct",
    "CategoryPolicy",
    "Claim",
    "Comment",
    "ContentRevision",
    "ControlArea",
    "Decision",
    "DeskPolicy",
    "Event",
    "EventColumnsPart",
    "EventColumnsStale",
    "EventColumnsWatch",
    "EventPlace",
    "EventPoint",
    "EventPriority",
    "EventRelation",
    "EventShape",
    "EventSource",
    "EventTally",
    "EventTallyChange",
    "GazetteerLoad",
    "InstallationSwitch",
    "LineHistoryPart",
    "MemberSession",
    "Observation",
    "Origin",
    "Party",
    "Place",
    "PlaceName",
    "Presence",
    "RateCount",
    "RecoveryCode",
    "Revision",
    "RulesDeployment",
    "SignInCount",
    "Source",
    "Submission",
    "SubmissionLink",
    "SubmissionMessage",
]
