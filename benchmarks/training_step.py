#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Whole training steps of nullcline beside PyTorch's, oneDNN's, and the limits of the machine.

    benchmarks/training_step.py build/release/bin

Every contender is a process of its own that waits for its turn; in each round all of a case run
one after the other, and ratios are taken round by round: median [least .. greatest]. README.md
says what is measured and how.
"""
import argparse
import collections
import itertools
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from contenders import ONE_THREAD, PYTHON

HERE = pathlib.Path(__file__).resolve().parent
IMAGE = HERE.parent / "docs" / "images" / "roofline.svg"
SECONDS_A_TURN = 0.4
SECONDS_A_POPULATION = 2
GATES = {"leaky_rate": 1, "vanilla": 1, "ugrnn": 2, "gru": 3, "lstm": 4}
# Numbers a unit that a forward step must leave for the backward one: states, and a factor a gate.
STORED = {"leaky_rate": 2, "vanilla": 2, "ugrnn": 3, "gru": 5, "lstm": 6}

# at_least: times PyTorch, part of the best product rate, times oneDNN's primitives alone.
Case = collections.namedtuple("Case", "name cell units batch steps at_least torch onednn options",
                              defaults=(None, ()))
CASES = [
    Case("leaky-64", "leaky_rate", 64, 32, 100, (8, 0.62), ("leaky",)),
    Case("leaky-128", "leaky_rate", 128, 64, 100, (4.3, 0.76), ("leaky",)),
    Case("leaky-128-long", "leaky_rate", 128, 64, 400, (4, 0.66), ("leaky",)),
    Case("leaky-256", "leaky_rate", 256, 64, 100, (3.3, 0.80), ("leaky",)),
    Case("gru-128", "gru", 128, 64, 100, (4.5, 0.75, 1.6), ("gru",), "gru", ("reset=after",)),
    Case("lstm-128", "lstm", 128, 64, 100, (4.2, 0.75, 1.6), ("lstm",), "lstm"),
    Case("ugrnn-128", "ugrnn", 128, 64, 100, (4, 0.75), ("ugrnn",)),
    Case("vanilla-128", "vanilla", 128, 64, 100, (4, 0.75), ("vanilla", "vanilla_loop")),
]
# at_least: 2 threads times 1 thread, 2 threads times two processes of PyTorch.
Population = collections.namedtuple("Population", "name which size at_least")
POPULATIONS = [Population("population-equal", "equal", 16, (1.9, 4.5)),
               Population("population-mixed", "mixed", 20, (1.9, 4.5))]


class Missing(Exception):
    """A contender that does not run here."""


class Contender:
    """A process that answers each line with numbers, and waits in between."""

    def __init__(self, command, **environment):
        self.errors = tempfile.TemporaryFile("w+")
        try:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=self.errors, text=True, bufsize=1, env={**os.environ, **ONE_THREAD,
                                                               **environment})
        except OSError as error:
            raise Missing(f"{command[0]}: {error.strerror}") from None
        self.words = self.read()
        self.repeats = None

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            last = self.errors.read().strip().splitlines()[-1:]
            raise Missing(last[0] if last else f"ended with status {self.process.returncode}")
        words = line.split()
        return words[1:] if words[:1] == ["ready"] else [float(word) for word in words]

    def send(self, *words):
        try:
            self.process.stdin.write(" ".join(map(str, words)) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # `read` says why

    def ask(self, *words):
        self.send(*words)
        return self.read()

    def turn(self):
        """The milliseconds of a step: the median of as many as fit a turn."""
        if self.repeats is None:
            self.repeats = as_many_as_fit(self.ask(1)[0])
        return self.ask(self.repeats)[0]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def as_many_as_fit(milliseconds, seconds=SECONDS_A_TURN):
    return max(3, min(200, round(1e3 * seconds / milliseconds)))


def say(text):
    print(text, file=sys.stderr, flush=True)


# PyTorch at its best.

def torch_environments(search):
    if not search:
        return [{}]
    return [{"ATEN_CPU_CAPABILITY": capability, **({"OPENBLAS_CORETYPE": core} if core else {})}
            for capability in ("avx2", "avx512", "default")
            for core in (None, "Haswell", "SkylakeX")]


def fastest_torch(variants, search, keep):
    """The `keep` fastest of all variants (words of step_torch.py) and environments: (name, words,
    environment) each."""
    tried, why = [], None
    for words, environment in itertools.product(variants, torch_environments(search)):
        try:
            contender = Contender([PYTHON, HERE / "step_torch.py", *words], **environment)
            best = min(contender.turn() for _ in range(2 if search else 1))
            contender.close()
        except Missing as missing:
            why = missing
            continue
        name = " ".join([str(words[0]), *environment.values()])
        tried.append((best, (name, words, environment)))
    if not tried:
        raise Missing(f"PyTorch: {why}")
    tried.sort(key=lambda entry: entry[0])
    return [entry for _, entry in tried[:keep]]


# One case.

def start_rate(binaries, case, search):
    """The product rates at the forward shape, with OpenBLAS told the core that suits it best."""
    command = [binaries / "benchmark_rate", GATES[case.cell] * case.units, case.units, case.batch]
    best = None
    for core in (None, "Haswell", "SkylakeX") if search else (None,):
        try:
            rate = Contender(command, **({"OPENBLAS_CORETYPE": core} if core else {}))
            openblas = rate.ask("product")[rate.words.index("openblas")]
        except Missing:
            if core is None:
                raise
            continue
        if best is None or openblas > best[0]:
            if best:
                best[1].close()
            best = (openblas, rate)
        else:
            rate.close()
    return best[1]


def start(contenders, failures, name, make):
    try:
        contenders[name] = make()
    except Missing as missing:
        failures[name] = str(missing)


def measure_case(case, binaries, rounds, search):
    shape = (case.units, case.batch, case.steps)
    contenders, failures = {}, {}
    start(contenders, failures, "rate", lambda: start_rate(binaries, case, search))
    start(contenders, failures, "nullcline", lambda: Contender(
        [binaries / "benchmark_step_nullcline", case.cell, *shape, *case.options]))
    try:
        for name, words, environment in fastest_torch([(cell, *shape) for cell in case.torch],
                                                      search, keep=2):
            contenders[f"torch {name}"] = Contender([PYTHON, HERE / "step_torch.py", *words],
                                                    **environment)
    except Missing as missing:
        failures["torch"] = str(missing)
    if case.onednn:
        start(contenders, failures, "onednn", lambda: Contender(
            [binaries / "benchmark_step_onednn", case.onednn, *shape]))

    samples = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            answer = contender.ask("product") if name == "rate" else contender.turn()
            if number > 0:  # the first round is for the caches
                samples[name].append(answer)
    libraries = contenders["rate"].words if "rate" in contenders else []
    versions = {name: contender.words for name, contender in contenders.items()
                if name.split()[0] in ("torch", "onednn")}
    for contender in contenders.values():
        contender.close()
    return {"name": case.name, "samples": samples, "libraries": libraries, "versions": versions,
            "failures": failures}


def measure_population(case, binaries, rounds, search):
    """Network-steps a second: of nullcline on 1 and on 2 threads, of two processes of PyTorch that
    share the networks between them; and how many cores the machine really gives two processes."""
    parts = []
    result = {"name": case.name, "samples": {}, "failures": {}}
    contenders, failures, samples = {}, result["failures"], result["samples"]
    start(contenders, failures, "nullcline", lambda: Contender(
        [binaries / "benchmark_step_nullcline", "population", case.which]))
    start(contenders, failures, "gauge", lambda: [
        Contender([binaries / "benchmark_rate", 64, 64, 64]) for _ in range(2)])
    try:
        (name, words, environment), = fastest_torch([("population", case.which, 0, 2)], search, 1)
        parts = [Contender([PYTHON, HERE / "step_torch.py", *words[:2], part, 2], **environment)
                 for part in range(2)]
        result["versions"] = {f"torch {name}": parts[0].words}
    except Missing as missing:
        failures["torch"] = str(missing)

    # Both take many steps of a network before the next: in a training the first one, whose memory
    # comes from far away, hardly counts.
    def nullcline(threads):
        ours = contenders["nullcline"]
        if ours.repeats is None:
            ours.repeats = as_many_as_fit(ours.ask(1, 1)[0], SECONDS_A_POPULATION)
        return 1e3 * case.size * ours.repeats / ours.ask(ours.repeats, threads)[0]

    def torch():
        repeats = 8
        before = time.perf_counter()
        for part in parts:
            part.send(repeats)
        for part in parts:
            part.read()
        return case.size * repeats / (time.perf_counter() - before)

    def gauge():
        alone = contenders["gauge"][0].ask("peak")[1]  # the median: what it gets, not what it could
        for contender in contenders["gauge"]:
            contender.send("peak")
        return sum(contender.read()[1] for contender in contenders["gauge"]) / alone

    turns = {}
    if "gauge" in contenders:
        turns["gauge"] = gauge
    if "nullcline" in contenders:
        turns |= {"1 thread": lambda: nullcline(1), "2 threads": lambda: nullcline(2)}
    if parts:
        turns["torch"] = torch
    for number in range(rounds + 1):
        for name, turn in turns.items():
            answer = turn()
            if number > 0:
                samples.setdefault(name, []).append(answer)
    for contender in [*parts, *contenders.pop("gauge", []), *contenders.values()]:
        contender.close()
    return result


# The machine.

def cpu_lines():
    fields = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    flags = set(fields.get("flags", "").split())
    named = {"SSE2": {"sse2"}, "AVX2": {"avx2", "fma"},
             "AVX-512": {"avx512f", "avx512bw", "avx512dq", "avx512vl"},
             "AVX512_BF16": {"avx512_bf16"}, "AMX": {"amx_tile", "amx_bf16"}}
    has = [f"{name}: {'yes' if wanted <= flags else 'no'}" for name, wanted in named.items()]
    return fields.get("model name", "unknown"), ", ".join(has)


def busy_seconds():
    """CPU seconds of each process so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    seconds = {}
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, tail = entry.read_text().rpartition(")")
        except OSError:
            continue
        fields = tail.split()
        seconds[head] = (int(fields[11]) + int(fields[12])) / ticks
    return seconds


