//! What may be typed, and its help.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use jixiao::intake::Shard;
use jixiao::policy::Band;
use jixiao::review::Workers;
use jixiao::schema::Stage;
use jixiao::value::parse_date;
use rust_decimal::Decimal;

const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}";

const EXIT_CODES: &str = "\
退出码：0 没有达到门槛的问题；1 有；2 未能运行或未能全部完成。
门槛由 --fail-on 决定，默认“严重”。未识别和无法读取的文件按“严重”计。";

const DIFF_CODES: &str = "\
旧、新可以是审核输出的 结果.json，也可以是工作簿、文件夹或 zip（当场审一遍）。
退出码：0 没有差别；1 有差别；2 未能运行。";

const STATS: &str = "\
结果是审核输出目录，或其中的 结果.json，或以前汇总出的 汇总.json；可以写多个，先后顺序、怎样分组都不影响结果。
同一地区同一轮次的合为一轮；不同轮次的，同一张表以最后一次为准，并列出趋势；不同地区的相加。
地区、轮次写在审核时的 jixiao.toml 的 [round] 里。退出码：0 已写出；2 未能运行。";

const SAMPLE: &str = "\
结果的写法同 stats。应抽取个数按比例算总数（不足 1 个的按 1 个），各部门按个数分摊；风险点的权重见口径 [sampling]。
退出码：0 已写出；2 未能运行。";

const REGISTER: &str = "\
路径是单位报回的工作簿。登记表已有的，处理意见都保留，只补充还没有的说明。
填好处理意见、处理人、有效期后，用 review --decisions 登记表.xlsx 审核。
退出码：0 都读了；1 有文件读不了、认不出，里面的说明没有登记；2 未能运行。";

const APPLY: &str = "\
只写“审核意见”里“采纳”选了“是”、有可写入的内容、格里仍是所列内容的；其余逐条说明原因。原件不改动。
退出码：0 选“是”的都写入了；1 有没写入的，或者有文件读不了、认不出；2 未能运行或未能全部完成。";

const CLEANED: &str = "\
去掉批注、底色和“审核意见”表，单位自己的批注和底色都在；改正过的数值保留。原件不改动。
退出码：0 都去掉了，或本来没有标注；1 有文件读不了；2 未能运行或未能全部完成。";

const VERIFIED: &str = "\
按 清单.json 记的文件和口径重新审核一遍，逐表比对得分、等级和问题，并核对输出文件有没有改动。
送审文件、名册、口径文件与输出目录的相对位置要和审核时一样；送审文件挪了地方的，用 --inputs 写明。
退出码：0 一致；1 有不一致的，逐条列出；2 未能核验。";

const FORMS: &str = "\
表单写编号、名称或名称的一部分，见 jixiao schema list；不写则全部。
不带名册时每种表单一个文件；带名册时每个单位一个文件夹，按应报表单和项目各一个文件。";

