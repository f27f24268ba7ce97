"""Writes self-evaluation workbooks with a picture, a chart, validations and conditional colours: corpus.py DIR COUNT

Invented units and figures; the same bytes every time but for what the writer stamps.
"""
import datetime
import pathlib
import random
import struct
import sys
import zlib

import xlsxwriter

out, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
dice = random.Random(20260101)


def picture(path):
    """A small PNG of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([40, 90, 160] * 120) for _ in range(60))
    head = struct.pack(">IIBBBBB", 120, 60, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


picture(out / "logo.png")
CLASSES = [("产出指标", ["数量指标", "质量指标", "时效指标", "成本指标"]), ("效益指标", ["经济效益指标", "社会效益指标", "生态效益指标"]), ("满意度指标", ["服务对象满意度指标"])]
for number in range(count):
    book = xlsxwriter.Workbook(str(out / f"{number:04}-澄岚区第{number}站自评表.xlsx"))
    book.set_properties({"created": datetime.datetime(2026, 1, 1)})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", "font_name": "宋体", "font_size": 10})
    for sheet_number in range(1 + number % 3):
        sheet = book.add_worksheet(f"项目{sheet_number + 1}")
        sheet.merge_range("A1:I1", "项目支出绩效自评表", cell)
        sheet.merge_range("A2:I2", "（2025年度）", cell)
        sheet.merge_range("A3:B3", "项目名称", cell)
        sheet.merge_range("C3:I3", f"澄岚渠第{number}段维护{sheet_number}", cell)
        sheet.merge_range("A4:B4", "主管部门", cell)
        sheet.merge_range("C4:E4", "澄岚区水务局", cell)
        sheet.write("F4", "实施单位", cell)
        sheet.merge_range("G4:I4", f"澄岚区第{number}站", cell)
        for col, text in enumerate(["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]):
            sheet.write(4, col + (1 if col else 0), text, cell)
        budget = dice.randint(20, 400)
        spent = round(budget * dice.choice([1, 1, 0.97, 0.9, 0.6]), 2)
        for row, label in enumerate(["年度资金总额", "其中：财政拨款"]):
            for col, value in enumerate(["", "", label, budget, budget, spent, 10 if not row else "—"]):
                sheet.write(5 + row, col, value, cell)
            sheet.write_formula(5 + row, 7, f"=F{6 + row}/E{6 + row}", cell, spent / budget)
            sheet.write(5 + row, 8, min(10, round(spent / budget * 10, 2)) if not row else "—", cell)
        sheet.merge_range("A8:A9", "年度总体目标", cell)
        sheet.merge_range("B8:E8", "预期目标", cell)
        sheet.merge_range("F8:I8", "实际完成情况", cell)
        sheet.merge_range("B9:E9", f"完成第{number}段渠道维护，保障灌溉用水。", cell)
        sheet.merge_range("F9:I9", "已按计划完成维护，灌溉用水得到保障。", cell)
        for col, text in enumerate(["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]):
            sheet.write(9, col, text, cell)
        row = 10
        for level1, subclasses in CLASSES:
            for level2 in subclasses:
                for extra in range(2 + number % 3):
                    target = dice.randint(5, 200)
                    values = [level1, level2, f"{level2[:2]}{extra + 1}项完成量", f"≥{target}个", f"{target + dice.randint(-2, 6)}个", 5, 5, ""]
                    for col, value in enumerate(values):
                        sheet.write(row, col, value, cell)
                    row += 1
        sheet.data_validation(10, 5, row, 6, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100})
        sheet.conditional_format(10, 6, row, 6, {"type": "cell", "criteria": "<", "value": 3, "format": book.add_format({"bg_color": "#FFC7CE"})})
        sheet.insert_image("K2", str(out / "logo.png"))
        if number % 4 == 0:
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": [sheet.get_name(), 10, 6, row - 1, 6]})
            sheet.insert_chart("K8", chart)
        sheet.set_column(0, 8, 13)
    book.close()
(out / "logo.png").unlink()
