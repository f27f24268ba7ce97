"""Reads the four tables with pyarrow and compares them with 结果.json of the same folder."""

import datetime
import decimal
import json
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

TYPES = {"Text": pa.string(), "Int": pa.int32(), "Bool": pa.bool_(), "Decimal": pa.decimal128(18, 6), "Date": pa.date32()}

folder = pathlib.Path(sys.argv[1])
# Column by column as docs/大规模.md tells them: 表 列 类型.
promised = [line.split() for line in sys.stdin if line.strip()]
result = json.loads((folder / "结果.json").read_text(encoding="utf-8"))
tables = {name: pq.read_table(folder / f"{name}.parquet") for name in ("submissions", "forms", "indicators", "findings")}

for name, table in tables.items():
    columns = [(column, TYPES[kind]) for of, column, kind in promised if of == name]
    assert [(field.name, field.type) for field in table.schema] == columns, name

forms = [(one, form) for one in result["submissions"] for form in one["forms"]]
facts = {(fact["source"], fact["sheet"], fact["range"]): fact for round in result["facts"]["rounds"] for fact in round["forms"]}
rows = tables["forms"].to_pylist()
assert len(rows) == len(forms) == len(facts)
number = lambda text: None if text is None else decimal.Decimal(text)
for row, (one, form) in zip(rows, forms):
    fact = facts[row["source"], row["sheet"], row["range"]]
    assert (row["source"], row["sheet"], row["schema"]) == (one["source"], form["sheet"], form["schema"])
    assert (row["score"], row["band"]) == (number(form["grade"]["score"]), form["grade"]["band"])
    assert (row["unit"], row["project_key"]) == (form["identity"]["unit"], form["identity"]["project_key"])
    received = fact["received"] and datetime.date.fromisoformat(fact["received"])
    assert (row["year"], row["received"], row["own_score"]) == (fact["year"], received, number(fact["own_score"]))
    if len(fact["items"]) == 1:
        assert row["budget"] == number(fact["items"][0]["budget"])

findings = [(one, form, finding) for one, form in forms for finding in form["findings"]]
rows = tables["findings"].to_pylist()
assert len(rows) == len(findings)
for row, (one, form, finding) in zip(rows, findings):
    assert (row["source"], row["sheet"]) == (one["source"], form["sheet"])
    for key in ("cell", "code", "name", "severity", "found", "expected", "message", "advice", "authority", "fate"):
        assert row[key] == finding[key], key

indicators = [row for _, form in forms for row in form["record"]["tables"].get("indicators", [])]
rows = tables["indicators"].to_pylist()
assert len(rows) == len(indicators)
for row, told in zip(rows, indicators):
    for key in ("level3", "target", "actual"):
        assert row[key] == (told[key] and (told[key]["text"] or None)), key

assert tables["submissions"].num_rows == len(result["submissions"]) + len(result["passed_over"])
print("ok", {name: table.num_rows for name, table in tables.items()})
