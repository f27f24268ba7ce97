//! Invented names: departments, units, streets, people, other districts.

/// A department: its name behind the district's, and the units below it.
pub(crate) type Department = (&'static str, &'static [&'static str]);

/// The departments that answer to the district itself (区直).
pub(crate) static DEPARTMENTS: [Department; 44] = [
    ("区委办公室", &[]),
    ("人大常委会办公室", &[]),
    ("政府办公室", &[]),
    ("政协委员会办公室", &[]),
    ("纪律检查委员会", &[]),
    ("组织部", &[]),
    ("宣传部", &[]),
    ("统一战线工作部", &[]),
    ("政法委员会", &[]),
    ("机构编制委员会办公室", &[]),
    ("信访局", &[]),
    ("总工会", &[]),
    ("共青团委员会", &[]),
    ("妇女联合会", &[]),
    ("残疾人联合会", &[]),
    ("发展和改革委员会", &[]),
    ("教育局", &["第二中学", "云溪中学", "实验小学", "学前教育中心", "职业中学", "教师进修学校"]),
    ("科学技术局", &[]),
    ("工业和信息化局", &[]),
    ("民政局", &["民政服务中心", "救助管理站"]),
    ("司法局", &[]),
    ("财政局", &[]),
    ("人力资源和社会保障局", &["就业服务中心", "社会保险服务中心"]),
    ("自然资源局", &[]),
    ("住房和城乡建设局", &["房产服务中心", "建设工程质量监督站"]),
    ("交通运输局", &["公路养护中心", "交通运输综合执法大队"]),
    ("水务局", &["灌溉管理站", "河道管理所"]),
    ("农业农村局", &["农业技术推广中心", "动物疫病预防控制中心", "水产技术站", "农村经济服务站"]),
    ("商务局", &[]),
    ("文化和旅游局", &["文化馆", "图书馆", "博物馆"]),
    ("卫生健康局", &["妇幼保健院", "疾病预防控制中心", "中医院", "第三人民医院", "急救中心", "卫生监督所"]),
    ("退役军人事务局", &["退役军人服务中心"]),
    ("应急管理局", &["应急救援大队"]),
    ("审计局", &[]),
    ("市场监督管理局", &["检验检测中心"]),
    ("统计局", &[]),
    ("医疗保障局", &[]),
    ("城市管理局", &["环境卫生所", "市政设施养护所", "城市管理综合执法大队"]),
    ("生态环境局", &["环境监测站"]),
    ("行政审批局", &[]),
    ("档案馆", &[]),
    ("红十字会", &[]),
    ("工商业联合会", &[]),
    ("园林绿化局", &[]),
];

/// Departments of 2021 that were merged in 2022, each with the one it went into.
pub(crate) static MERGED: [(&str, &str); 3] =
    [("招商服务局", "商务局"), ("粮食和物资储备局", "发展和改革委员会"), ("地方志编纂办公室", "档案馆")];

pub(crate) static STREETS: [&str; 12] =
    ["柳浦", "枫屏", "芦渡", "竹坞", "松岭", "桂湾", "荷塘", "梅坪", "石埠", "云津", "南圩", "白鹭"];

/// What unlike projects of one kind are told apart by.
pub(crate) static QUALIFIERS: [&str; 7] = ["", "城区", "东片区", "南片区", "西片区", "北片区", "示范点"];

/// Departments and units as others call them, by their names behind the district's.
pub(crate) static SHORT: [(&str, &str); 12] = [
    ("发展和改革委员会", "发改委"),
    ("人力资源和社会保障局", "人社局"),
    ("住房和城乡建设局", "住建局"),
    ("文化和旅游局", "文旅局"),
    ("卫生健康局", "卫健局"),
    ("市场监督管理局", "市监局"),
    ("农业农村局", "农业局"),
    ("疾病预防控制中心", "疾控中心"),
    ("农业技术推广中心", "农技推广中心"),
    ("残疾人联合会", "残联"),
    ("妇女联合会", "妇联"),
    ("城市管理综合执法大队", "城管大队"),
];

/// Names of before, under which a form still comes.
pub(crate) static FORMER: [(&str, &str); 3] =
    [("医疗保障局", "医疗保险管理局"), ("行政审批局", "政务服务管理局"), ("园林绿化局", "园林管理处")];

static SURNAMES: [&str; 16] =
    ["林", "沈", "陆", "贺", "庄", "柯", "俞", "蒋", "卢", "邹", "熊", "万", "涂", "甘", "柳", "易"];
static GIVEN: [&str; 16] = [
    "晓禾", "文舟", "若溪", "景行", "一苇", "清越", "知微", "子衿", "明远", "云帆", "思齐", "立言", "嘉木", "青岚",
    "书瑶", "望舒",
];

pub(crate) fn person(at: usize) -> String {
    format!("{}{}", SURNAMES[at % 16], GIVEN[at / 16 % 16])
}

/// The district of a number from 1: the first is 澄岚区, the others are named by chance.
pub(crate) fn district(number: usize) -> String {
    const FIRST: [&str; 20] = [
        "青", "云", "竹", "枫", "梅", "兰", "松", "桂", "荷", "柏", "霜", "雁", "鹭", "溪", "石", "锦", "望", "临",
        "安", "瑞",
    ];
    const LAST: [&str; 20] = [
        "禾", "屏", "浦", "川", "陵", "渡", "坞", "岭", "埠", "津", "圩", "洲", "塘", "坪", "湾", "源", "滨", "沙",
        "昌", "宁",
    ];
    match number.checked_sub(2) {
        None => "澄岚区".to_owned(),
        Some(at) => {
            // Behind the four hundredth a number tells them apart.
            let again = if at < 400 { String::new() } else { (at / 400 + 1).to_string() };
            format!("{}{}{again}区", FIRST[at % 20], LAST[at / 20 % 20])
        }
    }
}
