"""Reads all sheets of every .xlsx below a folder: read.py DIR pandas-calamine | pandas-openpyxl | python-calamine"""
import pathlib
import sys

files = sorted(pathlib.Path(sys.argv[1]).rglob("*.xlsx"))
how = sys.argv[2]
count = 0
if how == "python-calamine":
    from python_calamine import CalamineWorkbook

    for path in files:
        try:
            book = CalamineWorkbook.from_path(str(path))
            count += sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        except Exception:
            pass
else:
    import pandas

    engine = how.split("-")[1]
    for path in files:
        try:
            frames = pandas.read_excel(path, sheet_name=None, header=None, engine=engine)
            count += sum(len(frame) for frame in frames.values())
        except Exception:
            pass
print(len(files), "files,", count, "rows")
