//! 街道 and 乡镇: a form moved right and down with full-width digits, and an archive with two workbooks.

use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::draw::Look;
use crate::{Book, Round};

pub(crate) fn write(round: &mut Round) -> Result<()> {
    grid_workers(round)?;
    archive(round)
}

/// Spaced labels, full-width digits, two blank rows above and two blank columns at the left.
fn grid_workers(round: &mut Round) -> Result<()> {
    let look = Look::new(&[11.0, 14.0, 22.0, 15.0, 15.0, 8.0, 9.0, 20.0]).fangsong().landscape().shifted(2);
    let mut book = Book::new()?;
    book.sheet(
        "Sheet1",
        &look,
        "
.
.
# 项 目 支 出 绩 效 自 评 表
## （　２０２２　年度）
项 目 名 称 | < | 社区网格化管理 | < | < | < | < | <
主 管 部 门 | < | 澄岚区柳浦街道办事处 | < | 实 施 单 位 | < | 柳浦街道办 | <
项目资金⏎（万 元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分 值 | 执行率 | 得 分
^ | 年度资金总额 | １２．５０{V102 本行金额、分值、得分是全角文字，不是数字} | １２．５０ | １２．２５ | １０ | ９８％{V127 执行率和指标值是全角字符} | ９．８
^ | 其中：当年财政拨款 | 12.50 | 12.50 | 12.25 | — | 98.00% | —
^ | 上年结转资金 | 0.00 | 0.00 | 0.00 | — | — | —
^ | 其 他 资 金 | 0.00 | 0.00 | 0.00 | — | — | —
年度总体目标 | 预 期 目 标 | < | < | 实际完成情况 | < | < | <
^ | 配备专职网格员２５名，入户走访覆盖全部３１００户，矛盾纠纷就地化解率达到９０％。 | < | < | 配备专职网格员２５名，入户走访３１２４户，矛盾纠纷就地化解率９２．４％。 | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度⏎指标值 | 实际⏎完成值 | 分 值 | 得 分 | 偏差原因分析⏎及改进措施
产 出 指 标⏎（５０分） | 数量指标 | 配备专职网格员人数 | ≥２５人 | ２５人 | 15 | 15 |
^ | ^ | 入户走访户数 | ≥３１００户 | ３１２４户 | 15 | 15 |
^ | 质量指标 | 网格事件办结合格率 | ≥９５％ | ９７．２％ | 10 | 10 |
^ | 时效指标 | 网格事件平均办结时间 | ≤３天 | ３.６天 | 10 | 10{L101 3.6天超过3天，仍给满分} | 年末返乡高峰事件集中，已从社区抽调4人轮值
效 益 指 标⏎（３０分） | 社会效益⏎指标 | 矛盾纠纷就地化解率 | ≥９０％ | ９２．４％ | 30 | 30 |
满意度指标⏎（１０分） | 服务对象⏎满意度指标 | 辖区居民满意度 | ≥９０％ | ９４．６％ | 10 | 10 |
总 分 | < | < | < | < | 100 | 99.8 |
",
    )?;
    round.save("261-柳浦街道/柳浦街道项目支出绩效自评表.xlsx", book)
}

/// An archive as an old Windows program packs it: the second name is in GBK.
fn archive(round: &mut Round) -> Result<()> {
    const ARCHIVE: &str = "262-枫屏乡/枫屏乡绩效材料.zip";
    let first = "262001-枫屏乡人民政府2022年度自评表.xlsx";
    let second = "绩效目标/2023年道路养护绩效目标申报表.xlsx";
    let evaluated = round.finish(&format!("{ARCHIVE}/{first}"), public_page()?)?;
    let declared = round.finish(&format!("{ARCHIVE}/{second}"), roads()?)?;

    let (gbk, _, unmappable) = encoding_rs::GBK.encode(second);
    if unmappable {
        bail!("{second} cannot be written in GBK");
    }
    // The archive is written with an ASCII name of the same length, so that no flag promises UTF-8.
    let stand_in = "x".repeat(gbk.len());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [(first, &evaluated), (stand_in.as_str(), &declared)] {
        zip.start_file(name, SimpleFileOptions::default().last_modified_time(zip::DateTime::default()))?;
        zip.write_all(bytes)?;
    }
    let bytes = replace(&zip.finish()?.into_inner(), stand_in.as_bytes(), &gbk).context("no entry to rename")?;
    crate::write(&Path::new(Round::ROOT).join(ARCHIVE), &bytes)
}

