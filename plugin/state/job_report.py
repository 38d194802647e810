"""What a job was and how it ended, as text that can be posted: no paths, no addresses, no tokens, no names."""

from __future__ import annotations

import platform
from typing import List, Optional, Sequence

from ...backend.protocol.capabilities import Capabilities
from ...backend.protocol.jobs import JobState
from ..errors import user_error
from ..redact import redact

LOG_LINES = 50


def job_report(
    title: str, state: JobState, capabilities: Optional[Capabilities], log: Sequence[str], versions: Sequence[str]
) -> str:
    """Return the report, in English where the text is ours to choose."""
    lines: List[str] = ["Toposcope job report", *versions, f"system: {platform.system()} {platform.machine()}"]
    if capabilities is not None:
        device = capabilities.device
        lines.append(f"backend: {capabilities.version}, tiers {', '.join(capabilities.tiers)}")
        lines.append(f"device: {device.kind} {device.name} {device.dtype} {device.notice}".rstrip())
        lines.append(f"memory: {_gigabytes(capabilities.memory_free)} of {_gigabytes(capabilities.memory_total)} free")
        lines.append(f"disk: {_gigabytes(capabilities.disk_free)} free")
    lines += [f"job: {title}", f"task: {state.task}", f"model: {state.model or '-'}", f"status: {state.status}"]
    lines += [f"created: {state.created}", f"started: {state.started or '-'}", f"finished: {state.finished or '-'}"]
    lines.append(f"progress: {state.progress:.0f} % {state.message}".rstrip())
    lines += [f"notice: {notice}" for notice in state.notices]
    if state.problem is not None:
        lines += [f"error: {state.problem.code}", f"said: {user_error(state.problem).sentence}"]
        lines.append(f"detail: {state.problem.detail}")
    lines += [f"result: {file.media_type}, {file.size} bytes" for file in state.results]
    if log:
        lines += ["log:", *(f"  {line}" for line in log[-LOG_LINES:])]
    return "\n".join(redact(line) for line in lines) + "\n"


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
