"""Training steps of ours and of PyTorch's in alternating turns, and the ratio of their throughputs as the median of the pairs.

    python bench/peers/train_pairs.py denoiser --workers 2 --rows 24 --classpath bench/target/benchmarks.jar -o report.json

Both sides stay loaded and warm; while one takes its turn, the other waits. A worker is one thread: of one process of ours, or a process of PyTorch's.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
JAVA = ["java", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]


class Side:
    """Processes that take their turns together."""

    def __init__(self, *commands):
        self.processes = [subprocess.Popen(c, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for c in commands]

    def turn(self, steps):
        for process in self.processes:
            process.stdin.write(f"{steps}\n")
            process.stdin.flush()
        taken = [json.loads(process.stdout.readline() or self.ended(process)) for process in self.processes]
        return {"samples": sum(t["samples"] for t in taken), "seconds": max(t["seconds"] for t in taken),
                "cpu_seconds": sum(t["cpu_seconds"] for t in taken)}

    def ended(self, process):
        sys.exit(f"this program ended without an answer, run it by hand to see why: {' '.join(process.args)}")

    def close(self):
        for process in self.processes:
            process.stdin.close()
            process.wait()


def ratio(ours, theirs, clock):
    return statistics.median((a["samples"] / a[clock]) / (b["samples"] / b[clock]) for a, b in zip(ours, theirs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=["denoiser", "autoencoder"])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rows", type=int, default=24, help="of a worker's batch")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=3, help="of a turn")
    parser.add_argument("--warm-up", type=int, default=12, help="steps before the first turn")
    parser.add_argument("--format", default="channels_last", help="PyTorch's memory format")
    parser.add_argument("--heap", default="4g", help="of ours")
    parser.add_argument("--classpath", required=True)
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    java = [*JAVA, f"-Xmx{arguments.heap}", "-cp", arguments.classpath, "io.heddle.bench.TrainingStep",
            arguments.network, str(arguments.workers), str(arguments.rows)]
    peer = [sys.executable, str(HERE / "train.py"), arguments.network, "--rows", str(arguments.rows), "--format", arguments.format]
    sides = {"ours": Side(java), "pytorch": Side(*[peer] * arguments.workers)}
    turns = {name: [] for name in sides}
    for side in sides.values():
        side.turn(arguments.warm_up)
    for _ in range(arguments.pairs):
        for name, side in sides.items():
            turns[name].append(side.turn(arguments.steps))
    for side in sides.values():
        side.close()
    report = {"network": arguments.network, "workers": arguments.workers, "rows": arguments.rows, "format": arguments.format,
              "turns": turns,
              "samples_a_second": {name: statistics.median(t["samples"] / t["seconds"] for t in taken) for name, taken in turns.items()},
              "samples_a_cpu_second": {name: statistics.median(t["samples"] / t["cpu_seconds"] for t in taken) for name, taken in turns.items()},
              "ratio": ratio(turns["ours"], turns["pytorch"], "seconds"),
              "ratio_by_cpu": ratio(turns["ours"], turns["pytorch"], "cpu_seconds")}
    pathlib.Path(arguments.output).write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps({key: value for key, value in report.items() if key != "turns"}))


if __name__ == "__main__":
    main()
