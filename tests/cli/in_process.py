"""Runs `frontline` in this process, because importing everything in a new one takes seconds."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from app import cli

if TYPE_CHECKING:
    from collections.abc import Mapping


def frontline(*words: str, env: Mapping[str, str]) -> CompletedProcess[str]:
    """Runs a command with its own environment; returns its output and exit status."""
    output, errors = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, env, clear=True),
        patch.object(sys, "argv", ["frontline", *words]),
        redirect_stdout(output),
        redirect_stderr(errors),
        pytest.raises(SystemExit) as ended,
    ):
        cli.main()
    status = ended.value.code
    assert isinstance(status, int)
    return CompletedProcess(words, status, output.getvalue(), errors.getvalue())
