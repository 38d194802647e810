"""The ASGI application: the guard, the routes, the error handlers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from backend.server import routes_asks, routes_events, routes_jobs, routes_models, routes_sessions, routes_uploads
from backend.server.problems import HANDLERS
from backend.server.security import Guard
from backend.server.services import Services
from backend.server.unforeseen import Unforeseen

ROUTES = [
    *routes_models.ROUTES,
    *routes_jobs.ROUTES,
    *routes_events.ROUTES,
    *routes_sessions.ROUTES,
    *routes_asks.ROUTES,
    *routes_uploads.ROUTES,
]


def create(services: Services, port: int) -> ASGIApp:
    """Return the application as it answers on `port`."""
    app = Starlette(routes=ROUTES, exception_handlers=HANDLERS, middleware=[Middleware(Unforeseen)])
    app.router.redirect_slashes = False
    app.state.services = services
    return Guard(app, services.settings, services.settings.allowed_hosts(port))
