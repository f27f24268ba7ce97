"""Writes self-evaluation workbooks with pictures, charts, validations, conditional colours and many merged cells: corpus.py DIR COUNT

Nearly good forms, as most that come in are: weights that total 100, few targets missed, half of those without a reason. Invented
units and figures; the same cells every time. A third has a picture, a quarter charts, all have validations and conditional colours.
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

# Class, its weight, and its subclasses with what is measured and the unit of it.
CLASSES = [
    ("产出指标", 50, [
        ("数量指标", "个", ["维护闸门", "清淤渠段", "巡查管网", "培训人员", "更换阀门", "修复护坡", "检测水样", "新建泵站"]),
        ("质量指标", "%", ["工程验收合格率", "设备完好率", "水质达标率", "资料归档率", "维修返工控制率", "巡查记录完整率"]),
        ("时效指标", "%", ["任务按时完成率", "故障及时处置率", "资金及时拨付率", "汛前检修按期率"]),
        ("成本指标", "万元", ["闸门维护成本", "渠道清淤成本", "管网巡查成本", "培训成本"]),
    ]),
    ("效益指标", 30, [
        ("经济效益指标", "万元", ["减少农田受涝损失", "节约灌溉用水支出", "降低管网漏损费用"]),
        ("社会效益指标", "%", ["灌溉保证率", "供水覆盖率", "防汛物资到位率", "隐患整改率"]),
        ("生态效益指标", "%", ["水体保洁率", "岸线绿化率", "污水收集率"]),
        ("可持续影响指标", "年", ["渠道正常使用年限", "设备使用年限"]),
    ]),
    ("满意度指标", 10, [("服务对象满意度指标", "%", ["受益农户满意度", "沿渠居民满意度", "用水单位满意度"])]),
]
# Where less is better.
CHEAP = {"成本指标"}


def picture(path):
    """A small PNG of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([40, 90, 160] * 120) for _ in range(60))
    head = struct.pack(">IIBBBBB", 120, 60, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def indicators(density):
    """Rows by class and subclass, with weights that total what the class weighs."""
    classes = []
    for title, weight, subclasses in CLASSES:
        chosen = [(sub, unit, dice.sample(names, min(len(names), density))) for sub, unit, names in subclasses]
        left, rest = weight * 2, sum(len(names) for _, _, names in chosen)
        rows = []
        for sub, unit, names in chosen:
            drawn = []
            for name in names:
                share = left if rest == 1 else left // rest
                left, rest = left - share, rest - 1
                drawn.append((name, unit, share / 2))
            rows.append((sub, drawn))
        classes.append((title, rows))
    return classes


def figures(sub, unit, weight):
    """Target, actual, score and reason of an indicator: one in twenty is missed."""
    target = {"%": dice.choice([90, 92, 95, 96, 98]), "年": dice.randint(5, 15)}.get(unit, dice.randint(20, 200))
    if sub in CHEAP:
        return f"≤{target}{unit}", f"{target - dice.randint(0, 2)}{unit}", weight, ""
    if dice.random() < 0.05:
        actual = round(target * 0.9, 1)
        why = "雨季施工受阻，部分工作顺延到下年一季度；已调整施工安排，增加人员，按月督办。" if dice.random() < 0.5 else ""
        return f"≥{target}{unit}", f"{actual:g}{unit}", round(weight * actual / target, 2), why
    return f"≥{target}{unit}", f"{target + (dice.randint(0, 1) if unit != '%' else dice.randint(0, 2))}{unit}", weight, ""


def write_form(sheet, cell, number, part):
    """A form of one project on a sheet; its last row."""
    station = f"澄岚区第{number + 1}水利站"
    sheet.merge_range("A1:L1", "项目支出绩效自评表", cell)
    sheet.merge_range("A2:L2", "（2025年度）", cell)
    for row, pairs in [(2, [("项目名称", f"第{number + 1}灌区{'东西南北'[part]}干渠维护")]), (3, [("主管部门", "澄岚区水务局"), ("实施单位", station)])]:
        for place, (label, text) in enumerate(pairs):
            start = place * 6
            end = 11 if len(pairs) == 1 else start + 5
            sheet.merge_range(row, start, row, start + 1, label, cell)
            sheet.merge_range(row, start + 2, row, end, text, cell)
    heads = ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    budget = dice.randint(20, 400)
    spent = round(budget * dice.choice([1, 1, 1, 0.98, 0.97]), 2)
    sheet.merge_range(4, 0, 7, 1, "项目资金（万元）", cell)
    sheet.merge_range(4, 2, 4, 4, "", cell)
    for col, head in enumerate(heads):
        sheet.write(4, 5 + col, head, cell)
    sheet.write(4, 11, "", cell)
    rate_score = min(10, round(spent / budget * 10, 2))
    for row, label in enumerate(["年度资金总额", "其中：财政拨款", "其他资金"]):
        at, money = 5 + row, (budget, budget, spent) if row < 2 else (0, 0, 0)
        sheet.merge_range(at, 2, at, 4, label, cell)
        for col, value in enumerate(money):
            sheet.write(at, 5 + col, value, cell)
        sheet.write(at, 8, 10 if not row else "—", cell)
        if row < 2:
            sheet.write_formula(at, 9, f"=H{at + 1}/G{at + 1}", PERCENT[0], spent / budget)
        else:
            sheet.write(at, 9, "—", cell)
        sheet.write(at, 10, rate_score if not row else "—", cell)
        sheet.write(at, 11, "", cell)
    classes = indicators(2 + number % 4)
    goal = "、".join(name for name, _, _ in classes[0][1][0][1])
    sheet.merge_range("A9:A10", "年度总体目标", cell)
    sheet.merge_range("B9:F9", "预期目标", cell)
    sheet.merge_range("G9:L9", "实际完成情况", cell)
    sheet.merge_range("B10:F10", f"按年度计划完成{goal}等工作，保障灌溉和防汛，受益农户满意。", cell)
    sheet.merge_range("G10:L10", f"全年{goal}等工作已经完成，灌溉和防汛得到保障，受益农户反映良好。", cell)
    for first, last, text in [(0, 0, "一级指标"), (1, 1, "二级指标"), (2, 4, "三级指标"), (5, 5, "年度指标值"), (6, 6, "实际完成值"), (7, 7, "分值"), (8, 8, "得分"), (9, 11, "偏差原因分析及改进措施")]:
        write(sheet, (10, first, 10, last), text, cell)
    row, top, scores = 11, 11, []
    for title, subclasses in classes:
        class_top = row
        for sub, drawn in subclasses:
            sub_top = row
            for name, unit, weight in drawn:
                target, actual, score, why = figures(sub, unit, weight)
                scores.append(score)
                for col, value in enumerate([target, actual, weight, score]):
                    sheet.write(row, 5 + col, value, cell)
                write(sheet, (row, 2, row, 4), name, cell)
                write(sheet, (row, 9, row, 11), why, cell)
                row += 1
            write(sheet, (sub_top, 1, row - 1, 1), sub, cell)
        write(sheet, (class_top, 0, row - 1, 0), title, cell)
    write(sheet, (row, 0, row, 6), "总分", cell)
    sheet.write(row, 7, 100, cell)
    sheet.write_formula(row, 8, f"=K6+SUM(I{top + 1}:I{row})", cell, round(rate_score + sum(scores), 2))
    write(sheet, (row, 9, row, 11), "", cell)
    sheet.data_validation(top, 7, row - 1, 8, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100})
    sheet.data_validation(top, 1, row - 1, 1, {"validate": "list", "source": ["数量指标", "质量指标", "时效指标", "成本指标"], "error_type": "information"})
    sheet.conditional_format(top, 8, row - 1, 8, {"type": "cell", "criteria": "<", "value": 1, "format": PALE[0]})
    sheet.set_column(0, 11, 11)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    return row


def write(sheet, area, text, cell):
    """A text into a cell, or into several merged to one."""
    if area[:2] == area[2:]:
        sheet.write(*area[:2], text, cell)
    else:
        sheet.merge_range(*area, text, cell)


PERCENT, PALE = [None], [None]
picture(out / "logo.png")
for number in range(count):
    book = xlsxwriter.Workbook(str(out / f"{number:04}-澄岚区第{number + 1}水利站自评表.xlsx"))
    book.set_properties({"created": datetime.datetime(2026, 1, 1)})
    look = {"border": 1, "text_wrap": True, "valign": "vcenter", "font_name": "宋体", "font_size": 10}
    cell, PERCENT[0], PALE[0] = book.add_format(look), book.add_format({**look, "num_format": "0.00%"}), book.add_format({"bg_color": "#FFC7CE"})
    for part in range(1 + number % 4):
        sheet = book.add_worksheet(f"项目{part + 1}")
        last = write_form(sheet, cell, number, part)
        if number % 3 == 0:
            sheet.insert_image("N2", str(out / "logo.png"))
        if number % 4 == 0:
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": [sheet.get_name(), 11, 8, last - 1, 8]})
            sheet.insert_chart("N8", chart)
    book.close()
(out / "logo.png").unlink()
