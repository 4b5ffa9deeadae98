"""Kernels, and makers of whole briefs, forked from one process that has imported what they need;
elsewhere than on Linux there are the usual ones.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import IO, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Type

__all__ = ["Forked", "Nursery", "processors"]

LAUNCHER = "ipykernel_launcher"
NO_HISTORY = "--HistoryManager.enabled=False"  # on the disk; nobody types in these kernels
POLL = 0.02  # seconds
Born = tuple[int, IO[str], IO[str], Callable[[], object]]


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Nursery:
    """A context: while it lasts, ``manager(cwd)`` is a kernel manager class whose kernels are
    forks of one process, which may make whole briefs as well (``makers``). ``forked`` takes a fork
    of this very process for it, which must have the imports and no threads yet.
    ``Nursery.works`` says whether this system has it.
    """

    works = sys.platform == "linux"

    def __init__(self, *, makers: bool = False, forked: bool = False) -> None:
        self._lock = threading.Lock()
        self._makers = makers
        self._begin = self._fork if forked else self._start

    def __enter__(self) -> Nursery:
        self._pid, self._orders, self._answers, self._wait = self._begin()
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):  # it may have died
            self._orders.close()
        self._answers.close()
        self._wait()

    def _start(self) -> Born:
        argv = [sys.executable, "-m", "cchc_analysis.briefs.nursery"]
        process = subprocess.Popen(
            [*argv, "--makers"] if self._makers else argv,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        return process.pid, process.stdin, process.stdout, process.wait

    @staticmethod
    def _fork() -> Born:
        from .nursery import die_with_parent, serve

        (orders, to_child), (from_child, answers) = os.pipe(), os.pipe()
        pid = os.fork()
        if not pid:
            for theirs in (to_child, from_child):
                os.close(theirs)
            die_with_parent()
            with suppress(BaseException):
                serve(os.fdopen(orders, encoding="utf-8"), os.fdopen(answers, "w"))
            os._exit(0)
        for theirs in (orders, answers):
            os.close(theirs)
        return pid, os.fdopen(to_child, "w"), os.fdopen(from_child), lambda: os.waitpid(pid, 0)

    def kernel(self, argv: list[str], cwd: Path, env: Mapping[str, str]) -> Forked:
        """A new kernel. Raises ``RuntimeError`` when the process has died."""
        return self._order({"argv": argv}, cwd, {**env, "JPY_PARENT_PID": str(self._pid)})

    def maker(self, job: Mapping[str, Any], cwd: Path) -> Forked:
        """A new maker, see :func:`.maker.work`. Raises ``RuntimeError`` likewise."""
        return self._order({"job": job}, cwd, os.environ)

    def hold(self, folder: Path) -> None:
        """Lets the kernels to come find what lies in ``folder`` in their memory, see
        :mod:`..handover`. Where the process has died, the first kernel says so.
        """
        with suppress(RuntimeError):
            self._ask({"held": str(folder)})

    def _order(self, what: Mapping[str, Any], cwd: Path, env: Mapping[str, str]) -> Forked:
        return Forked(self._ask({**what, "cwd": str(cwd), "env": dict(env)}))

    def _ask(self, order: Mapping[str, Any]) -> int:
        with self._lock:
            try:
                print(json.dumps(order), file=self._orders, flush=True)
                return int(json.loads(self._answers.readline())["pid"])
            except (OSError, ValueError, KeyError):
                raise RuntimeError("the nursery died") from None

    def manager(self, cwd: Path) -> type[AsyncKernelManager]:
        """A kernel manager for ``nbclient`` whose kernels are forked and work in ``cwd``."""
        nursery = self

        class Provisioner(LocalProvisioner):
            async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
                argv = [*cmd[cmd.index(LAUNCHER) + 1 :], NO_HISTORY]
                process = nursery.kernel(argv, cwd, kwargs["env"])
                self.process = process  # type: ignore[assignment]
                self.pid = self.pgid = process.pid
                self.cwd = cwd
                await _bound(self.connection_info)
                return self.connection_info

        class Manager(AsyncKernelManager):
            client_factory = Type(klass=Client, default_value=Client)

            async def _async_wait(self, pollinterval: float = POLL) -> None:
                await super()._async_wait(min(pollinterval, POLL))

            async def _async_pre_start_kernel(self, **kw: Any) -> Any:
                if self.provisioner is None:
                    self.kernel_id = self.kernel_id or f"cchc-{os.urandom(8).hex()}"
                    self.provisioner = Provisioner(
                        kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
                    )
                return await super()._async_pre_start_kernel(**kw)

        return Manager


async def _bound(connection: Mapping[str, Any]) -> None:
    """Waits a little for the kernel's sockets: who connects too early tries again a tenth of a
    second later.
    """
    last = Path(f"{connection['ip']}-{connection['iopub_port']}")
    for _ in range(100 if connection["transport"] == "ipc" else 0):
        if last.exists():
            return
        await asyncio.sleep(POLL / 4)


class Client(AsyncKernelClient):
    """A client that begins when the kernel answers. The usual one then waits for a fifth of a
    second of silence, lest it take old messages for new; nbclient asks of each whose it is.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        until = None if timeout is None else time.monotonic() + timeout
        while until is None or time.monotonic() < until:
            self.kernel_info()
            with suppress(Empty):
                reply = await self.shell_channel.get_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self.iopub_channel.get_msg(timeout=0.2)  # it is connected too
                    return
            if not await self._async_is_alive():
                break
        raise RuntimeError("the kernel did not answer")

    wait_for_ready = _async_wait_for_ready


class Forked:
    """A process that is not our child, with what jupyter_client asks of a ``Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """0 once it has ended, however it did."""
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
