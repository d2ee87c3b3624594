"""The blocks of docs/operating.md: each is checked by what reads it, and its command is run."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess

import pytest
import yaml
from croniter import croniter
from harness import BINARY, ROOT
from kubernetes.client import models as k8s

from trunkline_airflow.graph import exits

PAGE = (ROOT / "docs" / "operating.md").read_text()
BLOCKS = dict(re.findall(r"^```[a-z]+\n# (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
CODES = {
    action: {code for code, e in exits().items() if e["action"] == action} for action in ("success", "notice", "skip", "fail", "retry")
}


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=True, interpolation=None)
    read.optionxform = str
    read.read_string(BLOCKS[f"/etc/systemd/system/{name}"])
    return read


def cronjob() -> dict:
    return yaml.safe_load(BLOCKS["cronjob.yaml"])


def crontab() -> str:
    (line,) = (text for text in BLOCKS["/etc/cron.d/trunkline"].splitlines() if text[0].isdigit())
    return line


def numbers(text: str) -> set[int]:
    return {int(n) for n in text.split()}


def test_blocks():
    names = {
        "/etc/trunkline/trunkline.yaml",
        "/etc/systemd/system/trunkline.service",
        "/etc/systemd/system/trunkline.timer",
        "cronjob.yaml",
        "/etc/cron.d/trunkline",
    }
    assert set(BLOCKS) == names
    assert PAGE.count("```") == 2 * len(names), "a block has no name, so that nothing checks it"


def test_units(tmp_path):
    """systemd's own check where there is systemd; what it would not notice, everywhere."""
    service = unit("trunkline.service")["Service"]
    assert numbers(service["SuccessExitStatus"]) == CODES["notice"] | CODES["skip"]
    assert numbers(service["RestartPreventExitStatus"]) == CODES["fail"]
    start = unit("trunkline.service")["Unit"]
    tries, hours = int(start["StartLimitBurst"]), int(start["StartLimitIntervalSec"].removesuffix("h"))
    assert service["RestartSec"] == "10min"
    assert 6 * 6 <= tries < 6 * hours, "a source that is down is tried for six hours, and not for ever"
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:\d\d \w+/\w+", unit("trunkline.timer")["Timer"]["OnCalendar"])
    if not shutil.which("systemd-analyze"):
        return
    for name in ("trunkline.service", "trunkline.timer"):
        text = BLOCKS[f"/etc/systemd/system/{name}"].replace("/usr/local/bin/trunkline", str(BINARY))
        (tmp_path / name).write_text(text.replace("/etc/trunkline/secrets.env", "/dev/null"))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())], capture_output=True, text=True, check=False
    )
    ours = [line for line in verified.stderr.splitlines() if "trunkline" in line]
    assert (verified.returncode, ours) == (0, [])
    calendar = subprocess.run(
        ["systemd-analyze", "calendar", unit("trunkline.timer")["Timer"]["OnCalendar"]], capture_output=True, text=True, check=False
    )
    assert calendar.returncode == 0, calendar.stderr


def strictly(kind: str, value, where: str):
    """Make of YAML what Kubernetes' own types say it is: an unknown field, a wrong type or a missing one is an error."""
    if kind.startswith("list["):
        assert isinstance(value, list), where
        return [strictly(kind[5:-1], v, f"{where}[{i}]") for i, v in enumerate(value)]
    if kind.startswith("dict"):
        assert isinstance(value, dict), where
        return value
    simple = {"str": str, "int": int, "bool": bool, "object": object}.get(kind)
    if simple:
        assert isinstance(value, simple), f"{where}: {value!r} is no {kind}"
        return value
    model = getattr(k8s, kind)
    names = {json: name for name, json in model.attribute_map.items()}
    assert isinstance(value, dict), where
    assert set(value) <= set(names), f"{where}: unknown: {set(value) - set(names)}"
    return model(**{names[key]: strictly(model.openapi_types[names[key]], v, f"{where}.{key}") for key, v in value.items()})


