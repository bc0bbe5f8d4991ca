"""A mail server that takes every letter and keeps none, for a process of its own."""

import asyncio
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class Postbox:
    """Says yes."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        return "250 OK"


async def main(port: int) -> None:
    loop, postbox = asyncio.get_running_loop(), Postbox()
    server = await loop.create_server(lambda: SMTP(postbox, loop=loop), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
