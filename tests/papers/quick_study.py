# SPDX-License-Identifier: Apache-2.0
import os
import subprocess


def run(study, out):
    """Runs the quick form of a study through the command; `out` again."""
    subprocess.run([os.environ["NULLCLINE"], "run", study, "--quick", "--out", out], check=True,
                   capture_output=True)
    return out
