//! What invented units do for a living: names and indicators that a careful one would write.

use std::borrow::Cow;

use jixiao::schema::concept::subclass;

/// A trade.
pub(crate) struct Trade<'a> {
    pub(crate) unit: &'a str,
    pub(crate) department: &'a str,
    pub(crate) project: &'a str,
    pub(crate) indicators: &'a [Indicator],
}

/// An indicator: second-level class, name, sign, lowest and highest target, unit. Without a target it is the budget's; the
/// target of one without a unit is the end of a month.
pub(crate) struct Indicator {
    pub(crate) subclass: &'static str,
    pub(crate) name: Cow<'static, str>,
    pub(crate) sign: &'static str,
    pub(crate) targets: (u32, u32),
    pub(crate) unit: &'static str,
}

const fn at_least(subclass: &'static str, name: &'static str, targets: (u32, u32), unit: &'static str) -> Indicator {
    Indicator { subclass, name: Cow::Borrowed(name), sign: "≥", targets, unit }
}

const fn at_most(subclass: &'static str, name: &'static str, targets: (u32, u32), unit: &'static str) -> Indicator {
    Indicator { subclass, name: Cow::Borrowed(name), sign: "≤", targets, unit }
}

const fn by_month(name: &'static str) -> Indicator {
    Indicator { subclass: subclass::TIMELINESS, name: Cow::Borrowed(name), sign: "", targets: (8, 12), unit: "" }
}

const fn exactly(subclass: &'static str, name: &'static str, target: u32, unit: &'static str) -> Indicator {
    Indicator { subclass, name: Cow::Borrowed(name), sign: "=", targets: (target, target), unit }
}

