"""Fills workbooks through LibreOffice's API and saves each in several formats.

Called by tests/libreoffice.rs:  fill.py JOBS.json PROFILE

JOBS is a list of {"open": path, "sheet": name, "cells": [{"at": "C4", "text": …} or {"at": …, "number": …}],
"save": {filter: path}}.  PROFILE is a folder for LibreOffice's own settings. Cells of a protected sheet that are locked
refuse values: then the job fails.
"""

import json
import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def option(name, value):
    prop = PropertyValue()
    prop.Name, prop.Value = name, value
    return prop


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    for _ in range(240):
        try:
            return resolver.resolve(address)
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit("LibreOffice did not start")


def fill(desktop, job):
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(job["open"]), "_blank", 0, (option("Hidden", True),))
    sheet = document.Sheets.getByName(job["sheet"])
    for wanted in job["cells"]:
        cell = sheet.getCellRangeByName(wanted["at"])
        if "number" in wanted:
            cell.setValue(wanted["number"])
        else:
            cell.setString(wanted["text"])
        if cell.getString() != wanted.get("text", cell.getString()) or cell.getString() == "":
            raise SystemExit(f"{job['open']} {wanted['at']}: the cell takes no value")
    document.calculateAll()
    for filter_name, path in job["save"].items():
        document.storeToURL(uno.systemPathToFileUrl(path), (option("FilterName", filter_name),))
    document.close(True)


def main():
    jobs_path, profile = sys.argv[1:3]
    with open(jobs_path, encoding="utf-8") as file:
        jobs = json.load(file)
    pipe = f"jixiao-{os.getpid()}"
    office = subprocess.Popen(
        [
            "soffice", f"-env:UserInstallation={uno.systemPathToFileUrl(profile)}", "--headless", "--norestore",
            "--nologo", f"--accept=pipe,name={pipe};urp;StarOffice.ServiceManager",
        ]
    )
    try:
        context = connect(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        for job in jobs:
            fill(desktop, job)
        desktop.terminate()
    finally:
        try:
            office.wait(timeout=30)
        except subprocess.TimeoutExpired:
            office.kill()


main()