def busy_processes():
    """Who uses more than a tenth of a core: (name, share)."""
    before = busy_seconds()
    time.sleep(1)
    shares = [(head.partition("(")[2], used - before.get(head, used))
              for head, used in busy_seconds().items()]
    return sorted((entry for entry in shares if entry[1] > 0.1), key=lambda entry: -entry[1])


def package_versions():
    names = ["libxsmm-dev", "libopenblas0-pthread", "libeigen3-dev", "libdnnl2", "python3-torch"]
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *names],
                           capture_output=True, text=True, check=False).stdout
    return found.rstrip(", ")


def measure_machine(binaries):
    model, flags = cpu_lines()
    machine = {"cpu": model, "flags": flags, "load": os.getloadavg(), "packages": "",
               "busy": busy_processes()}
    try:
        machine["packages"] = package_versions()
    except OSError:
        pass
    rate = Contender([binaries / "benchmark_rate", 64, 64, 64])
    machine["peak"] = max(rate.ask("peak")[0] for _ in range(5))
    machine["memory"] = [max(rates) for rates in zip(*(rate.ask("memory") for _ in range(3)))]
    avx512, amx, peak, *errors = rate.ask("bfloat16")
    peak = max([peak] + [rate.ask("bfloat16")[2] for _ in range(2)])
    machine["bfloat16"] = {"avx512_bf16": bool(avx512), "amx": bool(amx), "peak": peak,
                           "errors": errors}
    rate.close()
    return machine


