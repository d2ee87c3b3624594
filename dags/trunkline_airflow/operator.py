"""One task: the binary with an argv list, never a shell, until it has ended; what it wrote to its result file; its exit code."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset, BaseOperator

from trunkline_airflow import environment, exits, places


class TrunklineOperator(BaseOperator):
    """Run `trunkline ARGV… --result-file …` here or in a container, and map its exit code (exits.settle).

    argv is templated and shown in the interface: no secret belongs in it. Secrets come from connections and are in the child's
    environment only (environment.secrets). When the task is stopped the child gets SIGTERM, ends at the next safe page with 143, and
    the next try goes on from there.
    """

    template_fields = ("argv",)
    ui_color = "#dfeef5"

    def __init__(self, *, argv: list[str], place: str = "local", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.argv = argv
        self.place = place
        self._running = None

    def execute(self, context) -> dict[str, Any]:
        if not isinstance(self.argv, list) or not all(isinstance(a, str) for a in self.argv):
            raise exits.AirflowFailException(f"argv is a list of texts, not {self.argv!r}")
        self._running = places.DockerPlace() if self.place == "docker" else places.LocalPlace()
        self.log.info("trunkline %s", " ".join(self.argv))
        secrets = environment.secrets()
        hide = environment.hider(secrets)
        code, result = self._running.run(self.argv, secrets, lambda line: self.log.info("%s", hide(line)))
        done = exits.settle(code, result, self.log)
        tell_assets(self.outlets, context, done)
        return done

    def on_kill(self) -> None:
        if self._running is not None:
            self._running.stop()


def tell_assets(outlets: list[Any], context, done: dict[str, Any]) -> None:
    """Attach the run and the rows of its table to the event of each asset that a task updates."""
    for asset in outlets:
        if isinstance(asset, Asset):
            table = asset.uri.rpartition("/")[2]
            context["outlet_events"][asset].extra = {
                "runs": done["runs"],
                "rows": done["loaded"].get(table),
                "gate_open": done["gate_open"],
                "finding": done["finding"],
            }
