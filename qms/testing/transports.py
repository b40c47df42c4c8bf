"""The ways by which git reaches a shared repository: its own daemon, ssh and http, all local.

Each is what a server runs, with an environment that holds nothing of whoever pushes.
"""

import os
import socket
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Final

_PATIENCE: Final = 10
_SSH: Final = """#!/bin/sh
# Stands where ssh would, and sshd at the other end, in an environment that holds nothing else.
for asked; do :; done
exec env -i {variables} /bin/sh -c "$asked"
"""


def environment_of_a_server(home: Path, lang: str) -> Mapping[str, str]:
    """What a service is started with; `lang` is the language of the machine."""
    keys = ("PATH", "GIT_CONFIG_NOSYSTEM")
    kept = {key: os.environ[key] for key in keys if key in os.environ}
    return {**kept, "HOME": str(home), "LANG": lang}


@contextmanager
def by_daemon(server: Path, environment: Mapping[str, str]) -> Generator[str, None, None]:
    """The address of `server` while `git daemon` gives it out and takes pushes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["git", "daemon", "--enable=receive-pack", "--export-all", "--listen=127.0.0.1",
             f"--port={port}", f"--base-path={server.parent}", str(server)]  # fmt: skip
    daemon = subprocess.Popen(  # noqa: S603 - git, with arguments of the test
        words, env=dict(environment), start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        _await(port)
        yield f"git://127.0.0.1:{port}/{server.name}"
    finally:
        os.killpg(daemon.pid, 15)
        daemon.wait()


def _await(port: int) -> None:
    begun = monotonic()
    while True:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        if monotonic() - begun > _PATIENCE:
            raise AssertionError(f"nothing listens at {port}")
        sleep(0.02)


def ssh_command(folder: Path, environment: Mapping[str, str]) -> str:
    """A program for `GIT_SSH_COMMAND`, to which each host is this machine."""
    variables = " ".join(f"'{key}={value}'" for key, value in environment.items())
    script = folder / "ssh"
    script.write_text(_SSH.format(variables=variables))
    script.chmod(0o755)
    return str(script)


@contextmanager
def by_http(server: Path, environment: Mapping[str, str]) -> Generator[str, None, None]:
    """The address of `server` while `git http-backend` answers for it, as behind a web server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self._body())

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts: list[bytes] = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _answer(self, body: bytes) -> None:
            path, _, query = self.path.partition("?")
            done = subprocess.run(
                ["git", "http-backend"],  # noqa: S607 - the git that there is
                input=body,
                env={
                    **environment,
                    "GIT_PROJECT_ROOT": str(server.parent), "GIT_HTTP_EXPORT_ALL": "1",
                    "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                    "REMOTE_USER": "somebody", "REMOTE_ADDR": "127.0.0.1",
                },
                capture_output=True,
                check=False,
            )  # fmt: skip
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            lines = [one.partition(": ") for one in head.decode("ascii").split("\r\n") if one]
            status = next((int(one[2][:3]) for one in lines if one[0] == "Status"), 200)
            self.send_response(status)
            for key, _, value in lines:
                if key != "Status":
                    self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            del format, args

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}/{server.name}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
