"""The pages on which members complete their sign-in: their own password, a required second factor.

A member who lacks one of them reaches no other page. The incident switch leaves these pages open,
so that it locks no administrator out.
"""

from __future__ import annotations

from typing import Final

OWN_PASSWORD_PATHS: Final = frozenset({"/desk/account", "/desk/account/password", "/sign-out"})
SECOND_FACTOR_PATHS: Final = frozenset(
    {"/desk/account", "/desk/account/second-factor", "/desk/account/second-factor/confirm", "/sign-out"}
)
