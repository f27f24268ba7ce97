"""Loads every .xlsx, colours and comments the cells that 结果.json tells, and saves it: openpyxl_mark.py RESULT BASE OUT

What is written is named by its place in the result.
"""
import json
import pathlib
import sys

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

result, base, out = json.load(open(sys.argv[1], encoding="utf-8")), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
out.mkdir(parents=True, exist_ok=True)
fill = PatternFill("solid", fgColor="FFC7CE")
files = marks = 0
for index, submission in enumerate(result["submissions"]):
    path = base / submission["source"]
    if path.suffix != ".xlsx" or not path.is_file():
        continue
    try:
        book = load_workbook(path)
    except Exception:
        continue
    for form in submission["forms"]:
        said = {}
        for finding in form["findings"]:
            if finding["cell"]:
                said.setdefault(finding["cell"], []).append(finding["message"])
        for cell, messages in said.items():
            target = book[form["sheet"]][cell]
            target.fill = fill
            target.comment = Comment("\n".join(messages), "jixiao")
            marks += 1
    book.save(out / f"{index}.xlsx")
    files += 1
print(files, "files,", marks, "marks")
