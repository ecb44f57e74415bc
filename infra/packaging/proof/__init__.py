"""The proof of a package: the zip alone answers every file in `events/`, each role allows what its function does.

Every function runs in an interpreter of its own that can import nothing but the zip and Python itself. AWS is the
embedded one, with the tables, queues and buckets that the template describes; Telegram and the WebSocket's other end
are stand-ins.
"""
