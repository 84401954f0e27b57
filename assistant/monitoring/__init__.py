"""How the service itself fares: figures for Prometheus, whether it is ready, and logs that tell nothing of anybody.

    routes(database, now, faults, is_alive)     # /metrics and /ready, for the site
    log_to(stream, as_json=True)                # what is logged, from now on

Counted from the record, not in the process: a restart loses nothing, and several processes say the same. No figure is
about one person.
"""

from assistant.monitoring.logs import log_to
from assistant.monitoring.routes import monitoring_routes

__all__ = ["log_to", "monitoring_routes"]
