//! Failures of the tool, as against faults of a form (those are findings).
//!
//! Every message names the file, says what was found, and what the person who reads it can do.

use std::fmt;

/// A failure, with the file it happened to.
#[derive(Debug, thiserror::Error)]
#[error("{path}：{kind}")]
pub struct Error {
    /// The file as the caller named it; inside an archive `archive.zip/inner.xlsx`.
    pub path: String,
    /// What went wrong.
    pub kind: ErrorKind,
}

impl Error {
    /// An error on a file.
    pub fn new(path: impl Into<String>, kind: ErrorKind) -> Self {
        Self { path: path.into(), kind }
    }
}

/// What can go wrong with a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused.
    #[error("{}", explain_io(.0))]
    Io(#[from] std::io::Error),
    /// The file is no spreadsheet at all, or one that cannot be read.
    #[error("{0}")]
    NotReadable(Unreadable),
    /// A schema, policy or roster file says something that cannot be right; one line per problem.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
    /// A limit that protects the batch was passed.
    #[error(
        "{}{what}达到 {found}，超过上限 {limit}。{}",
        in_part(.part),
        lighten(.what)
    )]
    TooLarge {
        /// What was counted, in words.
        what: &'static str,
        /// The part of the workbook in which it was counted; empty for the file as a whole.
        part: String,
        /// What the file has.
        found: u64,
        /// What is allowed.
        limit: u64,
    },
    /// What was told of a file when it was looked at elsewhere, in plain Chinese.
    #[error("{0}")]
    Told(String),
    /// An OOXML part that the work needs is not there or is not what its name says.
    #[error("工作簿内部文件 {part} 有问题：{detail}。请用 Excel 或 WPS 打开后另存为 .xlsx 再报")]
    BadPart {
        /// The part's name inside the package.
        part: String,
        /// What is wrong with it.
        detail: String,
    },
}

impl ErrorKind {
    /// A file that is damaged or cut off, with what shows it, in plain Chinese.
    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::NotReadable(Unreadable::Damaged(detail.into()))
    }

    /// The same, told of a part: only limits are.
    pub(crate) fn in_part(self, name: &str) -> Self {
        match self {
            Self::TooLarge { what, part, found, limit } if part.is_empty() => {
                Self::TooLarge { what, part: name.to_owned(), found, limit }
            }
            other => other,
        }
    }

    /// A part of a package that is not what the work needs, with what is wrong, in plain Chinese.
    pub(crate) fn bad_part(part: &str, detail: impl Into<String>) -> Self {
        Self::BadPart { part: part.to_owned(), detail: detail.into() }
    }
}

