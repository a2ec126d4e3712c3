"""The closed lists of words: each as a type for the type checker, and as a tuple in display order.

The database checks them (`app/models/columns.py`), the API documents them, and pages use the labels
in `NAMES`.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Verification = Literal["reported", "geolocated", "confirmed", "disputed", "refuted"]
TimePrecision = Literal["minute", "hour", "day", "month", "year"]
State = Literal["draft", "in_review", "published", "withdrawn"]
Sensitivity = Literal["graphic", "civilians", "own_positions", "personal_data", "prisoners"]
SourceRole = Literal["footage", "geolocation", "report", "statement"]
# `hidden`: not public, for somebody's safety, like everything that only this source documents.
SourceStatus = Literal["live", "deleted", "hidden", "unknown"]
PublicSourceStatus = Literal["live", "deleted", "unknown"]
# Who speaks through a source: a belligerent or its officials, media that a belligerent's state owns
# or directs, or neither. `unknown` counts as not independent.
SourceClass = Literal["party", "state_affiliated", "independent", "unknown"]
Stance = Literal["asserts", "denies"]
ClaimSubject = Literal["event", "area"]
PartyKind = Literal[
    "ministry", "general_staff", "official", "think_tank", "outlet", "bloggers", "eyewitness", "unnamed"
]
SubmissionKind = Literal["footage", "problem"]
SubmissionState = Literal["received", "in_review", "question", "accepted", "merged", "rejected"]
# The decisions of the desk about submissions and imports.
Outcome = Literal["accepted", "merged", "rejected"]
RelationKind = Literal["same_incident", "follows", "contradicts"]
ProblemKind = Literal["wrong_place", "wrong_date", "old_footage", "endangers", "other"]

VERIFICATIONS: Final[tuple[Verification, ...]] = get_args(Verification)
TIME_PRECISIONS: Final[tuple[TimePrecision, ...]] = get_args(TimePrecision)
STATES: Final[tuple[State, ...]] = get_args(State)
SENSITIVITIES: Final[tuple[Sensitivity, ...]] = get_args(Sensitivity)
SOURCE_ROLES: Final[tuple[SourceRole, ...]] = get_args(SourceRole)
SOURCE_STATUSES: Final[tuple[SourceStatus, ...]] = get_args(SourceStatus)
SOURCE_CLASSES: Final[tuple[SourceClass, ...]] = get_args(SourceClass)
STANCES: Final[tuple[Stance, ...]] = get_args(Stance)
CLAIM_SUBJECTS: Final[tuple[ClaimSubject, ...]] = get_args(ClaimSubject)
PARTY_KINDS: Final[tuple[PartyKind, ...]] = get_args(PartyKind)
SUBMISSION_KINDS: Final[tuple[SubmissionKind, ...]] = get_args(SubmissionKind)
SUBMISSION_STATES: Final[tuple[SubmissionState, ...]] = get_args(SubmissionState)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
RELATION_KINDS: Final[tuple[RelationKind, ...]] = get_args(RelationKind)
PROBLEM_KINDS: Final[tuple[ProblemKind, ...]] = get_args(ProblemKind)


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


# The English label of each word; pages translate it.
VERIFICATION_NAMES: Final[dict[str, str]] = {
    "reported": _("Reported"),
    "geolocated": _("Geolocated"),
    "confirmed": _("Confirmed"),
    "disputed": _("Disputed"),
    "refuted": _("Refuted"),
}
TIME_PRECISION_NAMES: Final[dict[str, str]] = {
    "minute": _("to the minute"),
    "hour": _("to the hour"),
    "day": _("to the day"),
    "month": _("to the month"),
    "year": _("to the year"),
}
SENSITIVITY_NAMES: Final[dict[str, str]] = {
    "graphic": _("Graphic"),
    "civilians": _("Civilians"),
    "own_positions": _("Own positions"),
    "personal_data": _("Personal data"),
    "prisoners": _("Prisoners"),
}
SOURCE_ROLE_NAMES: Final[dict[str, str]] = {
    "footage": _("Footage"),
    "geolocation": _("Geolocation"),
    "report": _("Report"),
    "statement": _("Statement"),
}
SOURCE_STATUS_NAMES: Final[dict[str, str]] = {
    "unknown": _("Unknown"),
    "live": _("online"),
    "deleted": _("deleted"),
    "hidden": _("hidden from the public"),
}
SOURCE_CLASS_NAMES: Final[dict[str, str]] = {
    "party": _("Party to the war"),
    "state_affiliated": _("State-affiliated"),
    "independent": _("Independent"),
    "unknown": _("Not classified"),
}
STANCE_NAMES: Final[dict[str, str]] = {"asserts": _("asserts"), "denies": _("denies")}
CLAIM_SUBJECT_NAMES: Final[dict[str, str]] = {"event": _("what happened"), "area": _("the ground there")}
PARTY_KIND_NAMES: Final[dict[str, str]] = {
    "ministry": _("Ministry"),
    "general_staff": _("General staff"),
    "official": _("Official"),
    "think_tank": _("Think tank"),
    "outlet": _("Outlet"),
    "bloggers": _("Bloggers"),
    "eyewitness": _("Eyewitness"),
    "unnamed": _("Unnamed"),
}
RELATION_KIND_NAMES: Final[dict[str, str]] = {
    "same_incident": _("is of the same incident as"),
    "follows": _("follows"),
    "contradicts": _("contradicts"),
}
PROBLEM_KIND_NAMES: Final[dict[str, str]] = {
    "wrong_place": _("The place is wrong"),
    "wrong_date": _("The date is wrong"),
    "old_footage": _("The footage is older"),
    "endangers": _("It endangers someone"),
    "other": _("Something else"),
}
