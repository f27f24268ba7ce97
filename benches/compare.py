#!/usr/bin/env python3
"""Times jixiao beside its peers on the same files, in turns, and prints one table of medians and ratios.

compare.py CORPUS... [--rounds N] [--slow] [--jixiao PATH] [--peers DIR] [--python PATH]

Whole processes, warm page cache, one after the other within a round, so that what slows the machine slows all of them.
Y is what calamine alone needs to open the files and read the ranges of all sheets, on one thread; every figure is given as a
multiple of it. --slow adds pandas and openpyxl, once.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def timed(command, stdout):
    """Wall and CPU seconds, and peak MiB, of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{command[0]} ended with {code}")
    del before
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    args = argparse.ArgumentParser()
    args.add_argument("corpus", nargs="+", type=pathlib.Path)
    args.add_argument("--rounds", type=int, default=5)
    args.add_argument("--slow", action="store_true")
    args.add_argument("--jixiao", default=str(HERE.parent / "target/release/jixiao"))
    args.add_argument("--peers", default=str(HERE / "peers/target/release"))
    args.add_argument("--python", default=sys.executable)
    args = args.parse_args()
    scripts = HERE / "peers/python"
    for corpus in args.corpus:
        work = pathlib.Path(tempfile.mkdtemp(prefix="jixiao-bench-"))
        base, result = corpus.parent, work / "结果.json"
        own = lambda *more, threads=1: [args.jixiao, *more, "--no-config", "--threads", str(threads)]
        with open(result, "wb") as out:
            subprocess.run(own("check", corpus.name, "--format", "json"), stdout=out, stderr=subprocess.DEVNULL, cwd=base)
        os.chdir(base)
        name = corpus.name
        read = lambda threads, *more: [f"{args.peers}/calamine_read", name, str(threads), *more]
        rows = {
            "calamine: ranges (Y)": read(1),
            "calamine: ranges and merged regions": read(1, "--merges"),
            "calamine: ranges, 2 threads": read(2),
            "jixiao check --format json": own("check", name, "--format", "json"),
            "jixiao check, 2 threads": own("check", name, "--format", "json", threads=2),
            "jixiao review": own("review", name, "--out", str(work / "out"), "--force"),
            "jixiao review, 2 threads": own("review", name, "--out", str(work / "out"), "--force", threads=2),
            "umya-spreadsheet: read, mark, write": [f"{args.peers}/umya_mark", str(result), ".", str(work / "umya")],
        }
        slow = {
            "python-calamine: to_python": [args.python, str(scripts / "read.py"), name, "python-calamine"],
            "pandas.read_excel, calamine": [args.python, str(scripts / "read.py"), name, "pandas-calamine"],
            "pandas.read_excel, openpyxl": [args.python, str(scripts / "read.py"), name, "pandas-openpyxl"],
            "openpyxl: load, mark, save": [args.python, str(scripts / "openpyxl_mark.py"), str(result), ".", str(work / "openpyxl")],
        }
        measured = {row: [] for row in rows}
        for _ in range(args.rounds):
            for row, command in rows.items():
                measured[row].append(timed(command, subprocess.DEVNULL))
        if args.slow:
            measured.update({row: [timed(command, subprocess.DEVNULL)] for row, command in slow.items()})
        unit = statistics.median(wall for wall, _, _ in measured["calamine: ranges (Y)"])
        files = sum(len(found) for _, _, found in os.walk(name))
        print(f"\n{name}: {files} files, {len(os.sched_getaffinity(0))} cores, medians of {args.rounds} rounds\n")
        print("| work | wall s | × Y | CPU s | peak MiB |\n|---|---|---|---|---|")
        for row, runs in measured.items():
            wall, cpu, peak = (statistics.median(values) for values in zip(*runs))
            print(f"| {row} | {wall:.2f} | {wall / unit:.2f} | {cpu:.2f} | {peak:.0f} |")
        shutil.rmtree(work)


main()