const CALIBRATE: &str = "\
标注目录里有 manifest.json（标注）、workbooks（工作簿），可以有 truth（人工读出的内容），写法见使用手册。
退出码：0 没有达到门槛的漏报和误报，表单都认对了；1 有；2 标注或工作簿有问题。门槛由 --fail-on 决定，默认“严重”。";

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "jixiao",
    version,
    about = "预算绩效管理表单审核：识别、校验、评级，退回标注后的原工作簿，并统计报送情况。",
    help_template = TEMPLATE,
    override_usage = "jixiao <命令> [选项]",
    after_help = "查看某个命令的用法：jixiao <命令> --help",
    subcommand_help_heading = "命令",
    next_help_heading = "选项",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = false
)]
pub(super) struct Cli {
    /// 做什么
    #[command(subcommand)]
    pub(super) command: Command,
    /// 显示帮助
    #[arg(short, long, global = true, action = ArgAction::Help, display_order = 100)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = ArgAction::Version, display_order = 101)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 审核一批工作簿：退回标注、统计.xlsx、结果.json
    #[command(
        help_template = TEMPLATE,
        override_usage = "jixiao review <路径>... --out <目录> [选项]",
        after_help = EXIT_CODES
    )]
    Review(ReviewArgs),
    /// 只审核，不写文件：结果显示在屏幕上
    #[command(help_template = TEMPLATE, override_usage = "jixiao check <路径>... [选项]", after_help = EXIT_CODES)]
    Check(CheckArgs),
    /// 统计审核结果：几轮、几个地区的 结果.json 合在一起
    #[command(help_template = TEMPLATE, override_usage = "jixiao stats <结果>... --out <目录> [选项]", after_help = STATS)]
    Stats(StatsArgs),
    /// 按比例抽查：部门、金额分层，风险加权，同样的种子抽出同样的名单
    #[command(
        help_template = TEMPLATE,
        override_usage = "jixiao sample <结果>... --rate <比例> --out <名单> [选项]",
        after_help = SAMPLE
    )]
    Sample(SampleArgs),
    /// 比较两次报送：改了什么，没改什么，新出了什么
    #[command(
        help_template = TEMPLATE,
        override_usage = "jixiao diff <旧> <新> [选项]",
        after_help = DIFF_CODES,
        mut_arg("roster", |roster| roster.help("名册工作簿，用来认单位")),
        mut_arg("ledger", |ledger| ledger.help("项目台账工作簿，用来认项目")),
        mut_arg("received", |received| received.hide(true))
    )]
    Diff(DiffArgs),
    /// 汇总单位的出错说明，建立或补充出错说明登记表
    #[command(
        help_template = TEMPLATE,
        override_usage = "jixiao decisions <路径>... --out <登记表> [选项]",
        after_help = REGISTER
    )]
    Decisions(DecisionsArgs),
    /// 把单位采纳的修改写进报回的表
    #[command(help_template = TEMPLATE, override_usage = "jixiao apply <路径>... --out <目录> [选项]", after_help = APPLY)]
    Apply(ApplyArgs),
    /// 去掉退回的表上的标注，还原成标注以前的表
    #[command(help_template = TEMPLATE, override_usage = "jixiao clean <路径>... [选项]", after_help = CLEANED)]
    Clean(CleanArgs),
    /// 核验审核结果：等级确由这些文件、这套规则得出，退回的文件没有改动
    #[command(help_template = TEMPLATE, override_usage = "jixiao verify <输出目录> [选项]", after_help = VERIFIED)]
    Verify(VerifyArgs),
    /// 生成下发给单位的空白表
    #[command(help_template = TEMPLATE, override_usage = "jixiao template [表单]... --out <目录> [选项]", after_help = FORMS)]
    Template(TemplateArgs),
    /// 解释一条规则：检查什么、为什么、怎么改
    #[command(help_template = TEMPLATE, override_usage = "jixiao explain <规则>")]
    Explain(ExplainArgs),
    /// 列出全部规则，或导出规则登记表
    #[command(help_template = TEMPLATE, override_usage = "jixiao rules [选项]")]
    Rules(RulesArgs),
    /// 拿审核人标注过的工作簿检验规则：逐条列出命中、漏报、误报
    #[command(
        help_template = TEMPLATE,
        override_usage = "jixiao calibrate --truth <目录> [路径]... [选项]",
        after_help = CALIBRATE,
        mut_arg("paths", |paths| paths.required(false).help("标注过的工作簿在哪里；不写的，用标注目录里的 workbooks"))
    )]
    Calibrate(CalibrateArgs),
    /// 建一个工作文件夹：jixiao.toml、名册、台账、收件登记、收件/
    #[command(help_template = TEMPLATE, override_usage = "jixiao init <目录>")]
    Init(InitArgs),
    /// 查看或检查表单定义
    #[command(
        help_template = TEMPLATE,
        override_usage = "jixiao schema <命令>",
        subcommand_help_heading = "命令"
    )]
    Schema(SchemaArgs),
}

/// By which switches.
#[derive(Debug, Clone, Args)]
pub(super) struct PolicyArgs {
    /// 口径：内置口径的编号（national、jiangxi、hubei、sichuan、zhejiang），口径文件（.toml）或规则登记表（.xlsx）的路径；
    /// 不写的，用所审文件夹（template 看输出目录，rules 看当前文件夹）或其上级的 jixiao.toml，没有的用 national
    #[arg(long, value_name = "口径")]
    pub(super) policy: Option<String>,
    /// 不用 jixiao.toml
    #[arg(long)]
    pub(super) no_config: bool,
}

