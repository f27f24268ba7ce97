#!/usr/bin/env python3
"""Times jixiao beside its peers on the same files, in turns, and prints a table a corpus and the goals with what was measured.

compare.py CORPUS... --jixiao PATH --peers DIR [options]; benches/compare.sh builds and installs what it needs.

Whole processes, warm page cache, one after the other within a round, so that what slows the machine slows all of them. A
ratio is the median of the ratios of the rounds. Y is what calamine alone needs, on one thread, to open the same files and read
the ranges of all sheets. A peak below what this script takes itself, some 15 MiB, shows as that. Only .xlsx and .xlsm files are compared, which all of them open; a corpus with others is copied without.
Peers that take minutes read every n-th file only, and jixiao and calamine read the same ones.
"""
import argparse
import collections
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
SCRIPTS = HERE / "peers/python"
SUFFIXES = {".xlsx", ".xlsm"}

Y, MERGES, Y2 = "calamine: ranges of all sheets (Y)", "calamine: ranges and merged regions", "calamine: ranges, 2 threads"
CHECK, CHECK2 = "jixiao check --format json", "jixiao check, 2 threads"
REVIEW, REVIEW2 = "jixiao review", "jixiao review, 2 threads"
UMYA = "umya-spreadsheet: read, mark, write"
PYCAL, PANDAS_CAL = "python-calamine: all sheets", "pandas.read_excel, calamine engine"
PANDAS_OPEN, OPENPYXL = "pandas.read_excel, openpyxl engine", "openpyxl: load, mark, save"
HELP, ONE, NOTHING = "jixiao --help", "jixiao check of one workbook", "true (what starting a process costs)"
XLS, XLS_CHECK = "calamine: ranges of the .xls", "jixiao check of the .xls"


# Counts marked cells. In a process of its own: what this one holds would count as the peak of all that it starts.
MARKS = """
import json, sys
forms = [form for one in json.load(open(sys.argv[1], encoding="utf-8"))["submissions"] for form in one["forms"]]
print(sum(len({finding["cell"] for finding in form["findings"] if finding["cell"]}) for form in forms))
"""

SOURCES = 'import json, sys; print(json.dumps([one["source"] for one in json.load(open(sys.argv[1], encoding="utf-8"))["submissions"]]))'


class Job:
    """A command to be timed, and the folder it makes, which is taken away before each run."""

    def __init__(self, command, makes=None):
        self.command, self.makes = [str(word) for word in command], makes

    def run(self):
        """Wall and CPU seconds, and peak MiB, of the whole process."""
        if self.makes:
            shutil.rmtree(self.makes, ignore_errors=True)
        start = time.perf_counter()
        process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f"{' '.join(self.command)} ended with {process.returncode}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


class Group:
    """Jobs that read the same files, run in turns."""

    def __init__(self, title, unit, rounds, jobs):
        self.title, self.unit, self.runs = title, unit, {row: [] for row in jobs}
        for job in jobs.values():
            job.run()  # the files into the page cache, the programs too
        for _ in range(rounds):
            for row, job in jobs.items():
                self.runs[row].append(job.run())

    def ratio(self, row, to, of=0):
        """Median of the rounds' ratios: of wall seconds (0) or of CPU seconds (1)."""
        return statistics.median(one[of] / other[of] for one, other in zip(self.runs[row], self.runs[to]))

    def median(self, row, of=0):
        return statistics.median(run[of] for run in self.runs[row])

    def table(self):
        rounds = len(next(iter(self.runs.values())))
        lines = [f"### {self.title}; {rounds} round{'s' if rounds > 1 else ''}", ""]
        lines += ["| work | wall s | × Y | CPU s | × Y (CPU) | peak MiB |", "|---|--:|--:|--:|--:|--:|"]
        for row in self.runs:
            wall, cpu, peak = (self.median(row, of) for of in range(3))
            times = (f"{self.ratio(row, self.unit, of):.2f}" for of in range(2)) if self.unit else ("", "")
            first, second = times
            digits = 4 if wall < 0.1 else 2
            lines.append(f"| {row} | {wall:.{digits}f} | {first} | {cpu:.{digits}f} | {second} | {peak:.0f} |")
        return "\n".join(lines) + "\n"


