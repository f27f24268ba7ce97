//! X106: a result or conclusion that is another project's.

use super::copied_texts::{Kind, copied_texts};
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::text::squeeze;

pub(super) static RULE: Rule = Rule {
    code: "X106",
    name: "copied-result",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（自评复核：结论、完成情况抄自别的项目）",
    summary: "完成情况或自评结论与其他项目雷同",
    docs: "
## 检查什么
同一环节两个项目的实际完成情况或结论一字不差，或者只换了单位、项目名称和数字，而项目名称说的不是一类事。
名称相近的项目（各校的同一项目），连两个以上的具体数字（年份、100 和个位数不算）也都相同的，同样指出。
名称、数字不算，还有 20 个字以上的才比；三字一段，八成半以上相同算雷同。基本支出项目不比。

## 为什么
做的事不同，结果不会一样；人数、金额也一样的，多半是复制之后没有改。自评照抄等于没有做。

## 正反例
- 反例：两所学校都写“全年资助困难学生 356 人，发放补助 42.7 万元”。
- 正例：两所学校都写“按月足额发放”，人数、金额各是各的。

## 怎么改
按本项目的实际写：完成了多少、效果怎样、差在哪里，与佐证材料一致。

## 依据
自评复核实务；财预〔2020〕10号 附件1 自评表“实际完成情况”栏。
",
    check: Check::Round(check),
};

/// So many figures of two like projects do not agree by chance.
const FIGURES: usize = 2;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    const ADVICE: &str = "按本项目的实际情况重写：完成了多少、效果怎样、差在哪里，与佐证材料一致。";
    let judge = |form| {
        copied_texts(
            round,
            Kind::Result,
            form,
            |bond, own, their| {
                !bond.kindred || {
                    let figures = figures(own.text());
                    figures.len() >= FIGURES && figures == self::figures(their.text())
                }
            },
            ADVICE,
        )
    };
    round.each(|form| Kind::Result.is_told(form), judge)
}

/// The figures of a text that say something of one project alone: no years, no 100, none below ten.
fn figures(text: &str) -> Vec<String> {
    let squeezed = squeeze(text);
    let runs = squeezed.split(|c: char| !c.is_ascii_digit() && c != '.').map(|run| run.trim_matches('.'));
    let is_year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    runs.filter(|run| run.len() > 1 && *run != "100" && !is_year(run)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_round_shares_are_no_figures_of_a_project() {
        assert_eq!(figures("2023年资助３５６人，发放42.7万元，完成率100%，共4次。"), ["356", "42.7"]);
    }
}
