#!/usr/bin/env python3
"""How time a workbook and peak memory grow with the number of workbooks, and prints a table.

growth.py DIR --jixiao PATH --district PATH [--sizes 1000,10000,100000] [--threads N] [--review]

Districts of the example `district` are made in DIR, each of another region, so that their forms are not copies of each other:
some 1,500 workbooks each, about 3 GB for 100,000. A size is the first so many files of them. They are removed at the end, unless
--keep.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

PER_DISTRICT = 1500
# Counts the forms of a result as it comes, in a process of its own: the result of 100,000 workbooks need not lie on the disk.
FORMS = """
import sys
print(sum(line.count(b'"grade":{') for line in sys.stdin.buffer))
"""


def run(command, out):
    """Wall and CPU seconds and peak MiB of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def take(pool, size, to):
    """A folder with the first so many files, by hard links: they cost no disk, and each is a file."""
    left = size
    for path in sorted(path for path in pool.rglob("*") if path.suffix in (".xlsx", ".xls", ".ods")):
        at = to / path.relative_to(pool)
        at.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, at)
        left -= 1
        if not left:
            return
    sys.exit(f"only {size - left} workbooks were made")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("dir", type=pathlib.Path)
    args.add_argument("--jixiao", required=True)
    args.add_argument("--district", required=True)
    args.add_argument("--sizes", default="1000,10000,100000")
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--review", action="store_true", help="also the whole review, with marked workbooks and statistics")
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    sizes = sorted(int(size) for size in args.sizes.split(","))
    need = sizes[-1] * 40_000
    args.dir.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(args.dir).free < 2 * need:
        sys.exit(f"{args.dir}: needs {2 * need / 2**30:.0f} GiB free")
    pool = args.dir / "districts"
    if not pool.is_dir():
        subprocess.run([args.district, "--out", pool, "--scale", str(-(-sizes[-1] // PER_DISTRICT) + 1)], stdout=subprocess.DEVNULL, check=True)
    print(f"load of the machine before: {' '.join(f'{value:.2f}' for value in os.getloadavg())}\n", flush=True)
    print("| work | workbooks | forms | wall s | ms a workbook | CPU ms a workbook | peak MiB | KiB a form above 64 MiB |\n|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    for size in sizes:
        folder = args.dir / f"{size}"
        take(pool, size, folder)
        with tempfile.TemporaryDirectory(dir=args.dir) as scratch:
            own = ["--no-config", "--threads", args.threads]
            counter = subprocess.Popen([sys.executable, "-c", FORMS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            figures = [("check", run([args.jixiao, "check", folder, "--format", "json", *own], counter.stdin))]
            forms = int(counter.communicate()[0])
            if args.review:
                figures.append(("review", run([args.jixiao, "review", folder, "--out", f"{scratch}/out", *own], subprocess.DEVNULL)))
        for work, (wall, cpu, peak) in figures:
            kept = max(0, peak - 64) * 1024 / max(1, forms)
            print(f"| {work}, {args.threads} threads | {size} | {forms} | {wall:.1f} | {wall / size * 1000:.3f} | {cpu / size * 1000:.3f} | {peak:.0f} | {kept:.1f} |", flush=True)
        shutil.rmtree(folder)
    if not args.keep:
        shutil.rmtree(pool)
    print(f"\nload of the machine after: {' '.join(f'{value:.2f}' for value in os.getloadavg())}")


main()
