"""The same task in a container and in a pod.

Docker: the real client of Docker speaks to a daemon of the test's own, which runs the "container" as a process with nothing of the
container's environment but what it was given. Kubernetes: the real provider makes the pod, and what it does at a pod's end is tried on pods
as the API describes them. Neither a real Docker nor a real cluster is tried.
"""

from __future__ import annotations

import base64
import io
import json
import os
import signal
import struct
import subprocess
import tarfile
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from harness import BINARY, BUNDLES, parsed

from trunkline_airflow import exits, tasks
from trunkline_airflow.operator import TrunklineOperator
from trunkline_airflow.places import DockerPlace


class Daemon(ThreadingHTTPServer):
    """The part of Docker's API that a container's life needs."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Api)
        self.containers: dict[str, SimpleNamespace] = {}
        self.created: list[dict] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class Api(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def json(self, status: int, body):
        self.answer(status, json.dumps(body).encode(), Content_Type="application/json")

    def container(self):
        found = self.server.containers.get(urlsplit(self.path).path.split("/")[3])
        if found is None:
            self.json(404, {"message": "no such container"})
        return found

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path.endswith("/version"):
            return self.json(200, {"ApiVersion": "1.47", "MinAPIVersion": "1.24"})
        if not (container := self.container()):
            return None
        if url.path.endswith("/json"):
            return self.json(200, {"Id": container.id, "Name": "/x", "Config": {"Tty": False}, "HostConfig": {}, "State": {}})
        if url.path.endswith("/logs"):
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            for line in container.process.stdout:
                self.wfile.write(struct.pack(">BxxxL", 1, len(line)) + line)
            self.close_connection = True
            return None
        if url.path.endswith("/archive"):
            (path,) = parse_qs(url.query)["path"]
            if not (file := container.folder / Path(path).name).exists():
                return self.json(404, {"message": f"no such file {path}"})
            packed = io.BytesIO()
            with tarfile.open(fileobj=packed, mode="w") as tar:
                tar.add(file, arcname=file.name)
            stat = base64.b64encode(json.dumps({"name": file.name}).encode()).decode()
            return self.answer(200, packed.getvalue(), X_Docker_Container_Path_Stat=stat, Content_Type="application/x-tar")
        return self.json(404, {"message": self.path})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        path = urlsplit(self.path).path
        if path.endswith("/containers/create"):
            container = SimpleNamespace(id=f"c{len(self.server.containers)}", folder=Path(tempfile.mkdtemp()), asked=body, process=None)
            self.server.containers[container.id] = container
            self.server.created.append(body)
            return self.json(201, {"Id": container.id, "Warnings": []})
        if not (container := self.container()):
            return None
        if path.endswith("/start"):
            asked = container.asked
            assert asked["Entrypoint"] == ["trunkline"]
            argv = [a.replace("/tmp/", f"{container.folder}/") for a in asked["Cmd"]]
            env = dict(e.split("=", 1) for e in asked["Env"])
            container.process = subprocess.Popen(
                [os.environ["FAKE_TRUNKLINE"], *argv], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=container.folder
            )
            return self.answer(204)
        if path.endswith("/wait"):
            return self.json(200, {"StatusCode": container.process.wait()})
        if path.endswith("/stop"):
            container.process.send_signal(signal.SIGTERM)
            container.process.wait()
            return self.answer(204)
        return self.json(404, {"message": self.path})

    def do_DELETE(self):
        if container := self.container():
            del self.server.containers[container.id]
            self.answer(204)


@pytest.fixture
def docker(house):
    with Daemon() as daemon:
        house.monkeypatch.setenv("TRUNKLINE_EXECUTOR", "docker")
        house.monkeypatch.setenv("TRUNKLINE_IMAGE", "registry.example.com/trunkline:1.0")
        house.monkeypatch.setenv("TRUNKLINE_DOCKER_VOLUMES", f"{house.folder}:{house.folder}")
        house.monkeypatch.setenv("DOCKER_HOST", daemon.url)
        house.monkeypatch.setenv("FAKE_TRUNKLINE", str(BINARY))
        yield daemon
        daemon.shutdown()


def test_a_night_in_a_container(docker, house, centre):
    house.configure(centre)
    dag = parsed(BUNDLES[0]).dags["trunkline_nightly"]
    assert {t.place for t in dag.tasks if isinstance(t, TrunklineOperator)} == {"docker"}
    said = []
    secrets = {
        f"{s}_{k}": v for s in ("GENESYS", "SALESFORCE") for k, v in {"CLIENT_ID": "trunkline", "CLIENT_SECRET": "simulated"}.items()
    }
    code, result = DockerPlace().run(["run", "--date=2026-01-05"], secrets, said.append)
    assert code == 0, said
    assert result["status"] == "done"
    assert result["runs"][0]["loaded"]["unified_interactions"]["inserted"] > 20
    assert not docker.containers, "containers are left behind"
    (asked,) = docker.created
    assert asked["Image"] == "registry.example.com/trunkline:1.0"
    assert asked["HostConfig"]["Binds"] == [f"{house.folder}:{house.folder}"]
    assert {e.partition("=")[0] for e in asked["Env"]} == {"TRUNKLINE_CONFIG", *secrets}
    assert not any("simulated" in a for a in asked["Cmd"])


def test_exit_codes_of_containers(docker, house, tmp_path):
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\necho one; echo two >&2\nexit "$1"\n')
    program.chmod(0o755)
    house.monkeypatch.setenv("FAKE_TRUNKLINE", str(program))
    said = []
    assert DockerPlace().run(["4"], {}, said.append) == (4, None)
    assert said == ["one", "two"]


def test_a_stopped_container_checkpoints(docker, house, tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\ntrap 'exit 143' TERM\necho ready\nwhile :; do sleep 0.05; done\n")
    program.chmod(0o755)
    house.monkeypatch.setenv("FAKE_TRUNKLINE", str(program))
    place = DockerPlace()
    assert place.run([], {}, lambda line: place.stop()) == (143, None)
    assert not docker.containers


@pytest.fixture
def pod_task(monkeypatch, tmp_path):
    template = tmp_path / "pod.yaml"
    template.write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: trunkline}\nspec:\n  serviceAccountName: trunkline\n  containers:\n"
        "    - {name: base, image: replaced, envFrom: [{secretRef: {name: trunkline}}]}\n"
    )
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(
        "apiVersion: v1\nkind: Config\ncurrent-context: x\nclusters: [{name: x, cluster: {server: 'http://127.0.0.1:1'}}]\n"
        "users: [{name: x, user: {}}]\ncontexts: [{name: x, context: {cluster: x, user: x}}]\n"
    )
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    monkeypatch.setenv(
        "AIRFLOW_CONN_KUBERNETES_DEFAULT", json.dumps({"conn_type": "kubernetes", "extra": {"kube_config_path": str(kubeconfig)}})
    )
    monkeypatch.setenv("TRUNKLINE_EXECUTOR", "kubernetes")
    monkeypatch.setenv("TRUNKLINE_IMAGE", "registry.example.com/trunkline:1.0")
    monkeypatch.setenv("TRUNKLINE_NAMESPACE", "contact-centre")
    monkeypatch.setenv("TRUNKLINE_POD_TEMPLATE", str(template))
    return tasks.task("extract.genesys", ["extract", "--sources=genesys"])


def ended_pod(code: int):
    from kubernetes.client import models as k8s

    state = k8s.V1ContainerState(terminated=k8s.V1ContainerStateTerminated(exit_code=code))
    status = k8s.V1ContainerStatus(name="base", state=state, image="x", image_id="x", ready=False, restart_count=0)
    phase = "Succeeded" if code == 0 else "Failed"
    return k8s.V1Pod(
        metadata=k8s.V1ObjectMeta(name="trunkline-x", namespace="contact-centre"),
        spec=k8s.V1PodSpec(containers=[k8s.V1Container(name="base")]),
        status=k8s.V1PodStatus(phase=phase, container_statuses=[status]),
    )


def run_pod(task, monkeypatch, code: int, result: dict | None):
    """Execute a task whose pod ends at once: all of the provider that needs no API is its own."""
    from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

    pod, asked = ended_pod(code), {}

    def execute_sync(self, context):
        asked["pod"] = self.build_pod_request_obj()
        self.cleanup(pod, pod, result, None)
        return result

    monkeypatch.setattr(KubernetesPodOperator, "execute_sync", execute_sync)
    for name in ("process_pod_deletion", "patch_already_checked", "_read_pod_events", "_read_pod_container_states"):
        monkeypatch.setattr(KubernetesPodOperator, name, lambda *_, **__: None)
    return type(task).execute.__wrapped__(task, {}) if hasattr(type(task).execute, "__wrapped__") else task.execute({}), asked["pod"]


def test_the_pod(pod_task, monkeypatch):
    done, pod = run_pod(pod_task, monkeypatch, 0, {"status": "done", "exit": 0, "runs": []})
    (base,) = (c for c in pod.spec.containers if c.name == "base")
    assert base.image == "registry.example.com/trunkline:1.0"
    assert base.command == ["trunkline"]
    assert base.args == ["extract", "--sources=genesys", "--result-file", "/airflow/xcom/return.json"]
    assert base.env_from[0].secret_ref.name == "trunkline"
    assert not base.env, "secrets in a pod's variables can be read by whoever reads pods"
    assert pod.spec.service_account_name == "trunkline"
    assert pod.metadata.namespace == "contact-centre"
    assert pod.spec.termination_grace_period_seconds == 60 or pod_task.termination_grace_period == 60
    assert done["exit"] == 0


@pytest.mark.parametrize(
    ("code", "raises"),
    [
        (4, exits.AirflowFailException),
        (5, exits.AirflowFailException),
        (99, exits.AirflowSkipException),
        (6, exits.AirflowException),
        (137, exits.AirflowException),
    ],
)
def test_exit_codes_of_pods(pod_task, monkeypatch, code, raises):
    with pytest.raises(raises, match=f"exit code {code}") as raised:
        run_pod(pod_task, monkeypatch, code, None)
    assert type(raised.value) is raises


def test_a_finding_of_a_pod_is_no_failure(pod_task, monkeypatch):
    result = {"status": "gated", "exit": 7, "runs": [], "error": {"code": "TL7001", "what": "the quality gate is closed"}}
    done, _ = run_pod(pod_task, monkeypatch, 7, result)
    assert done["finding"] == "exit code 7: TL7001 the quality gate is closed"
    assert done["gate_open"] is False
