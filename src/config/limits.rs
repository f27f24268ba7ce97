//! The `[limits]` table of jixiao.toml: what one file may cost.

use serde::Deserialize;

use crate::ooxml::Limits;
use crate::toml_file::{At, Problems, SourceFile};

/// The table as it is written. Sizes are in MiB.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Mirror {
    file_mib: Option<At<u64>>,
    entries: Option<At<u64>>,
    part_mib: Option<At<u64>>,
    total_mib: Option<At<u64>>,
    ratio: Option<At<u64>>,
    sheets: Option<At<u64>>,
    cells: Option<At<u64>>,
    text_mib: Option<At<u64>>,
    merges: Option<At<u64>>,
    area: Option<At<u64>>,
    boxes: Option<At<u64>>,
    nesting: Option<At<u64>>,
    archive_mib: Option<At<u64>>,
}

/// How many times its default a limit may be: memory grows alike, from 256 MiB to 2 GiB for one file.
const TIMES: u64 = 8;
/// Deeper, archives are only made to do harm.
const DEEPEST: u64 = 4;

/// The limits of the table; of what it does not say the defaults.
pub(super) fn limits(mirror: &Mirror, file: &SourceFile, problems: &mut Problems) -> Limits {
    let mut limits = Limits::default();
    let mib = 20;
    let values: [(&str, &Option<At<u64>>, &mut u64, u32); 12] = [
        ("file_mib", &mirror.file_mib, &mut limits.file_bytes, mib),
        ("entries", &mirror.entries, &mut limits.entries, 0),
        ("part_mib", &mirror.part_mib, &mut limits.part_bytes, mib),
        ("total_mib", &mirror.total_mib, &mut limits.total_bytes, mib),
        ("ratio", &mirror.ratio, &mut limits.ratio, 0),
        ("sheets", &mirror.sheets, &mut limits.sheets, 0),
        ("cells", &mirror.cells, &mut limits.cells, 0),
        ("text_mib", &mirror.text_mib, &mut limits.text_bytes, mib),
        ("merges", &mirror.merges, &mut limits.merges, 0),
        ("area", &mirror.area, &mut limits.area, 0),
        ("boxes", &mirror.boxes, &mut limits.boxes, 0),
        ("archive_mib", &mirror.archive_mib, &mut limits.archive_bytes, mib),
    ];
    for (name, written, limit, shift) in values {
        let Some(written) = written else { continue };
        let (value, most) = (*written.value(), (*limit >> shift) * TIMES);
        if value == 0 {
            problems.add(
                file,
                written.offset(),
                format!("[limits] 的 {name} 不能是 0：那样什么文件都不读。不想改的，删去这一行"),
            );
        } else if value > most {
            let message = format!(
                "[limits] 的 {name} = {value} 太大，最大 {most}（默认值的 {TIMES} 倍）：再大，一个文件可能占用 2 GiB 以上内存，\
                 批量审核会因为它中断"
            );
            problems.add(file, written.offset(), message);
        } else {
            *limit = value << shift;
        }
    }
    if let Some(nesting) = &mirror.nesting {
        limits.nesting = *nesting.value();
        if limits.nesting > DEEPEST {
            problems.add(
                file,
                nesting.offset(),
                format!("[limits] 的 nesting = {} 太大，最大 {DEEPEST}", limits.nesting),
            );
        }
    }
    limits
}

/// The table for a person's own file, all of it commented out.
pub(super) const COMMENTED: &str = r#"[limits]
## 一个文件最多可以多大：防止一个损坏的或有意做坏的文件拖垮整批审核。超过的不读，其他文件照常审核，并说明超过了哪一项。
## 按这里写的值，一个文件占用的内存不超过 256 MiB；放大几倍，内存也可能增加几倍。正常的表远远到不了，一般不用改。
## 文件本身；工作簿内单个内部文件、全部内部文件解压后的大小，单位 MiB。
# file_mib = 64
# part_mib = 48
# total_mib = 96
## 4 MiB 以上的内部文件，解压后是解压前的多少倍。
# ratio = 400
## 压缩包（工作簿也是）内的文件数。
# entries = 10000
## 工作表数，有内容的单元格数，合并区域数，全部文字和公式的大小（MiB）。
# sheets = 512
# cells = 400000
# merges = 50000
# text_mib = 32
## .xls 各工作表的行数×列数，隐藏的行数和列数。
# area = 2000000
## 在多大范围内找表（行数×列数）；范围以外的内容不看，会提醒。
# boxes = 200000
## 报来的压缩包：里面再套压缩包，最多套几层；里面的文件展开后总共多大（MiB）。
# nesting = 1
# archive_mib = 4096
"#;
