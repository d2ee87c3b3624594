"""Where the binary runs: as a child of the worker, or in a container of Docker's. Kubernetes is in pods.py."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trunkline_airflow import environment

# How long the child may take from SIGTERM to its end: a page is finished and its cursor written down.
GRACE_SECONDS = 60


class LocalPlace:
    """A child process in a process group of its own."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None

    def run(self, argv: list[str], secrets: dict[str, str], say: Callable[[str], None]) -> tuple[int, dict[str, Any] | None]:
        """Give the exit code, 128 plus the signal's number if one ended it, and the result, None if there is none. say gets each line."""
        with tempfile.TemporaryDirectory(prefix="trunkline-") as folder:
            file = Path(folder) / "result.json"
            command = [os.environ.get("TRUNKLINE_BINARY", "trunkline"), *argv, "--result-file", str(file)]
            self._process = subprocess.Popen(
                command,
                env=environment.inherited() | secrets,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,  # both are only for the log: the result has a file of its own
                start_new_session=True,
                text=True,
                errors="replace",
            )
            try:
                for line in self._process.stdout:
                    say(line.rstrip())
                code = self._process.wait()
            except BaseException:  # the task's time is up: the child is not left behind
                self.stop()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(GRACE_SECONDS)
                self._signal(signal.SIGKILL)
                raise
            finally:
                self._process.stdout.close()
            return (code if code >= 0 else 128 - code), parse(file.read_text() if file.exists() else None)

    def stop(self) -> None:
        """Ask the child to end, and end it if it does not. Returns at once: this is called from a signal's handler."""
        self._signal(signal.SIGTERM)
        last = threading.Timer(GRACE_SECONDS, self._signal, [signal.SIGKILL])
        last.daemon = True
        last.start()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


class DockerPlace:
    """A container of TRUNKLINE_IMAGE, made through the daemon that DOCKER_HOST names.

    TRUNKLINE_DOCKER_VOLUMES (host:container[:ro], comma-separated) are the folders that it shares: the configuration, and the run
    store and a DuckDB file if they are on disk.
    """

    RESULT = "/tmp/trunkline-result.json"

    def __init__(self) -> None:
        self._container = None

    def run(self, argv: list[str], secrets: dict[str, str], say: Callable[[str], None]) -> tuple[int, dict[str, Any] | None]:
        """As LocalPlace.run."""
        import docker

        client = docker.from_env()
        try:
            self._container = client.containers.create(
                os.environ["TRUNKLINE_IMAGE"],
                [*argv, "--result-file", self.RESULT],
                entrypoint=["trunkline"],
                environment=secrets | {k: v for k, v in os.environ.items() if k == "TRUNKLINE_CONFIG"},
                volumes=[v for v in os.environ.get("TRUNKLINE_DOCKER_VOLUMES", "").split(",") if v],
                network_mode=os.environ.get("TRUNKLINE_DOCKER_NETWORK", "bridge"),
            )
            try:
                self._container.start()
                for line in lines(self._container.logs(stream=True, follow=True)):
                    say(line)
                code = self._container.wait()["StatusCode"]
                return code, parse(self._result())
            except BaseException:
                self.stop()
                raise
            finally:
                self._container.remove(force=True)
        finally:
            client.close()

    def stop(self) -> None:
        """Ask the container to end; Docker ends it after the grace time. Returns at once."""
        if self._container is not None:
            threading.Thread(target=self._stop, daemon=True).start()

    def _stop(self) -> None:
        from docker.errors import NotFound

        with contextlib.suppress(NotFound):
            self._container.stop(timeout=GRACE_SECONDS)

    def _result(self) -> str | None:
        from docker.errors import NotFound

        try:
            chunks, _ = self._container.get_archive(self.RESULT)
        except NotFound:
            return None
        with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
            member = archive.extractfile(Path(self.RESULT).name)
            return member.read().decode() if member else None


def lines(chunks) -> Any:
    """The lines of a stream that comes in pieces."""
    rest = ""
    for chunk in chunks:
        *whole, rest = (rest + chunk.decode(errors="replace")).split("\n")
        yield from whole
    if rest:
        yield rest


def parse(text: str | None) -> dict[str, Any] | None:
    """A result file's content. The binary writes it whole or not at all."""
    return json.loads(text) if text else None
