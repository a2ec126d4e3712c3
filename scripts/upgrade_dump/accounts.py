"""Signs members in with the pages of the earlier commit, and creates tokens and second factors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import pyotp

SESSION_COOKIE: Final = "__Host-frontline"


@dataclass(frozen=True)
class Browser:
    """A browser in which a member is signed in; `session` is the key in its cookie."""

    client: httpx2.Client
    name: str
    password: str
    session: str

    def make_token(self) -> str:
        """Creates an API token, which may write."""
        fields = {"label": "Upgrade", "scope": "write", "days": "365", "password": self.password}
        found = re.search(r"frontline_[A-Za-z0-9_-]{43}", self._send("/desk/tokens", "/desk/tokens", **fields))
        if found is None:
            raise RuntimeError(f"no token was made for {self.name}")
        return found[0]

    def turn_on_second_factor(self) -> dict[str, Any]:
        """Enables the second factor; returns its secret and its recovery codes."""
        path = "/desk/account/second-factor"
        offered = self._send("/desk/account", path, password=self.password)
        found = re.search(r'<code class="desk-secret">([A-Z2-7 ]+)</code>', offered)
        if found is None:
            raise RuntimeError("no second factor was offered")
        secret = found[1].replace(" ", "")
        codes = self._send("/desk/account", f"{path}/confirm", code=pyotp.TOTP(secret).now())
        recovery = re.findall(r"<li><code>([^<]+)</code></li>", codes)
        if not recovery:
            raise RuntimeError("the second factor was not turned on")
        return {"secret": secret, "recovery_codes": recovery}

    def _send(self, page: str, path: str, **fields: str) -> str:
        """Submits a form of a page; returns the next page."""
        cookie = {"Cookie": f"{SESSION_COOKIE}={self.session}"}
        token = re.search(r'name="form_token" value="([^"]+)"', self.client.get(page, headers=cookie).text)
        if token is None:
            raise RuntimeError(f"{page} has no form")
        response = self.client.post(path, data=fields | {"form_token": token[1]}, headers=cookie)
        self.client.cookies.clear()
        return response.text


def sign_in(client: httpx2.Client, name: str, password: str) -> Browser:
    """Signs in with a password alone."""
    response = client.post("/sign-in", data={"name": name, "password": password, "code": ""})
    client.cookies.clear()
    found = re.search(rf'{SESSION_COOKIE}="?([^;"]+)', " ".join(response.headers.get_list("set-cookie")))
    if found is None:
        raise RuntimeError(f"{name} cannot sign in: {response.status_code} {response.text}")
    return Browser(client, name, password, found[1])
