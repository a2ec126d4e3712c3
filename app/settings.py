"""The settings of an installation, read from the environment. `main` and `cli` create them;
importing this module reads nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT_DIRECTORY = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings of one installation. docs/settings.md lists each; a test compares both."""

    model_config = SettingsConfigDict(env_prefix="FRONTLINE_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", validation_alias="HOST", description="Address to listen on")
    port: int = Field(
        8000, ge=0, le=65535, validation_alias="PORT", description="Port to listen on; 0 takes a free one"
    )
    data_dir: Path = Field(Path("var"), description="Directory of the embedded database, the secret and caches")
    database_url: str | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="A PostGIS server, as the role `frontline_app`; by default an embedded one",
    )
    database_owner_url: str | None = Field(
        None,
        validation_alias="DATABASE_OWNER_URL",
        description="The same database as its owner: `migrate`, `check`, `demo --synthetic`; by default `DATABASE_URL`",
    )
    database_public_url: str | None = Field(
        None,
        validation_alias="DATABASE_PUBLIC_URL",
        description="The same database as `frontline_public`; by default `DATABASE_URL` with that role",
    )
    disk_reserve_mib: int = Field(
        512,
        ge=0,
        le=1_000_000,
        description="MiB of the embedded database's disk that imports and migrations leave free",
    )
    theatre: Path = Field(
        PROJECT_DIRECTORY / "theatre.toml", description="The file that describes the conflict that is mapped"
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Allowed host names, comma-separated; `localhost` and `HOST` are always allowed; `*` allows all",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Proxies whose `X-Forwarded-For` and `-Proto` count: addresses or networks, comma-separated",
    )
    tiles_url: str | None = Field(
        None,
        description="Raster tiles under the map, `{z}/{x}/{y}`; empty for none; by default those of the theatre",
    )
    operator: str = Field("", max_length=200, description="Who runs this map, for the about page")
    operator_contact: str = Field("", max_length=200, description="Contact of the operator: an address or a link")
    security_contact: str = Field(
        "",
        max_length=200,
        description="Contact for security problems, in `/.well-known/security.txt`: an e-mail address or an https link",
    )
    desk_licence: str = Field(
        "CC BY 4.0", min_length=1, max_length=200, description="The licence of the events that members write here"
    )
    public_connections: int = Field(10, ge=1, le=200, description="Database connections that read for the public")
    writing_connections: int = Field(5, ge=1, le=100, description="Database connections that write")
    read_timeout_seconds: float = Field(2.0, gt=0, le=60, description="Longest time for one statement that reads")
    write_timeout_seconds: float = Field(5.0, gt=0, le=60, description="Longest time for one statement that writes")
    submissions_per_minute: int = Field(5, ge=1, le=10_000, description="Submissions from one network in a minute")
    submissions_per_hour: int = Field(30, ge=1, le=100_000, description="Submissions from one network in an hour")
    submission_queue_cap: int = Field(100_000, ge=1, description="Maximum number of waiting submissions; then 503")
    submission_retention_days: float = Field(
        90, gt=0, le=3650, description="Days after which a rejected submission is deleted"
    )
    shared_limits: bool = Field(
        False, description="Count submissions in the database, for several servers; sign-ins are always counted there"
    )
    sign_ins_per_minute: int = Field(
        10, ge=1, le=10_000, description="Attempts to sign in from one network in a minute"
    )
    sign_ins_per_hour: int = Field(60, ge=1, le=100_000, description="Attempts to sign in from one network in an hour")
    second_factor_roles: Annotated[tuple[Literal["contributor", "analyst", "editor", "admin"], ...], NoDecode] = Field(
        (),
        description="Roles whose members must have a second factor, comma-separated, for example `editor,admin`",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe messages in the log"
    )
    places_autoload: bool = Field(
        True, description="Load the gazetteer when `frontline serve` finds none, or one of an earlier edition"
    )
    demo_autoload: bool = Field(
        True, description="Load the demo when `frontline serve` creates a new embedded database"
    )

    @field_validator("allowed_hosts", "trusted_proxies", "second_factor_roles", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Splits a comma-separated list."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("security_contact")
    @classmethod
    def _contact_uri(cls, value: str) -> str:
        """Converts an e-mail address or a link to the URI that RFC 9116 requires."""
        value = value.strip()
        if not value or re.fullmatch(r"https://[\x21-\x7e]+|tel:\+?[0-9-]+", value):
            return value
        address = value.removeprefix("mailto:")
        if re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", address):
            return f"mailto:{address}"
        raise ValueError("Must be an e-mail address, or a link that starts with https://")

    @field_validator("data_dir", "theatre")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        """Resolves relative paths from the working directory."""
        return value.expanduser().absolute()

    @field_validator("database_url", "database_owner_url", "database_public_url", mode="before")
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        """Treats an empty variable as not set."""
        return value or None