/// The first is that of `template::specimen`: its names tell the second-level class of each row.
pub(crate) const TRADES: [Trade<'static>; 4] = [
    Trade {
        unit: "澄岚区民政服务中心",
        department: "澄岚区民政局",
        project: "社区养老服务站修缮",
        indicators: &[
            at_most(subclass::ECONOMIC_COST, "单个服务站修缮成本", (6, 12), "万元"),
            at_most(subclass::SOCIAL_COST, "施工噪声投诉次数", (3, 8), "次"),
            at_most(subclass::ECOLOGICAL_COST, "建筑垃圾清运量", (20, 60), "吨"),
            at_most(subclass::COST, "修缮项目总成本", (0, 0), "万元"),
            at_least(subclass::QUANTITY, "修缮社区养老服务站数量", (8, 40), "个"),
            at_least(subclass::QUANTITY, "添置护理床位数量", (40, 260), "张"),
            at_least(subclass::QUALITY, "工程验收合格率", (95, 98), "%"),
            exactly(subclass::QUALITY, "床位安装验收合格率", 100, "%"),
            at_least(subclass::TIMELINESS, "按期完工率", (90, 97), "%"),
            by_month("全部站点完工时间"),
            at_least(subclass::ECONOMIC, "户均照料支出下降比例", (4, 12), "%"),
            at_least(subclass::SOCIAL, "日间照料服务覆盖率", (60, 85), "%"),
            at_least(subclass::SOCIAL, "新增入站服务老年人数", (300, 1800), "人"),
            at_least(subclass::ECOLOGICAL, "修缮材料回收利用率", (40, 75), "%"),
            at_least(subclass::SUSTAINABLE, "设施管护制度执行年限", (3, 8), "年"),
            at_least(subclass::SATISFACTION, "入站老年人满意度", (90, 95), "%"),
        ],
    },
    Trade {
        unit: "澄岚区公路养护中心",
        department: "澄岚区交通运输局",
        project: "农村公路日常养护",
        indicators: &[
            at_most(subclass::ECONOMIC_COST, "每公里养护成本", (8000, 20000), "元"),
            at_most(subclass::SOCIAL_COST, "养护作业投诉次数", (3, 8), "次"),
            at_most(subclass::ECOLOGICAL_COST, "废旧沥青外运量", (60, 200), "吨"),
            at_most(subclass::COST, "养护项目总成本", (0, 0), "万元"),
            at_least(subclass::QUANTITY, "养护农村公路里程", (80, 320), "公里"),
            at_least(subclass::QUANTITY, "更换安全标志牌数量", (20, 90), "块"),
            at_least(subclass::QUALITY, "路面验收合格率", (95, 98), "%"),
            exactly(subclass::QUALITY, "养护安全事故发生次数", 0, "次"),
            at_least(subclass::TIMELINESS, "养护任务按期完成率", (90, 97), "%"),
            by_month("年度养护任务完成时间"),
            at_least(subclass::ECONOMIC, "沿线农产品运输成本下降比例", (3, 9), "%"),
            at_least(subclass::SOCIAL, "受益村民户数", (500, 3000), "户"),
            at_least(subclass::SOCIAL, "建制村通客车覆盖率", (80, 96), "%"),
            at_least(subclass::ECOLOGICAL, "旧沥青回收利用率", (50, 85), "%"),
            at_least(subclass::SUSTAINABLE, "路面管护协议执行年限", (3, 8), "年"),
            at_least(subclass::SATISFACTION, "沿线村民满意度", (90, 95), "%"),
        ],
    },
    Trade {
        unit: "澄岚区学生资助服务中心",
        department: "澄岚区教育局",
        project: "农村学生营养改善供餐",
        indicators: &[
            at_most(subclass::ECONOMIC_COST, "每生每餐食材成本", (4, 9), "元"),
            at_most(subclass::SOCIAL_COST, "供餐投诉次数", (3, 8), "次"),
            at_most(subclass::ECOLOGICAL_COST, "厨余垃圾产生量", (10, 40), "吨"),
            at_most(subclass::COST, "供餐项目总成本", (0, 0), "万元"),
            at_least(subclass::QUANTITY, "供餐学生人数", (800, 6000), "人"),
            at_least(subclass::QUANTITY, "供餐天数", (180, 200), "天"),
            at_least(subclass::QUALITY, "食材抽检合格率", (95, 98), "%"),
            exactly(subclass::QUALITY, "食品安全事故发生次数", 0, "次"),
            at_least(subclass::TIMELINESS, "供餐准时率", (95, 98), "%"),
            at_least(subclass::ECONOMIC, "家庭餐费支出下降比例", (5, 20), "%"),
            at_least(subclass::SOCIAL, "学生营养知识知晓率", (80, 92), "%"),
            at_least(subclass::SOCIAL, "受益学校数量", (12, 40), "所"),
            at_least(subclass::ECOLOGICAL, "厨余垃圾资源化利用率", (50, 80), "%"),
            at_least(subclass::SUSTAINABLE, "供餐管理制度执行年限", (3, 6), "年"),
            at_least(subclass::SATISFACTION, "学生家长满意度", (90, 95), "%"),
        ],
    },
    Trade {
        unit: "澄岚区灌溉管理站",
        department: "澄岚区水务局",
        project: "灌区末级渠系改造",
        indicators: &[
            at_most(subclass::ECONOMIC_COST, "每米渠道衬砌成本", (200, 480), "元"),
            at_most(subclass::SOCIAL_COST, "施工断水投诉次数", (3, 8), "次"),
            at_most(subclass::ECOLOGICAL_COST, "弃土外运量", (100, 400), "立方米"),
            at_most(subclass::COST, "渠系改造总成本", (0, 0), "万元"),
            at_least(subclass::QUANTITY, "改造渠道长度", (10, 60), "公里"),
            at_least(subclass::QUANTITY, "维修闸门数量", (10, 40), "座"),
            at_least(subclass::QUALITY, "渠道工程验收合格率", (95, 98), "%"),
            at_least(subclass::TIMELINESS, "改造任务按期完成率", (90, 97), "%"),
            by_month("渠道通水时间"),
            at_least(subclass::ECONOMIC, "亩均灌溉成本下降比例", (5, 15), "%"),
            at_least(subclass::SOCIAL, "受益农户数", (300, 2500), "户"),
            at_least(subclass::SOCIAL, "改善灌溉面积", (2000, 9000), "亩"),
            at_least(subclass::ECOLOGICAL, "渠系水利用率", (60, 85), "%"),
            at_least(subclass::SUSTAINABLE, "渠道管护协议执行年限", (3, 8), "年"),
            at_least(subclass::SATISFACTION, "灌区农户满意度", (90, 95), "%"),
        ],
    },
];
