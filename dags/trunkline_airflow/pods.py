"""A task as a pod, by Airflow's own Kubernetes provider. Imported only where TRUNKLINE_EXECUTOR is kubernetes."""

from __future__ import annotations

import os
from typing import Any

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

from trunkline_airflow import exits
from trunkline_airflow.operator import tell_assets
from trunkline_airflow.places import GRACE_SECONDS

# Where the provider's sidecar looks for what a task returns.
RESULT = "/airflow/xcom/return.json"


class TrunklinePodOperator(KubernetesPodOperator):
    """Run `trunkline ARGV… --result-file …` in a pod of TRUNKLINE_IMAGE, and map its exit code (exits.settle).

    TRUNKLINE_POD_TEMPLATE is a pod template file: volumes, limits, and the secrets, by envFrom a Secret. Airflow's connections are not
    used, because a pod's variables can be read by whoever may read pods.
    """

    template_fields = ("argv",)

    def __init__(self, *, argv: list[str], **kwargs: Any) -> None:
        self.argv = argv
        super().__init__(
            image=os.environ.get("TRUNKLINE_IMAGE"),
            namespace=os.environ.get("TRUNKLINE_NAMESPACE"),
            pod_template_file=os.environ.get("TRUNKLINE_POD_TEMPLATE"),
            cmds=["trunkline"],
            do_xcom_push=True,
            log_pod_spec_on_failure=False,
            termination_grace_period=GRACE_SECONDS,
            on_finish_action="delete_pod",
            **kwargs,
        )

    def execute(self, context) -> dict[str, Any]:
        self.arguments = [*self.argv, "--result-file", RESULT]
        self._code = 0
        result = super().execute(context)
        done = exits.settle(self._code, result if isinstance(result, dict) else None, self.log)
        tell_assets(self.outlets, context, done)
        return done

    def cleanup(self, pod, remote_pod, xcom_result=None, context=None) -> None:
        """Remove the pod, and say what became of the task by its exit code in place of "failed"."""
        try:
            super().cleanup(pod, remote_pod, xcom_result=xcom_result, context=context)
        except exits.AirflowException:
            code = exit_code(remote_pod, self.base_container_name)
            if code is None:  # it never ended: evicted, or its image was not to be had
                raise
            self._code = code
            if not exits.is_done(code):  # a finding is no failure: execute tells of it
                exits.settle(code, xcom_result, self.log)


def exit_code(pod, container: str) -> int | None:
    """The exit code of a pod's container; None if it has not ended."""
    for status in pod.status.container_statuses or []:
        if status.name == container and status.state and status.state.terminated:
            return status.state.terminated.exit_code
    return None