/// `bytes` with every `from` replaced by the equally long `to`; `None` where there is none.
fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Option<Vec<u8>> {
    let places: Vec<usize> = memchr::memmem::find_iter(bytes, from).collect();
    let mut out = bytes.to_vec();
    for at in &places {
        out.get_mut(*at..at + from.len())?.copy_from_slice(to);
    }
    (!places.is_empty()).then_some(out)
}

/// The page as published: no 分值 and 得分, every actual value repeats its target.
fn public_page() -> Result<Book> {
    let look = Look::new(&[14.0, 13.0, 13.0, 28.0, 16.0, 16.0]).landscape();
    let mut book = Book::new()?;
    book.sheet(
        "自评表",
        &look,
        "
- 附件：
# 2022年度农村人居环境整治项目自评表
- 项目单位（盖章）：枫屏乡人民政府    主要领导签字：      填报日期：2023年1月12日
项目名称 | 农村人居环境整治 | < | < | < | <
主管部门 | 枫屏乡人民政府 | < | 项目实施单位 | 枫屏乡人民政府 | <
项目类别 | 1、部门预算项目☑ 2、区直专项□ | < | < | < | <
项目属性 | 1、持续性项目☑ 2、新增性项目□ | < | < | < | <
项目类型 | 1、常年性项目☑ 2、延续性项目□ 3、一次性项目□ | < | < | < | <
预算执行情况（万元） |  | < | 预算数（A） | 执行数（B） | 执行率（B/A）
^ | 年度财政资金总额 | < | 35.60 | 35.60 | 100%
年度绩效目标 | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B）{-C110 没有分值、得分两列}
^ | 产出指标 | 数量指标 | 清理陈年垃圾点位 | 46处 | 46处{L113 各行实际完成值都照抄目标值}
^ | ^ | 质量指标 | 村庄保洁考核合格率 | 95% | 95%
^ | ^ | 时效指标 | 垃圾日产日清率 | 98% | 98%
^ | ^ | 成本指标 | 每村每月保洁成本 | 2400元{V106 成本没有≤} | 2400元
^ | 效益指标 | 生态效益指标 | 农户卫生厕所使用率 | 92% | 92%
^ | 满意度指标 | 服务对象满意度指标 | 村民满意度 | 90% | 90%{L125 正好等于目标值，没有写问卷}
偏差大或目标未完成原因分析 | < | 各项指标均按年初目标完成 | < | < | <
改进措施及结果应用方案 | < | 继续实行村庄保洁月度考核，考核结果与保洁经费挂钩 | < | < | <
",
    )?;
    Ok(book)
}

/// 实施期 and 本年度, amounts with their unit in the cell.
fn roads() -> Result<Book> {
    let look = Look::new(&[12.0, 13.0, 18.0, 26.0, 20.0, 14.0]).landscape();
    let mut book = Book::new()?;
    book.sheet(
        "申报表",
        &look,
        "
# 2023年项目支出绩效目标申报表
- 填报单位：（盖章）枫屏乡人民政府                 单位：万元
项目支出名称 | < | 农村道路日常养护 | < | 预算部门 | 枫屏乡人民政府
年度本级预算金额 | < | 48万{V103 单位已是万元，数字后不应再写“万”} | < | 该项目支出上级资金 | 0
项目支出实施期 | < | 2023.01-2023.12 | < | < | <
实施期绩效目标 | < | 养护农村公路64公里，修补破损路面3800平方米，优良中等路率达到88%。 | < | < | <
本年度绩效目标 | < | 全年养护农村公路64公里，6月底前修补破损路面3800平方米，年末优良中等路率由83%提高到88%。 | < | < | <
本年度⏎绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值及单位 | 绩效标准
 | 产出指标 | 数量指标 | 养护农村公路里程 | ≥64公里 | 计划标准
^ | ^ | ^ | 修补破损路面面积 | ≥3800平方米 | 计划标准
^ | ^ | 质量指标 | 路面修补验收合格率 | ≥98% | 行业标准
^ | ^ | 时效指标 | 路面修补完成时间 | 2023年6月30日前 | 计划标准
^ | ^ | 成本指标 | 每公里年养护成本 | ≤0.75万元 | 历史标准
^ | 效益指标 | 社会效益指标 | 农村公路优良中等路率 | ≥88 {V101 没有单位，应为≥88%} | 行业标准
^ | 满意度指标 | 社会公众或服务对象满意度指标 | 沿线村民满意度 | ≥90% | 计划标准
财政部门审核意见 | < |  | < | < | <
- 填表人：冯某      联系电话：85550188      填报日期：2022年10月20日      单位负责人签字：
",
    )?;
    Ok(book)
}