/// By which books units and projects are known.
#[derive(Debug, Clone, Args)]
pub(super) struct BookArgs {
    /// 名册工作簿：部门、单位、应报表单，用来认单位，统计应报、未报；不写的，用 jixiao.toml 里写的
    #[arg(long, value_name = "名册")]
    pub(super) roster: Option<PathBuf>,
    /// 项目台账工作簿：项目编码、名称、单位、金额，用来认项目、核对预算；不写的，用 jixiao.toml 里写的
    #[arg(long, value_name = "台账")]
    pub(super) ledger: Option<PathBuf>,
    /// 收件登记工作簿：单位、表单、收到日期，用来看是否按时；不写的，用 jixiao.toml 里写的
    #[arg(long, value_name = "登记")]
    pub(super) received: Option<PathBuf>,
}

/// With which schemas, and how.
#[derive(Debug, Clone, Args)]
pub(super) struct EngineArgs {
    /// 自定义表单定义的文件夹，同名的替换内置定义
    #[arg(long, value_name = "目录")]
    pub(super) schemas: Option<PathBuf>,
    /// 线程数，默认等于处理器核数
    #[arg(long, value_name = "个数")]
    pub(super) threads: Option<std::num::NonZeroUsize>,
}

impl EngineArgs {
    /// The threads that work.
    pub(super) fn workers(&self) -> Workers {
        Workers::new(self.threads)
    }
}

/// What to judge, and by what.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct JudgeArgs {
    /// 工作簿、文件夹或 zip 压缩包，可以写多个
    #[arg(required = true, value_name = "路径", help_heading = "参数")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) switches: PolicyArgs,
    #[command(flatten)]
    pub(super) books: BookArgs,
    /// 以前审核的 结果.json：上一次报送的同一批表，或前面环节的表（目标、监控），用来比对；可以写多次，先审的写在前面
    #[arg(long, value_name = "结果.json")]
    pub(super) previous: Vec<PathBuf>,
    /// 出错说明登记表：单位的说明，局里接受还是不接受；不写的，用 jixiao.toml 里写的
    #[arg(long, value_name = "登记表")]
    pub(super) decisions: Option<PathBuf>,
    /// 按哪一天看登记表的有效期，如 2026-12-31，默认今天；写了的，也是通知书的日期
    #[arg(long, value_name = "日期", value_parser = day)]
    pub(super) date: Option<NaiveDate>,
    #[command(flatten)]
    pub(super) engine: EngineArgs,
    /// 门槛：error 严重、warning 一般、info 提示、never 从不；默认 error
    #[arg(long, value_name = "级别", default_value = "error", hide_default_value = true, hide_possible_values = true)]
    pub(super) fail_on: FailOn,
}

/// Where judgements are kept for the next time.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct CacheArgs {
    /// 缓存目录：文件、口径、表单定义、程序都没有变的，用上次审的结果，不再重审；结果不变。不要放在所审的文件夹里
    #[arg(long, value_name = "目录")]
    cache: Option<PathBuf>,
}

