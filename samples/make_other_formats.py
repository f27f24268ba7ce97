#!/usr/bin/env python3
"""Finish the samples that Rust cannot write: an .xls, an .ods and a workbook with a password.

Run after `cargo run --example samples`, from the root of the project:

    pip install msoffcrypto-tool        # and LibreOffice (soffice) on the PATH
    python3 samples/make_other_formats.py

The results are committed; they change only with the forms in examples/samples/ (or with LibreOffice's version).
"""
import pathlib
import shutil
import subprocess
import tempfile

import msoffcrypto.format.ooxml

PREPARED = pathlib.Path("target/samples")
ROUND = pathlib.Path("samples/round")
CONVERTED = {
    "226004.xlsx": "226-区农业农村局/绩效自评/226004-水产站自评.xls",
    "231004.xlsx": "231-区卫生健康局/绩效目标/231004-中医院绩效目标申报表.ods",
}
LOCKED = ("locked.xlsx", "219-区教育局/219005-澄岚区职业中学自评表（加密）.xlsx")
PASSWORD = "jixiao2023"


def convert(source: pathlib.Path, target: pathlib.Path) -> None:
    """Save `source` as `target` with LibreOffice, in the format of its extension."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        kind = target.suffix.lstrip(".")
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, str(source)],
            check=True, stdout=subprocess.DEVNULL)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(pathlib.Path(folder) / f"{source.stem}.{kind}", target)


def main() -> None:
    for name, path in CONVERTED.items():
        convert(PREPARED / name, ROUND / path)
    name, path = LOCKED
    with open(PREPARED / name, "rb") as source, open(ROUND / path, "wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt(PASSWORD, target)


if __name__ == "__main__":
    main()
