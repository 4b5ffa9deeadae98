"""Kernels forked from one process that has imported what they need; the usual ones elsewhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

__all__ = ["Nursery"]

LAUNCHER = "ipykernel_launcher"
POLL = 0.02  # seconds


class Nursery:
    """A context: while it lasts, ``manager(cwd)`` is a kernel manager class whose kernels are
    forks of one process. ``Nursery.works`` says whether this system has it.
    """

    works = sys.platform == "linux"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Nursery:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cchc_analysis.briefs.nursery"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        return self

    def __exit__(self, *error: object) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):  # it may have died
                self._process.stdin.close()
            self._process.wait()
        self._process = None

    def fork(self, argv: list[str], cwd: Path, env: dict[str, str]) -> int:
        """The process of a new kernel. Raises ``RuntimeError`` when there is none."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("no nursery")
        order = {"argv": argv, "cwd": str(cwd), "env": env | {"JPY_PARENT_PID": str(process.pid)}}
        with self._lock:
            try:
                process.stdin.write(json.dumps(order) + "\n")
                process.stdin.flush()
                return int(json.loads(process.stdout.readline())["pid"])
            except (OSError, ValueError, KeyError):
                raise RuntimeError("the nursery died") from None

    def manager(self, cwd: Path) -> type[AsyncKernelManager]:
        """A kernel manager for ``nbclient`` whose kernels are forked and work in ``cwd``."""
        nursery = self

        class Provisioner(LocalProvisioner):
            async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
                argv = cmd[cmd.index(LAUNCHER) + 1 :]
                pid = nursery.fork(argv, cwd, dict(kwargs["env"]))
                self.process = _Forked(pid)  # type: ignore[assignment]
                self.pid = self.pgid = pid
                self.cwd = cwd
                return self.connection_info

        class Manager(AsyncKernelManager):
            async def _async_pre_start_kernel(self, **kw: Any) -> Any:
                if self.provisioner is None:
                    self.kernel_id = self.kernel_id or f"cchc-{os.urandom(8).hex()}"
                    self.provisioner = Provisioner(
                        kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
                    )
                return await super()._async_pre_start_kernel(**kw)

        return Manager


class _Forked:
    """A process that is not our child, with what jupyter_client asks of a ``Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(LAUNCHER, timeout or 0.0)
            time.sleep(POLL)
        return 0

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)
