"""The table of rights: the lowest role that may use each route for members.

A route that depends on `CurrentMember` and is missing here refuses everybody. A test compares the
table with the application. Routes that do not depend on `CurrentMember` are open to everybody.
"""

from __future__ import annotations

from typing import Final

from app.access.roles import Role

# By method and template, as `POST /api/desk/events/{event_id}`.
RIGHTS: Final[dict[str, Role]] = {
    # Steps of an event: `app/publication/states.py` says who may take which; a test compares.
    "GET /api/desk/events": Role.ANALYST,
    "POST /api/desk/events": Role.ANALYST,
    "GET /api/desk/events/{event_id}": Role.ANALYST,
    "PUT /api/desk/events/{event_id}": Role.ANALYST,
    "GET /api/desk/events/{event_id}/revisions": Role.ANALYST,
    "GET /api/desk/events/{event_id}/near-duplicates": Role.ANALYST,
    "POST /api/desk/events/{event_id}/submit": Role.ANALYST,
    "POST /api/desk/events/{event_id}/return": Role.ANALYST,
    "POST /api/desk/events/{event_id}/publish": Role.ANALYST,
    "POST /api/desk/events/{event_id}/withdraw": Role.EDITOR,
    "POST /api/desk/events/{event_id}/restore": Role.EDITOR,
    "POST /api/desk/events/{event_id}/hide": Role.ANALYST,
    "POST /api/desk/events/{event_id}/show": Role.EDITOR,
    "POST /api/desk/events/{event_id}/vouch": Role.ANALYST,
    "POST /api/desk/events/{event_id}/sources": Role.ANALYST,
    "DELETE /api/desk/events/{event_id}/sources/{source_id}": Role.ANALYST,
    "POST /api/desk/events/{event_id}/claims": Role.ANALYST,
    "PUT /api/desk/events/{event_id}/claims/{claim_id}": Role.ANALYST,
    "DELETE /api/desk/events/{event_id}/claims/{claim_id}": Role.ANALYST,
    "POST /api/desk/sources/check": Role.ANALYST,
    "POST /api/desk/sources/check-new": Role.ANALYST,
    "POST /api/desk/claims/check": Role.ANALYST,
    "GET /api/desk/sources/{source_id}": Role.ANALYST,
    "PUT /api/desk/sources/{source_id}": Role.ANALYST,
    "GET /api/desk/areas/{area_id}/claims": Role.ANALYST,
    "POST /api/desk/areas/{area_id}/claims": Role.ANALYST,
    "DELETE /api/desk/areas/{area_id}/claims/{claim_id}": Role.ANALYST,
    # Submissions and imports. Members never decide about their own submissions, whatever their
    # role.
    "GET /desk/queue": Role.ANALYST,
    "GET /desk/submissions/{submission_id}": Role.ANALYST,
    "GET /desk/imports/{event_id}": Role.ANALYST,
    "GET /desk/events": Role.ANALYST,
    "GET /desk/events/new": Role.ANALYST,
    "GET /desk/events/{event_id}": Role.ANALYST,
    "GET /desk/numbers": Role.ANALYST,
    "GET /api/desk/queue": Role.ANALYST,
    "GET /api/desk/imports/{event_id}": Role.ANALYST,
    "POST /api/desk/imports/{event_id}/accept": Role.ANALYST,
    "POST /api/desk/imports/{event_id}/merge": Role.ANALYST,
    "POST /api/desk/imports/{event_id}/reject": Role.ANALYST,
    "POST /api/desk/imports/{event_id}/reopen": Role.ANALYST,
    "GET /api/desk/submissions/{submission_id}": Role.ANALYST,
    "POST /api/desk/submissions/{submission_id}/accept": Role.ANALYST,
    "POST /api/desk/submissions/{submission_id}/merge": Role.ANALYST,
    "POST /api/desk/submissions/{submission_id}/reject": Role.ANALYST,
    "POST /api/desk/submissions/{submission_id}/settle": Role.ANALYST,
    "POST /api/desk/submissions/{submission_id}/ask": Role.ANALYST,
    "POST /api/desk/submissions/{submission_id}/separate": Role.ANALYST,
    "PUT /api/desk/submissions/{submission_id}/assignee": Role.ANALYST,
    "PUT /api/desk/submissions/{submission_id}/priority": Role.ANALYST,
    "GET /api/desk/submissions/{submission_id}/comments": Role.ANALYST,
    "POST /api/desk/submissions/{submission_id}/comments": Role.ANALYST,
    "PUT /api/desk/events/{event_id}/assignee": Role.ANALYST,
    "PUT /api/desk/events/{event_id}/priority": Role.ANALYST,
    "GET /api/desk/events/{event_id}/comments": Role.ANALYST,
    "POST /api/desk/events/{event_id}/comments": Role.ANALYST,
    "GET /api/desk/events/{event_id}/relations": Role.ANALYST,
    "POST /api/desk/events/{event_id}/relations": Role.ANALYST,
    "DELETE /api/desk/events/{event_id}/relations/{kind}/{other_id}": Role.ANALYST,
    "POST /api/desk/events/{event_id}/keep-hidden": Role.EDITOR,
    "POST /api/desk/events/check": Role.ANALYST,
    "PUT /api/desk/presence/{item_id}": Role.ANALYST,
    "GET /api/desk/mentions": Role.ANALYST,
    "GET /api/desk/numbers": Role.ANALYST,
    "GET /api/desk/bulk": Role.ANALYST,
    "GET /api/desk/bulk/events": Role.ANALYST,
    "POST /api/desk/bulk": Role.ANALYST,
    "POST /api/desk/bulk/{act_id}/undo": Role.ANALYST,
    # A member's own account.
    "GET /api/desk/me": Role.CONTRIBUTOR,
    "GET /desk": Role.CONTRIBUTOR,
    "POST /sign-out": Role.CONTRIBUTOR,
    "GET /desk/account": Role.CONTRIBUTOR,
    "POST /desk/account/password": Role.CONTRIBUTOR,
    "POST /desk/account/second-factor": Role.CONTRIBUTOR,
    "POST /desk/account/second-factor/confirm": Role.CONTRIBUTOR,
    "POST /desk/account/second-factor/remove": Role.CONTRIBUTOR,
    "POST /desk/account/recovery-codes": Role.CONTRIBUTOR,
    "GET /desk/sessions": Role.CONTRIBUTOR,
    "POST /desk/sessions/end": Role.CONTRIBUTOR,
    "POST /desk/sessions/end-others": Role.CONTRIBUTOR,
    "GET /desk/tokens": Role.CONTRIBUTOR,
    "POST /desk/tokens": Role.CONTRIBUTOR,
    "POST /desk/tokens/revoke": Role.CONTRIBUTOR,
    # Other accounts, and the installation.
    "GET /desk/members": Role.ADMIN,
    "POST /desk/members": Role.ADMIN,
    "POST /desk/members/role": Role.ADMIN,
    "POST /desk/members/reset": Role.ADMIN,
    "POST /desk/members/disable": Role.ADMIN,
    "POST /desk/members/enable": Role.ADMIN,
    "POST /desk/members/sign-out": Role.ADMIN,
    "GET /desk/acts": Role.ADMIN,
    "GET /desk/switch": Role.ADMIN,
    "POST /desk/switch": Role.ADMIN,
    "POST /desk/switch/sign-everyone-out": Role.ADMIN,
}


def least_role(method: str, template: str) -> Role | None:
    """Returns the lowest role that may use a route; None if nobody may."""
    return RIGHTS.get(f"{method} {template}")