def test_cronjob():
    job = strictly("V1CronJob", cronjob(), "cronjob.yaml")
    assert (job.api_version, job.kind) == ("batch/v1", "CronJob")
    assert croniter.is_valid(job.spec.schedule)
    assert job.spec.concurrency_policy == "Forbid"
    pods = job.spec.job_template.spec
    assert pods.template.spec.restart_policy == "Never", "podFailurePolicy needs it"
    rule = pods.pod_failure_policy.rules[0]
    assert rule.on_exit_codes.container_name == pods.template.spec.containers[0].name
    assert set(rule.on_exit_codes.values) == CODES["fail"] | CODES["notice"]
    mounts = {m.name for m in pods.template.spec.containers[0].volume_mounts}
    assert mounts == {v.name for v in pods.template.spec.volumes}


def test_a_cronjob_that_is_wrong_is_noticed():
    for path, value in [("schedule", 230), ("timezone", "Europe/Berlin"), ("jobTemplate", {"spec": {"template": {"spec": {}}}})]:
        job = cronjob()
        job["spec"][path] = value
        with pytest.raises((AssertionError, ValueError)):
            strictly("V1CronJob", job, "cronjob.yaml")


def test_crontab():
    *when, user, command = crontab().split(" ", 6)
    assert croniter.is_valid(" ".join(when))
    assert user == "trunkline"
    assert "%" not in command, "cron ends a command there"
    assert subprocess.run(["sh", "-n", "-c", command], check=False).returncode == 0


def test_commands(house, centre):
    """The command of each block does the night, and after another has done it, nothing. All it writes is below /var/lib/trunkline."""
    house.configure(centre)
    etc, var = house.folder / "etc", house.folder / "var"
    etc.mkdir()
    var.mkdir()

    def here(text: str) -> str:
        return text.replace("/etc/trunkline", str(etc)).replace("/var/lib/trunkline", str(var))

    written = yaml.safe_load((house.folder / "trunkline.yaml").read_text()) | yaml.safe_load(here(BLOCKS["/etc/trunkline/trunkline.yaml"]))
    (etc / "trunkline.yaml").write_text(yaml.safe_dump(written))
    container = cronjob()["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    commands = [
        unit("trunkline.service")["Service"]["ExecStart"],
        " ".join([*container["command"], *container["args"]]),
        crontab().split(" ", 6)[6],
    ]
    secrets = {
        f"{s}_CLIENT_{what}": value for s in ("GENESYS", "SALESFORCE") for what, value in (("ID", "trunkline"), ("SECRET", "simulated"))
    }
    env = "".join(f"{name}={value}\n" for name, value in secrets.items())  # as systemd reads it
    (etc / "secrets.env").write_text(env)
    kept = {path: path.read_text() for path in etc.rglob("*")}
    for i, command in enumerate(commands):
        assert "/etc/trunkline/trunkline.yaml run" in command
        script = here(command)
        assert re.findall(r"/(?:etc|var)/\S*", command.replace("/etc/trunkline/", "").replace("/var/lib/trunkline/", "")) == []
        script = (
            re.sub(r"(/usr/local/bin/)?(?<![/\w.])trunkline (?=-c )|/usr/local/bin/trunkline ", f"{BINARY} ", script)
            + f"; code=$?; cat {var}/*.log; exit $code"
        )
        script = script.replace(" run ", " run --date=2026-01-05 ").replace("--quiet", "")
        mine = {} if "secrets.env" in command else secrets  # which systemd and Kubernetes give it
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, env=os.environ | mine)
        assert done.returncode == 0, (script, done.stdout, done.stderr)
        assert ("nothing to do" in done.stdout) == (i > 0), (script, done.stdout)
    assert {path: path.read_text() for path in etc.rglob("*")} == kept, "the configuration's folder was written to"
    assert (var / "published.duckdb").exists()


def test_every_exit_code_has_an_answer():
    rows = {int(code) for code in re.findall(r"^\| (\d+) \| ", PAGE.split("## At three")[1], re.MULTILINE)}
    assert set(exits()) <= rows
