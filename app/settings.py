"""What an operator sets: typed, ranged, from the environment. Built once, in `main` or `cli`, never at import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT_DIRECTORY = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings of one installation; docs/settings.md lists each, and a test holds it to this class."""

    model_config = SettingsConfigDict(env_prefix="FRONTLINE_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", validation_alias="HOST", description="Address to listen on")
    port: int = Field(
        8000, ge=0, le=65535, validation_alias="PORT", description="Port to listen on; 0 takes a free one"
    )
    data_dir: Path = Field(
        Path("var"), description="Where the embedded database, secrets and caches of this installation lie"
    )
    database_url: str | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="A PostGIS server, as the role `frontline_app`; without it a private one is run",
    )
    database_owner_url: str | None = Field(
        None,
        validation_alias="DATABASE_OWNER_URL",
        description="The same database as its owner, for `frontline migrate`; `DATABASE_URL` when not given",
    )
    database_public_url: str | None = Field(
        None,
        validation_alias="DATABASE_PUBLIC_URL",
        description="The same database as `frontline_public`; without it `DATABASE_URL` narrowed to that role",
    )
    theatre: Path = Field(
        PROJECT_DIRECTORY / "theatre.toml", description="The file that describes the conflict that is mapped"
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Host names that requests may name, comma-separated; loopback and `HOST` always; `*` for any",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Addresses or networks of proxies whose `X-Forwarded-For` and `-Proto` count, comma-separated",
    )
    tiles_url: str | None = Field(
        None,
        description="Raster tiles under the map, `{z}/{x}/{y}`; empty for none; the theatre's when not given",
    )
    operator: str = Field("", max_length=200, description="Who runs this map, for the page that says so")
    operator_contact: str = Field("", max_length=200, description="How to reach them: an address or a link")
    desk_licence: str = Field(
        "CC BY 4.0", min_length=1, max_length=200, description="The licence of the events that members write here"
    )
    public_connections: int = Field(10, ge=1, le=200, description="Database connections that read for the public")
    writing_connections: int = Field(5, ge=1, le=100, description="Database connections that write")
    read_timeout_seconds: float = Field(2.0, gt=0, le=60, description="Longest time for one statement that reads")
    write_timeout_seconds: float = Field(5.0, gt=0, le=60, description="Longest time for one statement that writes")
    submissions_per_minute: int = Field(5, ge=1, le=10_000, description="Submissions from one network in a minute")
    submissions_per_hour: int = Field(30, ge=1, le=100_000, description="Submissions from one network in an hour")
    submission_queue_cap: int = Field(100_000, ge=1, description="Submissions that may wait; then 503")
    submission_retention_days: float = Field(
        90, gt=0, le=3650, description="Days that a submission which was not accepted is kept after the decision"
    )
    shared_limits: bool = Field(
        False, description="Count submissions in the database: for several servers over one; sign-ins always are"
    )
    sign_ins_per_minute: int = Field(10, ge=1, le=10_000, description="Tries to sign in from one network in a minute")
    sign_ins_per_hour: int = Field(60, ge=1, le=100_000, description="Tries to sign in from one network in an hour")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What the log tells")
    places_autoload: bool = Field(True, description="Load the gazetteer when `frontline serve` finds it empty")
    demo_autoload: bool = Field(True, description="Load the demo when `frontline serve` makes a new embedded database")

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Read a comma-separated list."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("data_dir", "theatre")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        """Relative paths count from where the command was started."""
        return value.expanduser().absolute()

    @field_validator("database_url", "database_owner_url", "database_public_url", mode="before")
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        """An empty variable is one that is not set."""
        return value or None
