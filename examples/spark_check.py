"""Checks a folder on Apache Spark: executors call `jixiao check --shard`, Spark SQL queries what they wrote, and
`jixiao stats` puts the parts together to the same bytes as one run. See docs/大规模.md.

    pip install pyspark            # and a Java runtime, 17 or later
    python examples/spark_check.py --jixiao target/release/jixiao --parts 8 --out 省级结果 \
        --roster 名册.xlsx --ledger 项目台账.xlsx 收件

Every executor must reach the folder, the books and the output under the same paths (a shared disk). Where a jixiao.toml
names the books, the output belongs beside the folder, below that file: the merge looks for it there.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

import pyspark
from pyspark.sql import SparkSession


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="+", help="folders, workbooks or archives, as `jixiao check` takes them")
    parser.add_argument("--jixiao", default="jixiao", help="the binary")
    parser.add_argument("--master", default="local-cluster[2,1,1024]", help="the cluster")
    parser.add_argument("--parts", type=int, default=8, help="parts: some for every processor")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="a new folder for all that is written")
    for book in ("roster", "ledger", "received", "policy"):
        parser.add_argument(f"--{book}", help="as `jixiao check` takes it")
    return parser.parse_args()


def check(binary, inputs, beside, parts, out):
    """What a task does: judges one part with one thread, since the cluster has a task for every processor."""

    def one(index):
        folder = out / "各份" / f"{index:05}"
        command = [binary, "check", *inputs, *beside, "--shard", f"{index}/{parts}", "--threads", "1"]
        # A task that is tried again writes over what it left; every file appears whole or not at all.
        command += ["--format", "parquet", "--out", str(folder), "--force", "--fail-on", "never"]
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"part {index} of {parts}: {done.stderr.strip()}")
        return index, time.perf_counter() - began

    return one


QUERIES = {
    "各环节各等级的表": """
        SELECT stage, band, count(*) AS forms, sum(budget) AS budget
        FROM forms GROUP BY stage, band ORDER BY stage, band""",
    "最常见的问题": """
        SELECT code, name, severity, count(*) AS findings, count(DISTINCT source) AS files
        FROM findings GROUP BY code, name, severity ORDER BY findings DESC, code LIMIT 10""",
    "严重问题最多的部门": """
        SELECT department, count(*) AS forms, sum(errors) AS errors, round(avg(score), 2) AS score
        FROM forms GROUP BY department ORDER BY errors DESC, department LIMIT 5""",
    "指标值写成“≥100%”的占比": """
        SELECT stage, count(*) AS indicators,
               round(avg(CASE WHEN target_number = 100 AND target_unit = '%' THEN 1.0 ELSE 0.0 END), 4) AS hundred
        FROM indicators JOIN forms USING (source, sheet, range) GROUP BY stage ORDER BY stage""",
}


def main():
    args = arguments()
    binary = shutil.which(args.jixiao) or str(pathlib.Path(args.jixiao).resolve())
    out = args.out.resolve()
    inputs = [str(pathlib.Path(path).resolve()) for path in args.inputs]
    books = {name: getattr(args, name) for name in ("roster", "ledger", "received") if getattr(args, name)}
    beside = [word for name, path in books.items() for word in (f"--{name}", str(pathlib.Path(path).resolve()))]
    beside += ["--policy", args.policy] if args.policy else []

    # A cluster on this machine starts its executors from the installed package, with this Python.
    os.environ.setdefault("SPARK_HOME", str(pathlib.Path(pyspark.__file__).parent))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    began = time.perf_counter()
    builder = SparkSession.builder.master(args.master).appName("jixiao")
    spark = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    # Starts the executors, so that their start is not taken for work.
    slots = spark.sparkContext.defaultParallelism
    spark.sparkContext.parallelize(range(slots * 4), slots * 4).map(lambda one: time.sleep(0.2)).count()
    started = time.perf_counter()
    tasks = spark.sparkContext.parallelize(range(1, args.parts + 1), args.parts)
    seconds = dict(tasks.map(check(binary, inputs, beside, args.parts, out)).collect())
    checked = time.perf_counter()
    longest, work = max(seconds.values()), sum(seconds.values())
    print(f"启动 {started - began:.1f} 秒，审核 {checked - started:.1f} 秒（{args.parts} 份，合计 {work:.1f} 秒，最长一份 "
          f"{longest:.1f} 秒）", flush=True)

    for table in ("submissions", "forms", "indicators", "findings"):
        spark.read.parquet(f"{out}/各份/*/{table}.parquet").createOrReplaceTempView(table)
    for title, query in QUERIES.items():
        print(title)
        spark.sql(query).show(truncate=False)
    queried = time.perf_counter()

    # What only the whole round shows (the same form twice, copied indicators) comes with the merge.
    results = [str(out / "各份" / f"{index:05}") for index in range(1, args.parts + 1)]
    merge = [binary, "stats", *results, *beside, "--out", str(out / "合并"), "--format", "xlsx,html,parquet", "--force"]
    subprocess.run(merge, check=True)
    merged = time.perf_counter()
    across = spark.read.parquet(str(out / "合并/findings.parquet"))
    print("合并后，几张表之间的问题")
    across.where("code LIKE 'X%' OR code LIKE 'R%'").groupBy("code", "name").count().orderBy("code").show(30, False)

    print(f"查询 {queried - checked:.1f} 秒，合并 {merged - queried:.1f} 秒")


if __name__ == "__main__":
    sys.exit(main())
