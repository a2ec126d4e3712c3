"""Builds the application. The only module that knows all parts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from app import __version__, problem_responses
from app.access.modes import Mode
from app.access.switch import Switch, SwitchMiddleware
from app.accounts.authentication import Authentication
from app.accounts.routes import router as accounts
from app.accounts.services import make_account_services
from app.background import BackgroundJob, running_jobs
from app.database.listener import ChangeListener
from app.database.session import Sessions
from app.derived.event_columns_pool import EncoderPool
from app.desk.event_routes import router as desk_events
from app.desk.import_routes import router as desk_imports
from app.desk.routes import router as desk_work
from app.events.routes import COLUMNS_CACHE_BYTES
from app.events.routes import router as events
from app.events.tiles import event_tile_matcher
from app.geo.countries import Surroundings
from app.geo.ground import GROUND_FILE, read_ground
from app.http import health, openapi
from app.http.admission import AdmissionControl
from app.http.byte_cache import ByteCache
from app.http.client import TrustedProxies
from app.http.daily_salt import DailySalt, expire_daily
from app.http.fetch_metadata import same_site_only
from app.http.head import HeadAsGet
from app.http.headers import ContentPolicy, SecurityHeaders
from app.http.hosts import AllowedHostMiddleware, allowed_hosts
from app.http.log import RequestLog
from app.http.parameters import readable_query
from app.http.response_cache import ResponseCache, ResponseCacheMiddleware
from app.http.search_cache import SearchCache
from app.http.shared_limits import SharedLimits
from app.http.static_files import CompressedFiles, ImmutableFiles
from app.http.work_classes import Work, work_classes
from app.http.work_queue import WorkQueue
from app.pages import (
    about_page,
    desk,
    docs_page,
    event_page,
    map_page,
    security_txt,
    sign_in_page,
    submit_page,
    track_page,
)
from app.pages.assets import (
    BUNDLE_DIRECTORY,
    content_version,
    find_bundles,
    find_geoman,
    find_ground,
    find_leaflet,
)
from app.pages.error_page import render_problem
from app.pages.templating import make_templates, translate_for
from app.places.routes import LABELS_CACHE_BYTES
from app.places.routes import router as places
from app.review.routes import router as review
from app.settings import PROJECT_DIRECTORY
from app.submissions.coordinates import router as coordinates
from app.submissions.receive import make_submission_services
from app.submissions.routes import router as submissions
from app.territory.routes import TERRITORY_CACHE_BYTES
from app.territory.routes import router as territory
from app.territory.tiles import area_tile_matcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.routing import BaseRoute

    from app.settings import Settings
    from app.theatre import Theatre

# For what a request does in a thread besides its route: static files, the switch.
MORE_THREADS = 8

STATIC_DIRECTORY = PROJECT_DIRECTORY / "static"
# The bundles of scripts and style sheets; their names contain a hash of the content.
BUNDLE_URL = f"/static/{BUNDLE_DIRECTORY}"


def tile_origin(url: str) -> str | None:
    """Returns the origin of a tile URL for the content policy; None if tiles are off or our own."""
    parts = urlsplit(url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


@cache
def all_routes() -> list[BaseRoute]:
    """Collects the routes of all parts, once per process.

    FastAPI analyses the parameters of all routes at the first request, which takes a fifth of a
    second, and stores the result with the router. Tests create many applications in one process.
    """
    all_parts = APIRouter(
        dependencies=[Depends(same_site_only), Depends(readable_query)],
        generate_unique_id_function=openapi.operation_id,
    )
    for router in (
        health.router,
        openapi.router,
        events,
        places,
        submissions,
        coordinates,
        territory,
        desk_events,
        desk_imports,
        desk_work,
        review,
        accounts,
        docs_page.router,
        map_page.router,
        event_page.router,
        about_page.router,
        security_txt.router,
        submit_page.router,
        track_page.router,
        sign_in_page.router,
        desk.router,
    ):
        all_parts.include_router(router)
    return all_parts.routes


def create_app(settings: Settings, theatre: Theatre, sessions: Sessions, jobs: Sequence[BackgroundJob] = ()) -> FastAPI:
    """Builds the application.

    Args:
        settings: of this installation.
        theatre: the conflict that is mapped.
        sessions: opens database sessions for requests.
        jobs: run in the background while the application is served.
    """
    classes = work_classes(settings)
    encoder_pool = EncoderPool()

    salt = DailySalt(settings.data_dir)
    listener = ChangeListener()
    tile_cache = ResponseCache(is_heard=listener.is_heard)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            # A thread for each place, so that no class of requests waits for another's threads.
            threads = sum(work.places for work in classes.values()) + MORE_THREADS
            anyio.to_thread.current_default_thread_limiter().total_tokens = threads
            stack.callback(encoder_pool.close)
            stack.callback(salt.close)
            stack.callback(asyncio.create_task(expire_daily(salt)).cancel)
            if (reader := sessions.reader()) is not None:
                listener.subscribe(lambda: tile_cache.start(reader))
                stack.push_async_callback(reader.close)
                await stack.enter_async_context(listener.listening(reader))
            with running_jobs(jobs):
                yield

    app = FastAPI(
        lifespan=lifespan,
        title="Frontline",
        version=__version__,
        summary="A map of a war's front line in time, from public reports",
        openapi_url=None,  # `openapi.router` sends it
        docs_url=None,
        redoc_url=None,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        # OpenTelemetry is not used; checking for it would take a tenth of the time of a cached
        # tile.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=openapi.operation_id,
        dependencies=[Depends(same_site_only), Depends(readable_query)],
    )
    version = content_version(STATIC_DIRECTORY)
    static_url = f"/static/{version}"
    leaflet = find_leaflet(STATIC_DIRECTORY, static_url)

    app.state.settings = settings
    app.state.theatre = theatre
    app.state.sessions = sessions
    limits = SharedLimits(sessions, salt)
    services = make_account_services(settings, sessions, limits)
    app.state.account_services = services
    app.state.authenticate = Authentication(services)
    app.state.switch = switch = Switch(sessions)
    app.state.readiness = health.Readiness(switch.is_database_away, listener.is_silent)
    app.state.translate_for = translate_for
    app.state.ground_url = find_ground(STATIC_DIRECTORY, static_url)
    app.state.trusted_proxies = TrustedProxies(settings.trusted_proxies)
    app.state.templates = make_templates(
        static_url,
        leaflet,
        find_geoman(STATIC_DIRECTORY, static_url),
        find_bundles(STATIC_DIRECTORY, static_url, BUNDLE_URL),
    )
    app.state.columns_cache = ByteCache(COLUMNS_CACHE_BYTES)
    app.state.encoder_pool = encoder_pool
    app.state.territory_cache = ByteCache(TERRITORY_CACHE_BYTES)
    app.state.surroundings = Surroundings(GROUND_FILE, theatre.extent)
    app.state.ground = read_ground(theatre.extent, theatre.ground)
    app.state.labels_cache = ByteCache(LABELS_CACHE_BYTES)
    app.state.submission_services = make_submission_services(settings, limits, salt)

    app.router.routes.extend(all_routes())
    app.mount(
        BUNDLE_URL, ImmutableFiles(directory=STATIC_DIRECTORY / BUNDLE_DIRECTORY, check_dir=False), name="bundles"
    )
    app.mount(static_url, ImmutableFiles(directory=STATIC_DIRECTORY), name="static-kept")
    app.mount("/static", CompressedFiles(directory=STATIC_DIRECTORY), name="static")

    openapi.install(app)
    problem_responses.install(app, render_page=render_problem, translate_for=translate_for)
    tiles = tile_origin(theatre.tiles.url if settings.tiles_url is None else settings.tiles_url)
    policy = ContentPolicy(code=leaflet.origins, images=(tiles,) if tiles else ())
    # The middleware added last is the first to see a request.
    app.add_middleware(problem_responses.UnexpectedErrors, render_page=render_problem)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.add_middleware(SwitchMiddleware, switch=app.state.switch, render_page=render_problem)
    hosts = allowed_hosts(settings.allowed_hosts, settings.host)
    app.add_middleware(AllowedHostMiddleware, allowed=hosts)
    app.add_middleware(SecurityHeaders, policy=policy)
    app.add_middleware(RequestLog)

    async def is_closed() -> bool:
        return await switch.mode() in {Mode.CLOSED, None}

    app.add_middleware(AdmissionControl, classes=classes, proxies=app.state.trusted_proxies)
    app.add_middleware(SearchCache, listener=listener, is_closed=is_closed)
    app.add_middleware(
        ResponseCacheMiddleware,
        cache=tile_cache,
        matchers=(event_tile_matcher(theatre), area_tile_matcher()),
        allowed_hosts=hosts,
        is_closed=is_closed,
        queue=WorkQueue(classes[Work.TILES]),
        proxies=app.state.trusted_proxies,
    )
    app.add_middleware(HeadAsGet)
    return app
