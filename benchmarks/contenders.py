# SPDX-License-Identifier: Apache-2.0
"""Processes that are measured side by side, one thread each, turn by turn."""
import json
import os
import statistics
import subprocess

PYTHON = "/usr/bin/python3"  # Debian's, whose PyTorch is used
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Contender:
    """A process that answers each line with a line of JSON, and waits in between."""

    def __init__(self, command):
        self.process = subprocess.Popen([str(part) for part in command], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=os.environ | ONE_THREAD)

    def turn(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def take_turns(commands, rounds, warm_up=(), repeats=None, cost=None):
    """Rows of the answers by name, one a round, from processes started by `commands`, a dict; those
    of `warm_up` have a turn before, for the first touches fresh memory. A turn of a name in
    `repeats` is that many answers, an odd number, of which the one of median `cost` counts: of
    answers so short that a whole one may lie in a busy moment of the machine."""
    contenders = {name: Contender(command) for name, command in commands.items()}
    for name in warm_up:
        contenders[name].turn()

    def turn(name, contender):
        count = (repeats or {}).get(name, 1)
        answers = [contender.turn() for _ in range(count)]
        return answers[0] if count == 1 else sorted(answers, key=cost)[count // 2]

    rows = [{name: turn(name, contender) for name, contender in contenders.items()}
            for _ in range(rounds)]
    for contender in contenders.values():
        contender.close()
    return rows


def spread(ratios):
    return f"{statistics.median(ratios):.1f} [{min(ratios):.1f} .. {max(ratios):.1f}]"