impl CacheArgs {
    /// The folder, where one is given.
    pub(super) fn dir(&self) -> Option<&Path> {
        self.cache.as_deref()
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct ReviewArgs {
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    /// 输出目录：退回/、统计.xlsx、结果.json；只用 --diff 时不用写
    #[arg(long, value_name = "目录", required_unless_present = "diff")]
    pub(super) out: Option<PathBuf>,
    /// 把不改变意思的错处在退回的表上改好：空格、全角、文本数字、由别的格算出来的数；改过的格标绿，原填内容留在批注里
    #[arg(long, requires = "out")]
    pub(super) fix: bool,
    /// 逐格列出 --fix 会改什么；单用时不写任何文件
    #[arg(long)]
    pub(super) diff: bool,
    /// 只退回这些等级的表，如 中,差；统计和 结果.json 仍是全部的
    #[arg(long, value_name = "等级", value_parser = bands)]
    pub(super) only: Vec<Bands>,
    /// 只退回这个单位的表，写名称或编码，可以写多次
    #[arg(long, value_name = "单位")]
    pub(super) unit: Vec<String>,
    /// 每个单位的文件夹另打一个 zip 包，便于发送
    #[arg(long)]
    pub(super) zip: bool,
    #[command(flatten)]
    pub(super) cache: CacheArgs,
    #[command(flatten)]
    pub(super) reports: ReportArgs,
    /// 覆盖输出目录里已有的结果
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct StatsArgs {
    /// 审核的输出目录、结果.json 或 汇总.json，可以写多个
    #[arg(required = true, value_name = "结果", help_heading = "参数")]
    pub(super) results: Vec<PathBuf>,
    /// 输出目录：统计.xlsx、汇总.json；合分批审核的一轮时，还有这一轮的 结果.json
    #[arg(long, value_name = "目录")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) reports: ReportArgs,
    /// 说明、通报、催报的日期，如 2026-12-31；不写的，用 [letter] 里写的
    #[arg(long, value_name = "日期", value_parser = day)]
    pub(super) date: Option<NaiveDate>,
    #[command(flatten)]
    pub(super) switches: PolicyArgs,
    #[command(flatten)]
    pub(super) parts: PartsArgs,
    /// 覆盖输出目录里已有的文件
    #[arg(long)]
    pub(super) force: bool,
}

/// What parts of a round were judged beside.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "合分批审核的结果（check --shard）时，与审核时写的一样")]
pub(super) struct PartsArgs {
    #[command(flatten)]
    pub(super) books: BookArgs,
    /// 以前审核的 结果.json
    #[arg(long, value_name = "结果.json")]
    pub(super) previous: Vec<PathBuf>,
    /// 出错说明登记表
    #[arg(long, value_name = "登记表")]
    pub(super) decisions: Option<PathBuf>,
    /// 自定义表单定义的文件夹
    #[arg(long, value_name = "目录")]
    pub(super) schemas: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct SampleArgs {
    /// 审核的输出目录、结果.json 或 汇总.json，可以写多个
    #[arg(required = true, value_name = "结果", help_heading = "参数")]
    pub(super) results: Vec<PathBuf>,
    /// 抽查比例，如 15%
    #[arg(long, value_name = "比例", value_parser = rate)]
    pub(super) rate: Rate,
    /// 每个部门至少抽一个，抽出的因此可能多于比例
    #[arg(long)]
    pub(super) each_department: bool,
    /// 随机数种子，0 或正整数；换一个抽出另一份名单，默认 1
    #[arg(long, value_name = "数", default_value_t = 1, hide_default_value = true)]
    pub(super) seed: u64,
    /// 抽哪个环节的项目表：target 目标、monitoring 监控、self-evaluation 自评；默认 self-evaluation
    #[arg(
        long,
        value_name = "环节",
        default_value = "self-evaluation",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) stage: SampleStage,
    /// 名单写到哪个文件（.xlsx）
    #[arg(long, value_name = "名单")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) switches: PolicyArgs,
    /// 覆盖已有的名单
    #[arg(long)]
    pub(super) force: bool,
}

/// Which reports of the statistics.
#[derive(Debug, Clone, Args)]
pub(super) struct ReportArgs {
    /// 统计写成哪些文件，几个用逗号隔开：xlsx 统计.xlsx，html 报告.html，docx 说明、通报、催报（.docx），md 同样内容的文本，parquet 供数据平台查询的四张表；默认 xlsx,html
    #[arg(
        long,
        value_name = "格式",
        value_delimiter = ',',
        default_value = "xlsx,html",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) format: Vec<ReportFormat>,
}

/// A format of the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// 统计.xlsx.
    Xlsx,
    /// 报告.html.
    Html,
    /// 说明, 通报, 催报 as documents.
    Docx,
    /// The same as words.
    Md,
    /// Four tables for engines that query.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// The stage whose forms are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SampleStage {
    /// 绩效目标.
    Target,
    /// 绩效监控.
    Monitoring,
    /// 绩效自评.
    SelfEvaluation,
}

impl From<SampleStage> for Stage {
    fn from(stage: SampleStage) -> Self {
        match stage {
            SampleStage::Target => Self::Target,
            SampleStage::Monitoring => Self::Monitoring,
            SampleStage::SelfEvaluation => Self::SelfEvaluation,
        }
    }
}

/// A share as it is typed: a fraction above 0 and at most 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate(pub(super) Decimal);

fn rate(text: &str) -> Result<Rate, String> {
    let (number, is_percent) = match text.trim().strip_suffix(['%', '％']) {
        Some(number) => (number, true),
        None => (text.trim(), false),
    };
    let number: Option<Decimal> = number.trim().parse().ok();
    let rate = number.map(|number| if is_percent { number / Decimal::ONE_HUNDRED } else { number });
    let rate = rate.filter(|rate| *rate > Decimal::ZERO && *rate <= Decimal::ONE);
    rate.map(Rate).ok_or_else(|| "比例写成 15% 或 0.15，大于 0，不超过 100%".to_owned())
}

/// Grades as they are typed.
#[derive(Debug, Clone)]
pub(super) struct Bands(pub(super) Vec<Band>);

fn bands(text: &str) -> Result<Bands, String> {
    let band = |word: &str| Band::ALL.into_iter().find(|band| band.title() == word.trim());
    let bands = text.split([',', '，', '、']).map(band).collect::<Option<Vec<Band>>>();
    bands.map(Bands).ok_or_else(|| "等级写 优、良、中、差，几个用逗号隔开".to_owned())
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct ApplyArgs {
    /// 单位报回的工作簿、文件夹或 zip 压缩包，可以写多个
    #[arg(required = true, value_name = "路径", help_heading = "参数")]
    pub(super) paths: Vec<PathBuf>,
    /// 输出目录：单位名称/原文件名
    #[arg(long, value_name = "目录")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) switches: PolicyArgs,
    /// 自定义表单定义的文件夹，同名的替换内置定义
    #[arg(long, value_name = "目录")]
    pub(super) schemas: Option<PathBuf>,
    /// 覆盖输出目录里同名的文件
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct CleanArgs {
    /// 标注过的工作簿，可以写多个；文件夹和 zip 压缩包须写 --out
    #[arg(required = true, value_name = "路径", help_heading = "参数")]
    pub(super) paths: Vec<PathBuf>,
    /// 输出目录；不写则写在原文件旁边，文件名加“（去标注）”
    #[arg(long, value_name = "目录")]
    pub(super) out: Option<PathBuf>,
    /// 覆盖同名的文件
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct VerifyArgs {
    /// 审核的输出目录，里面有 清单.json
    #[arg(required = true, value_name = "输出目录", help_heading = "参数")]
    pub(super) dir: PathBuf,
    /// 送审的工作簿、文件夹或压缩包现在在哪里，可以写多个；不写的，在审核时的位置
    #[arg(long, value_name = "路径", num_args = 1..)]
    pub(super) inputs: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    /// 格式：text 屏幕、json 供程序读取、csv 供表格软件打开、parquet 供数据平台查询（四张表，要写 --out）；默认 text
    #[arg(long, value_name = "格式", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    pub(super) format: OutputFormat,
    /// 输出目录，结果写成里面的 结果.json；不要放在所审的文件夹里
    #[arg(long, value_name = "目录", required_if_eq("format", "parquet"))]
    pub(super) out: Option<PathBuf>,
    /// 只审第几份，如 2/7：收到的文件按路径分成 7 份，审其中第 2 份，只看单张表的问题；各份的 结果.json 用 jixiao stats 合起来
    #[arg(long, value_name = "第几份/共几份")]
    pub(super) shard: Option<Shard>,
    #[command(flatten)]
    pub(super) cache: CacheArgs,
    /// 覆盖输出目录里已有的文件
    #[arg(long, requires = "out")]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct CalibrateArgs {
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    /// 标注目录
    #[arg(long, value_name = "目录")]
    pub(super) truth: PathBuf,
    /// 格式：text 屏幕、json 供程序读取；默认 text
    #[arg(long, value_name = "格式", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    pub(super) format: PlainFormat,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct DiffArgs {
    /// 上一次的 结果.json、工作簿或文件夹
    #[arg(value_name = "旧", help_heading = "参数")]
    pub(super) old: PathBuf,
    /// 这一次的 结果.json、工作簿或文件夹
    #[arg(value_name = "新", help_heading = "参数")]
    pub(super) new: PathBuf,
    #[command(flatten)]
    pub(super) switches: PolicyArgs,
    #[command(flatten)]
    pub(super) books: BookArgs,
    #[command(flatten)]
    pub(super) engine: EngineArgs,
    /// 格式：text 屏幕、json 供程序读取；默认 text
    #[arg(long, value_name = "格式", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    pub(super) format: PlainFormat,
    /// 另写一份对比表（.xlsx）
    #[arg(long, value_name = "文件")]
    pub(super) out: Option<PathBuf>,
    /// 覆盖已有的对比表
    #[arg(long)]
    pub(super) force: bool,
}

/// The format of what is read by people or programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PlainFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct DecisionsArgs {
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    /// 登记表写到哪个文件（.xlsx）；已有的补充
    #[arg(long, value_name = "登记表")]
    pub(super) out: PathBuf,
}

/// A day as it is typed.
fn day(text: &str) -> Result<NaiveDate, String> {
    parse_date(text).ok_or_else(|| "应为日期，如 2026-12-31".to_owned())
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct TemplateArgs {
    /// 要哪些表单：编号、名称或名称的一部分，可以写多个；不写则全部
    #[arg(value_name = "表单", help_heading = "参数")]
    pub(super) forms: Vec<String>,
    /// 输出目录
    #[arg(long, value_name = "目录")]
    pub(super) out: PathBuf,
    /// 印在表上的年度；不写则由单位填
    #[arg(long, value_name = "年度", value_parser = clap::value_parser!(u32).range(2000..=2100))]
    pub(super) year: Option<u32>,
    /// 监控表截至几月，栏目名称随之改变
    #[arg(long, value_name = "月份", value_parser = clap::value_parser!(u32).range(1..=12))]
    pub(super) month: Option<u32>,
    #[command(flatten)]
    pub(super) switches: PolicyArgs,
    /// 自定义表单定义的文件夹，同名的替换内置定义
    #[arg(long, value_name = "目录")]
    pub(super) schemas: Option<PathBuf>,
    /// 名册工作簿：按单位和应报表单各生成一份，预填单位
    #[arg(long, value_name = "名册")]
    pub(super) roster: Option<PathBuf>,
    /// 项目台账工作簿：按项目各生成一份，预填项目、编码、预算；与 --roster 一起用
    #[arg(long, value_name = "台账", requires = "roster")]
    pub(super) ledger: Option<PathBuf>,
    /// 上一轮的 结果.json：把批复的绩效目标和指标预填到自评表、监控表；与 --roster 一起用
    #[arg(long, value_name = "结果.json", requires = "roster")]
    pub(super) previous: Option<PathBuf>,
    /// 每个单位一个压缩包；与 --roster 一起用
    #[arg(long, requires = "roster")]
    pub(super) zip: bool,
    /// 覆盖输出目录里同名的文件
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct ExplainArgs {
    /// 规则编码或名称，如 A101
    #[arg(value_name = "规则", help_heading = "参数")]
    pub(super) rule: String,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct RulesArgs {
    /// 格式：text 屏幕、xlsx 规则登记表；默认 text
    #[arg(long, value_name = "格式", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    pub(super) format: RulesFormat,
    /// 登记表写到哪个文件
    #[arg(long, value_name = "文件")]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) switches: PolicyArgs,
    /// 覆盖已有的登记表
    #[arg(long)]
    pub(super) force: bool,
}

/// The format of `rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RulesFormat {
    /// For the screen.
    Text,
    /// The register.
    Xlsx,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct InitArgs {
    /// 工作文件夹，没有的新建
    #[arg(value_name = "目录", help_heading = "参数")]
    pub(super) dir: PathBuf,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct SchemaArgs {
    #[command(subcommand)]
    pub(super) command: SchemaCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum SchemaCommand {
    /// 列出内置的表单定义
    #[command(help_template = TEMPLATE, override_usage = "jixiao schema list")]
    List,
    /// 由一张空白表样起草表单定义，供人核对修改
    #[command(help_template = TEMPLATE, override_usage = "jixiao schema new --from <表样> [选项]")]
    New(SchemaNewArgs),
    /// 检查表单定义文件，一次指出全部问题
    #[command(help_template = TEMPLATE, override_usage = "jixiao schema check <文件>...")]
    Check {
        /// 表单定义文件（.toml）
        #[arg(required = true, value_name = "文件", help_heading = "参数")]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub(super) struct SchemaNewArgs {
    /// 空白表样工作簿
    #[arg(long, value_name = "表样")]
    pub(super) from: PathBuf,
    /// 表样在哪张工作表；默认第一张有内容的
    #[arg(long, value_name = "工作表")]
    pub(super) sheet: Option<String>,
    /// 写到这个文件（.toml），文件名就是表单编号；不写则显示在屏幕上
    #[arg(long, value_name = "文件")]
    pub(super) out: Option<PathBuf>,
}

/// The severity from which the exit code is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// 严重.
    Error,
    /// 一般 and worse.
    Warning,
    /// Any finding.
    Info,
    /// Nothing.
    Never,
}

/// The format of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// Four tables for engines that query.
    #[cfg(feature = "parquet")]
    Parquet,
}