# The tables.

def spread(values, digits=3):
    low, middle, high = (f"{value:.{digits}g}"
                         for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} [{low} .. {high}]"


def verdict(values, bar, unit=""):
    """Median and range, with what was asked and whether the median reaches it."""
    if not values:
        return "not measured"
    scale = 100 if unit == " %" else 1
    reached = statistics.median(values) >= bar
    return (f"{spread([scale * value for value in values])}{unit}, asked {scale * bar:g}{unit}: "
            f"{'pass' if reached else '**below**'}")


def best_torch(result):
    """The name and the samples of the faster of PyTorch's finalists."""
    finalists = [(name, values) for name, values in result["samples"].items()
                 if name.startswith("torch")]
    return min(finalists, key=lambda entry: statistics.median(entry[1]), default=("", []))


def ratios(above, below):
    return [a / b for a, b in zip(above, below)]


def gflops(case):
    return 6e-9 * case.steps * case.batch * case.units ** 2 * GATES[case.cell]


def figures(case, result):
    """Of each round: times PyTorch, part of the best product rate, times oneDNN."""
    samples = result["samples"]
    ours = samples.get("nullcline", [])
    best = [max(rates) for rates in samples.get("rate", [])]
    part = [gflops(case) / (1e-3 * ms) / rate for ms, rate in zip(ours, best)]
    return (ratios(best_torch(result)[1], ours), part, ratios(samples.get("onednn", []), ours))