def workbooks(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)


def copied(files, base, to):
    """The files in a folder of their own, under their own paths."""
    for path in files:
        at = to / path.relative_to(base)
        at.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, at)
    return to


class Bench:
    def __init__(self, args, work):
        self.args, self.work, self.groups, self.goals = args, work, [], []

    def own(self, *words, threads=1):
        return [self.args.jixiao, *words, "--no-config", "--threads", threads]

    def peer(self, name, *words):
        return [f"{self.args.peers}/{name}", *words]

    def python(self, script, *words):
        return [self.args.python, SCRIPTS / script, *words]

    def group(self, title, unit, rounds, jobs):
        group = Group(title, unit, rounds, jobs)
        self.groups.append(group)
        print(group.table(), flush=True)
        return group

    def result(self, name, folder):
        """What jixiao finds there: the marks that the others make."""
        path = self.work / f"{name}.json"
        with open(path, "wb") as out:
            subprocess.run(list(map(str, self.own("check", folder, "--format", "json"))), stdout=out, stderr=subprocess.DEVNULL)
        return path

    def goal(self, work, goal, measured, cpu, met):
        self.goals.append((work, goal, measured, cpu, "met" if met else "missed"))

    def at_most(self, work, group, row, to, limit):
        wall, cpu = group.ratio(row, to), group.ratio(row, to, 1)
        self.goal(work, f"≤ {limit} ×", f"{wall:.2f} ×", f"{cpu:.2f} ×", wall <= limit)

    def faster(self, work, group, row, than, limit):
        wall, cpu = group.ratio(than, row), group.ratio(than, row, 1)
        self.goal(work, f"≥ {limit} ×", f"{wall:.1f} ×", f"{cpu:.1f} ×", wall >= limit)

    def corpus(self, corpus):
        """Everything that is compared on a corpus."""
        files = workbooks(corpus)
        name = corpus.parent.name if corpus.name == "收件" else corpus.name
        all_of_them = copied(files, corpus, self.work / name)
        result, out = self.result(name, all_of_them), self.work / "out"
        marks = int(subprocess.run([sys.executable, "-c", MARKS, result], capture_output=True, text=True, check=True).stdout)
        read = lambda folder, threads, *more: Job(self.peer("calamine_read", folder, threads, *more))
        check = lambda folder, threads=1: Job(self.own("check", folder, "--format", "json", threads=threads))
        review = lambda folder, threads=1: Job(self.own("review", folder, "--out", out, "--force", threads=threads), out)
        umya, marked = self.work / "umya", self.work / "openpyxl"
        full = self.group(f"{name}: {len(files)} workbooks, {marks} cells marked", Y, self.args.rounds, {
            Y: read(all_of_them, 1),
            MERGES: read(all_of_them, 1, "--merges"),
            CHECK: check(all_of_them),
            REVIEW: review(all_of_them),
            Y2: read(all_of_them, 2),
            CHECK2: check(all_of_them, 2),
            REVIEW2: review(all_of_them, 2),
            UMYA: Job(self.peer("umya_mark", result, all_of_them.parent, umya), umya),
            PYCAL: Job(self.python("read.py", all_of_them, "python-calamine")),
        })
        self.at_most(f"{name}: check beside Y", full, CHECK, Y, 1.2)
        self.at_most(f"{name}: check beside calamine ranges and merged regions", full, CHECK, MERGES, 1.0)
        self.at_most(f"{name}: review beside Y", full, REVIEW, Y, 2.2)
        self.faster(f"{name}: review beside umya read, mark, write", full, REVIEW, UMYA, 4.5)
        self.two_threads(f"{name}: check, 2 threads over 1", full, CHECK, CHECK2)
        self.two_threads(f"{name}: review, 2 threads over 1", full, REVIEW, REVIEW2)
        self.two_threads(f"{name}: calamine alone, 2 threads over 1, no goal of ours", full, Y, Y2)
        if not self.args.slow_files:
            return
        every = max(1, len(files) // self.args.slow_files)
        some = copied(files[::every], corpus, self.work / f"{name}-some")
        some_result = self.result(f"{name}-some", some)
        part = self.group(f"{name}: every {every}th workbook, {len(files[::every])} in all", Y, self.args.slow_rounds, {
            Y: read(some, 1),
            CHECK: check(some),
            REVIEW: review(some),
            PYCAL: Job(self.python("read.py", some, "python-calamine")),
            PANDAS_CAL: Job(self.python("read.py", some, "pandas-calamine")),
            PANDAS_OPEN: Job(self.python("read.py", some, "pandas-openpyxl")),
            OPENPYXL: Job(self.python("openpyxl_mark.py", some_result, some.parent, marked), marked),
        })
        self.faster(f"{name}: review beside openpyxl load, mark, save", part, REVIEW, OPENPYXL, 100)
        self.faster(f"{name}: check beside pandas.read_excel, calamine engine", part, CHECK, PANDAS_CAL, 3)
        self.faster(f"{name}: check beside pandas.read_excel, openpyxl engine", part, CHECK, PANDAS_OPEN, 20)
        self.lost(name, some, some_result, out, marked)

    def two_threads(self, work, group, one, two):
        times = group.ratio(one, two)
        self.goal(work, "≥ 1.85 ×" if "no goal" not in work else "", f"{times:.2f} ×", "", times >= 1.85)

    def lost(self, name, folder, result, ours, openpyxls):
        """Parts of the packages that are gone from what each of them wrote."""
        umyas = self.work / "umya-some"
        subprocess.run(self.peer("umya_mark", str(result), str(folder.parent), str(umyas)), stdout=subprocess.DEVNULL, check=True)
        listed = subprocess.run([sys.executable, "-c", SOURCES, result], capture_output=True, text=True, check=True)
        sources = json.loads(listed.stdout)
        by_name = {path.name: path for path in (ours / "退回").rglob("*.xlsx")}
        lines = [f"### {name}: parts of the packages that are gone after marking", "", "| written by | workbooks compared | parts gone | of |", "|---|--:|--:|--:|"]
        written = {
            "jixiao": lambda index, path: by_name.get(path.name),
            "umya-spreadsheet": lambda index, path: umyas / f"{index}.xlsx",
            "openpyxl": lambda index, path: openpyxls / f"{index}.xlsx",
        }
        for writer, place in written.items():
            seen = gone = total = 0
            for index, source in enumerate(sources):
                path = folder.parent / source
                after = place(index, path)
                if not (path.is_file() and after and after.is_file() and path.suffix in SUFFIXES):
                    continue
                try:
                    before, now = parts(path), parts(after)
                except zipfile.BadZipFile:
                    continue
                seen, gone, total = seen + 1, gone + (before - now).total(), total + before.total()
            lines.append(f"| {writer} | {seen} | {gone} | {total} |")
        self.groups.append(None)
        print("\n".join(lines) + "\n", flush=True)

    def xls(self, folder):
        files = list(folder.glob("*.xls"))
        group = self.group(f".xls: {len(files)} workbooks", XLS, self.args.rounds, {
            XLS: Job(self.peer("calamine_read", folder, 1)),
            XLS_CHECK: Job(self.own("check", folder, "--format", "json")),
        })
        self.at_most(".xls: check beside calamine", group, XLS_CHECK, XLS, 2)

    def start(self, corpus):
        files = sorted(workbooks(corpus), key=lambda path: path.stat().st_size)
        one = files[len(files) // 2]
        size = one.stat().st_size / 1024
        group = self.group(f"start-up; the workbook is the middle one by size of {corpus.name}, {size:.0f} KiB", None, self.args.starts, {
            NOTHING: Job(["true"]),
            HELP: Job([self.args.jixiao, "--help"]),
            ONE: Job([self.args.jixiao, "check", one, "--no-config"]),
        })
        for row, limit in [(HELP, 15), (ONE, 30)]:
            took, cpu = group.median(row) * 1000, group.median(row, 1) * 1000
            self.goal(row, f"≤ {limit} ms", f"{took:.1f} ms", f"{cpu:.1f} ms", took <= limit)


def parts(path):
    """How many parts of each kind a package has: a writer may number and name them anew. The order of calculation may be
    left out, and where texts stand is the writer's choice."""
    kinds = collections.Counter()
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if not name.endswith("/") and name not in ("xl/calcChain.xml", "xl/sharedStrings.xml"):
                kinds[re.sub(r"\d+", "", name)] += 1
    return kinds


def versions(args):
    """What was compared, where."""
    lines = [f"{len(os.sched_getaffinity(0))} cores, {platform.system()}"]
    for command in (["rustc", "--version"], [args.jixiao, "--version"]):
        lines.append(subprocess.run(command, capture_output=True, text=True).stdout.strip())
    lock = HERE / "peers/Cargo.lock"
    if lock.is_file():
        import tomllib
        found = {one["name"]: one["version"] for one in tomllib.loads(lock.read_text())["package"]}
        lines += [f"{name} {found[name]}" for name in ("calamine", "umya-spreadsheet") if name in found]
    lines.append(f"Python {subprocess.run([args.python, '-c', 'import platform; print(platform.python_version())'], capture_output=True, text=True).stdout.strip()}")
    listed = subprocess.run([args.python, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True).stdout
    wanted = ("openpyxl", "pandas", "python-calamine")
    lines += [f"{one['name']} {one['version']}" for one in json.loads(listed or "[]") if one["name"] in wanted]
    return ", ".join(lines)


def load():
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def main():
    args = argparse.ArgumentParser()
    args.add_argument("corpus", nargs="+", type=pathlib.Path)
    args.add_argument("--jixiao", default=str(HERE.parent / "target/release/jixiao"))
    args.add_argument("--peers", default=str(HERE / "peers/target/release"))
    args.add_argument("--python", default=sys.executable, help="an interpreter that has the Python peers")
    args.add_argument("--xls", type=pathlib.Path, help="a folder of .xls; without it that row is left out")
    args.add_argument("--rounds", type=int, default=5)
    args.add_argument("--slow-files", type=int, default=60, help="workbooks that the slow peers read; 0 leaves them out")
    args.add_argument("--slow-rounds", type=int, default=3)
    args.add_argument("--starts", type=int, default=30, help="runs of the start-up rows")
    args.add_argument("--raw", type=pathlib.Path, help="every single run, as JSON")
    args = args.parse_args()
    print(f"# {time.strftime('%Y-%m-%d')}: {versions(args)}\n\nLoad of the machine before: {load()} (1, 5, 15 minutes)\n", flush=True)
    work = pathlib.Path(tempfile.mkdtemp(prefix="jixiao-bench-"))
    try:
        bench = Bench(args, work)
        for corpus in args.corpus:
            bench.corpus(corpus.resolve())
        if args.xls and any(args.xls.glob("*.xls")):
            bench.xls(args.xls.resolve())
        else:
            print("The row of .xls is left out: no folder of .xls (soffice makes one).\n")
        bench.start(args.corpus[-1].resolve())
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print("### goals\n\n| work | goal | wall | CPU | |\n|---|---|--:|--:|---|")
    for work, goal, wall, cpu, met in bench.goals:
        print(f"| {work} | {goal} | {wall} | {cpu} | {met if goal else ''} |")
    print(f"\nLoad of the machine after: {load()}")
    if args.raw:
        runs = {group.title: group.runs for group in bench.groups if group}
        args.raw.write_text(json.dumps(runs, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


main()