/// Why a file cannot be read as a workbook; decided by its content, never by its extension.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// Zero bytes.
    Empty,
    /// Opening needs a password.
    Encrypted,
    /// A web page saved under a spreadsheet's name.
    Html,
    /// A single-file web page (MHT).
    Mht,
    /// Excel 2003 XML.
    Xml2003,
    /// Plain or comma-separated text.
    PlainText,
    /// A Word document.
    Word,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A RAR or 7z archive.
    ForeignArchive,
    /// A zip that is no workbook.
    OtherZip,
    /// An OLE2 file without a workbook stream.
    OtherOle,
    /// Damaged or cut off; the text says where.
    Damaged(String),
    /// It was written to between two readings, or while it was read.
    Changed,
    /// It was there when the files were listed.
    Gone,
    /// A pipe, a device: to read it could wait for ever.
    NoFile,
    /// A link whose target cannot be opened: it is gone, or the link leads to itself.
    BrokenLink,
    /// A legal feature that the tool refuses for safety; the text says which, and what to do.
    Refused(String),
    /// The tool itself broke off; the text says where.
    Interrupted(String),
    /// Nothing known.
    Unknown,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("文件是空的（0 字节）。请重新导出或向单位重新索取"),
            Self::Encrypted => f.write_str("文件设有打开密码，无法读取。请单位取消密码后重新报送"),
            Self::Html => f.write_str("内容是网页（HTML），不是 Excel 工作簿。请用 Excel 或 WPS 打开后另存为 .xlsx"),
            Self::Mht => {
                f.write_str("内容是单文件网页（MHT），不是 Excel 工作簿。请用 Excel 或 WPS 打开后另存为 .xlsx")
            }
            Self::Xml2003 => {
                f.write_str("内容是 XML 表格 2003，不是 Excel 工作簿。请用 Excel 或 WPS 打开后另存为 .xlsx")
            }
            Self::PlainText => f.write_str("内容是纯文本，不是 Excel 工作簿。请填写下发的 Excel 模板后报送"),
            Self::Word => f.write_str("内容是 Word 文档，不是 Excel 工作簿。请填写下发的 Excel 模板后报送"),
            Self::Pdf => f.write_str("内容是 PDF，不是 Excel 工作簿。请报送可编辑的 Excel 文件"),
            Self::Picture => f.write_str("内容是图片，不是 Excel 工作簿。请报送可编辑的 Excel 文件"),
            Self::ForeignArchive => f.write_str("内容是 RAR 或 7z 压缩包，无法展开。请解压后放入文件夹，或改用 zip"),
            Self::OtherZip => f.write_str("内容是压缩包，但里面不是 Excel 工作簿。请核对文件"),
            Self::OtherOle => f.write_str("是旧式 Office 文件，但里面没有工作簿。请核对是否误报了 Word 等文件"),
            Self::Damaged(detail) => write!(f, "文件已损坏或不完整（{detail}）。请单位重新报送"),
            Self::Changed => f.write_str(
                "运行期间文件有改动（正在另存、复制、同步，或重新报送），前后不是同一份，不能据以评审。请等它存好后重新运行",
            ),
            Self::Gone => f.write_str("开始时还在，读的时候找不到了（被移走、改名或删除）。请放回原处，重新运行"),
            Self::NoFile => f.write_str("是管道或设备，不是普通文件。请换成文件本身"),
            Self::BrokenLink => f.write_str("是指向别处的链接，指到的文件打不开。请放入文件本身"),
            Self::Refused(detail) => write!(f, "为安全起见不读取：{detail}"),
            Self::Interrupted(detail) => {
                write!(f, "处理时程序中断，未能评审（{detail}）。请把这个文件交给软件维护人员")
            }
            Self::Unknown => f.write_str("认不出是什么文件。请核对是否为 Excel 工作簿"),
        }
    }
}

fn in_part(part: &str) -> String {
    if part.is_empty() { String::new() } else { format!("内部文件 {part} 的") }
}

/// What to do with a file that passes a limit.
fn lighten(what: &str) -> &'static str {
    match what.starts_with("压缩包") {
        true => "请解压后放入文件夹，或分成几个压缩包",
        false => {
            "正常的表没有这么大。请用 Excel 或 WPS 打开，删去多余的行、列和图片，另存后再报；\
             确实要读的，在 jixiao.toml 的 [limits] 里放宽"
        }
    }
}

const IN_USE: &str = "正被占用（在 Excel、WPS 里打开着，或者另一个 jixiao 正在写）。请关闭或等它做完，再重新运行";

fn explain_io(error: &std::io::Error) -> String {
    use std::io::ErrorKind as Io;
    // Windows: ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
    if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) {
        return IN_USE.to_owned();
    }
    match error.kind() {
        Io::ResourceBusy | Io::ExecutableFileBusy => IN_USE.to_owned(),
        // Windows says this too of a file that another program has open.
        Io::PermissionDenied if cfg!(windows) => {
            "没有读写权限，或文件正在别的程序里打开着。请关闭那个程序，或检查文件夹权限".to_owned()
        }
        Io::NotFound => "找不到文件或文件夹。请核对路径".to_owned(),
        Io::PermissionDenied => "没有读写权限。请检查文件夹权限，或换一个位置".to_owned(),
        Io::StorageFull => "磁盘已满。请清理空间后重试".to_owned(),
        Io::QuotaExceeded | Io::FileTooLarge => "磁盘配额已用完，或文件大小超过限制。请清理空间或换一个位置".to_owned(),
        Io::ReadOnlyFilesystem => "磁盘是只读的。请换一个位置".to_owned(),
        Io::NotADirectory | Io::AlreadyExists => "这里是文件，不是文件夹。请换一个名称，或移走那个文件".to_owned(),
        Io::IsADirectory => "是文件夹，不是文件。请核对路径".to_owned(),
        Io::CrossesDevices => "链接指到别的磁盘上去了，不能从临时文件改名过去。请换一个位置".to_owned(),
        Io::InvalidFilename => "文件名太长，或含有系统不允许的字符。请改名".to_owned(),
        Io::InvalidData => "不是 UTF-8 编码的文本。请另存为 UTF-8".to_owned(),
        _ => format!("读写失败（{error}）"),
    }
}
