//! What also lies in a returned folder: a web page named `.xls`, a lock file, a workbook with a
//! password, a list of telephones.

use std::path::Path;

use anyhow::Result;

use crate::draw::Look;
use crate::{Book, Round};

pub(crate) fn write(round: &mut Round) -> Result<()> {
    web_page()?;
    lock_file()?;
    locked(round)?;
    telephones(round)
}

/// Old reporting systems "export to Excel" by writing HTML.
fn web_page() -> Result<()> {
    let html = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\r\n<head><meta charset=\"utf-8\"></head>\r\n<body>\r\n\
        <table border=\"1\">\r\n<tr><td colspan=\"4\">项目支出绩效自评表</td></tr>\r\n\
        <tr><td>项目名称</td><td colspan=\"3\">急诊急救能力建设</td></tr>\r\n\
        <tr><td>实施单位</td><td colspan=\"3\">澄岚区第三人民医院</td></tr>\r\n</table>\r\n</body>\r\n</html>\r\n";
    crate::write(&Path::new(Round::ROOT).join("231-区卫生健康局/231005-第三人民医院自评表.xls"), html.as_bytes())
}

/// What Excel leaves beside a workbook that is open.
fn lock_file() -> Result<()> {
    let mut bytes = b"\x06Office".to_vec();
    bytes.resize(165, b' ');
    let name = "219-区教育局/~$219001-澄岚区教育局2022年项目支出绩效自评表.xlsx";
    crate::write(&Path::new(Round::ROOT).join(name), &bytes)
}

/// Locked by `samples/make_other_formats.py`.
fn locked(round: &mut Round) -> Result<()> {
    let mut book = Book::new()?;
    book.sheet(
        "自评表",
        &Look::new(&[16.0, 30.0]),
        "# 项目支出绩效自评表\n项目名称 | 实训设备购置\n实施单位 | 澄岚区职业中学",
    )?;
    round.prepare("locked.xlsx", "219-区教育局/219005-澄岚区职业中学自评表（加密）.xlsx", book)
}

/// No form at all.
fn telephones(round: &mut Round) -> Result<()> {
    let mut book = Book::new()?;
    book.sheet(
        "通讯录",
        &Look::new(&[8.0, 26.0, 14.0, 18.0]),
        "
# 绩效管理工作联络员通讯录
序号 | 单位 | 联络员 | 电话
1 | 澄岚区教育局 | 何某 | '85550101
2 | 澄岚区农业农村局 | 周某 | '85550117
3 | 澄岚区卫生健康局 | 许某 | '85550125
4 | 澄岚区住房和城乡建设局 | 吴某 | '85550142
5 | 澄岚区文化和旅游局 | 孔某 | '85550156
",
    )?;
    round.save("联络员通讯录.xlsx", book)
}
