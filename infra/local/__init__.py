"""The product on one machine: `python -m infra.local.run`.

One gateway process (HTTP, WebSocket, pollers, schedules, pages), the embedded AWS, and a fork server with the workers
in which the deployed handlers run. `runtime` starts it all; `http_gateway`, `sockets`, `queues`, `background`, `ticker`
and `alarms` wake functions; `functions`, `lanes`, `forks` and `worker` run them. Each module says what of AWS it does
not imitate.
"""