def milliseconds(values):
    return f"{statistics.median(values):.3g}" if values else "-"


def print_steps(results):
    print("\n| case: units, batch, steps | nullcline, ms | PyTorch, ms | times PyTorch | of the best "
          "product rate | times oneDNN alone |\n|---|---|---|---|---|---|")
    for case in CASES:
        result = results.get(case.name)
        if result is None:
            continue
        name, torch = best_torch(result)
        cells = [f"{case.name}: {case.units}, {case.batch}, {case.steps}",
                 milliseconds(result["samples"].get("nullcline")),
                 f"{milliseconds(torch)} ({name.removeprefix('torch ')})"]
        values = figures(case, result)
        for i, unit in enumerate(("", " %", "")):
            cells.append(verdict(values[i], case.at_least[i], unit)
                         if i < len(case.at_least) else "")
        print("| " + " | ".join(cells) + " |")
    print()
    for case in CASES:
        rates = results.get(case.name, {}).get("samples", {}).get("rate")
        if rates:
            each = zip(results[case.name]["libraries"], zip(*rates))
            print(f"product rates at {case.name}'s forward shape, Gflop/s: "
                  + ", ".join(f"{name} {statistics.median(values):.0f}" for name, values in each))


def print_populations(results):
    if not any(case.name in results for case in POPULATIONS):
        return
    print("\n| case | networks | 1 thread, network-steps/s | 2 threads | two of PyTorch | 2 threads / "
          "1 | 2 threads / two of PyTorch | cores that two processes got |\n"
          "|---|---|---|---|---|---|---|---|")
    for case in POPULATIONS:
        if case.name not in results:
            continue
        samples = results[case.name]["samples"]
        one, two, torch = (samples.get(name, []) for name in ("1 thread", "2 threads", "torch"))
        cells = [case.name, str(case.size), *map(milliseconds, (one, two, torch)),
                 verdict(ratios(two, one), case.at_least[0]),
                 verdict(ratios(two, torch), case.at_least[1]),
                 spread(samples["gauge"]) if "gauge" in samples else "-"]
        print("| " + " | ".join(cells) + " |")


def print_machine(machine):
    bf16 = machine["bfloat16"]
    level1, level2, memory = machine["memory"]
    print(f"{machine['cpu']}; {machine['flags']}")
    print(f"packages: {machine['packages']}")
    print("load average at the start: " + " ".join(f"{load:.2f}" for load in machine["load"]))
    if machine["busy"]:
        print("WARNING: not a quiet machine, do not quote these figures. Busy: "
              + ", ".join(f"{name} {share:.0%}" for name, share in machine["busy"][:5]))
    print(f"one thread: multiply-add peak {machine['peak']:.0f} Gflop/s; triad GB/s: L1 "
          f"{level1:.0f}, L2 {level2:.0f}, memory {memory:.1f}")
    one, three, six, plain = bf16["errors"]
    print(f"bfloat16: AVX512_BF16 {'yes' if bf16['avx512_bf16'] else 'no'}, AMX "
          f"{'yes' if bf16['amx'] else 'no'}; vdpbf16ps peak "
          f"{bf16['peak'] / machine['peak']:.2f} x float's. Largest error of dots of 128, split "
          f"into 1, 3, 6 products: {one:.1e}, {three:.1e}, {six:.1e}; in float: {plain:.1e}. So "
          f"6 products, as good as float, would reach {bf16['peak'] / machine['peak'] / 6:.2f} x "
          f"float's peak, 3 products {bf16['peak'] / machine['peak'] / 3:.2f} x")


def print_all(everything):
    print_machine(everything["machine"])
    results = {result["name"]: result for result in everything["results"]}
    print_steps(results)
    print_populations(results)
    for result in everything["results"]:
        for name, why in result["failures"].items():
            print(f"{result['name']}: no {name}: {why}")
        for name, words in result.get("versions", {}).items():
            print(f"{result['name']}: {name} is {' '.join(map(str, words))}")


# The figure.

def draw(everything, path):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "nullcline", "font.size": 9}
    from matplotlib import pyplot

    machine = everything["machine"]
    results = {result["name"]: result for result in everything["results"]}
    figure, axes = pyplot.subplots(figsize=(7.6, 4.2), layout="constrained")
    lowest, highest = 1 / 4, 256

    # Roofs.
    for name, bandwidth, side in zip(("L1", "L2", "memory"), machine["memory"],
                                     ("bottom", "top", "bottom")):
        knee = machine["peak"] / bandwidth
        axes.plot([lowest, knee], [lowest / knee, 1], color="0.55", linewidth=1)
        at = 1.15 * lowest
        axes.annotate(f"{name}, {bandwidth:.0f} GB/s", (at, at / knee), va=side, color="0.4",
                      rotation=math.degrees(math.atan2(1 / knee, 1)), rotation_mode="anchor",
                      transform_rotates_text=True)
    axes.axhline(1, color="black", linewidth=1)
    axes.annotate(f"multiply-add peak, {machine['peak']:.0f} Gflop/s", (highest, 1), ha="right",
                  xytext=(0, 3), textcoords="offset points")
    best = [statistics.median(map(max, result["samples"]["rate"])) / machine["peak"]
            for result in results.values() if result["samples"].get("rate")]
    if best:
        axes.axhspan(min(best), max(best), color="tab:blue", alpha=0.15, linewidth=0)
        axes.annotate("best product rates\nat these shapes", (5, 0.95 * min(best)), va="top",
                      fontsize=8, color="tab:blue")

    # Steps under them.
    floor = 0.01
    axes.plot([], [], "o", color="tab:blue", label="nullcline")
    axes.plot([], [], "o", markeredgecolor="tab:red", markerfacecolor="none", label="PyTorch")
    axes.plot([], [], " ", label=" ")
    for case, marker in zip(CASES, "vo^sDPX*"):
        if case.name not in results:
            continue
        axes.plot([], [], marker, color="0.4", label=case.name)
        at = 6 * case.units * GATES[case.cell] / (8 * STORED[case.cell])
        for values, edge, face in (
                (results[case.name]["samples"].get("nullcline"), "tab:blue", "tab:blue"),
                (best_torch(results[case.name])[1], "tab:red", "none")):
            if values:
                rate = gflops(case) / (1e-3 * statistics.median(values))
                floor = min(floor, 0.8 * rate / machine["peak"])
                axes.plot(at, rate / machine["peak"], marker, markeredgecolor=edge,
                          markerfacecolor=face, alpha=0.9, zorder=3)
    axes.set(xscale="log", yscale="log", xlim=(lowest, highest), ylim=(floor, 1.4),
             xlabel="recurrent flops a byte that a step must store and load again",
             ylabel="recurrent flops a second, part of the peak")
    ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
    axes.set_yticks(ticks, [f"{tick:.0%}" for tick in ticks])
    axes.set_xticks([1 / 4, 1, 4, 16, 64, 256], ["1/4", "1", "4", "16", "64", "256"])
    axes.minorticks_off()
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def measure(binaries, names, rounds, search):
    machine = measure_machine(binaries)
    if machine["busy"]:
        say("warning: another process is busy: "
            + ", ".join(f"{name} {share:.0%}" for name, share in machine["busy"][:5]))
    results = []
    for case in [*CASES, *POPULATIONS]:
        if case.name not in names:
            continue
        say(f"{case.name} ...")
        run = measure_population if isinstance(case, Population) else measure_case
        results.append(run(case, binaries, rounds, search))
    return {"machine": machine, "rounds": rounds, "results": results}


def main():
    names = [case.name for case in [*CASES, *POPULATIONS]]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=pathlib.Path, nargs="?",
                        help="folder of the benchmark_* programs, build/release/bin")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cases", nargs="+", choices=names, default=names, metavar="CASE",
                        help="among " + " ".join(names))
    parser.add_argument("--no-search", action="store_true",
                        help="take PyTorch and OpenBLAS as they choose by themselves")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all samples")
    parser.add_argument("--load", type=pathlib.Path, metavar="FILE",
                        help="print, and draw, what --json wrote, and measure nothing")
    parser.add_argument("--svg", nargs="?", type=pathlib.Path, const=IMAGE, metavar="FILE",
                        help="draw the roofline (python3-matplotlib); without a FILE the one of "
                             "the documentation")
    options = parser.parse_args()
    if options.load:
        everything = json.loads(options.load.read_text())
    elif options.binaries is None:
        parser.error("where are the programs? build/release/bin, say")
    else:
        try:
            everything = measure(options.binaries, options.cases, options.rounds,
                                 not options.no_search)
        except Missing as missing:
            sys.exit(str(missing))
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1) + "\n")
    print_all(everything)
    if options.svg:
        draw(everything, options.svg)


if __name__ == "__main__":
    main()
