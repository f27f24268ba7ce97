//! Results of earlier rounds: 结果.json, 汇总.json, 清单.json.

use jixiao::coverage::{Draw, Facts, Statistics, sample};
use jixiao::manifest::{Manifest, differences};
use jixiao::previous::Previous;
use jixiao::report;
use jixiao::schema::{Catalog, Stage};
use rust_decimal::Decimal;

use super::forms::{after, written};
use super::pack::split;
use super::workbooks::ENGINE;

/// Each part a result. Forms are judged beside the forms in it as those of an earlier round. One that is read can be merged with itself and stays what it is; statistics, samples and reports
/// can be made of all of them.
pub(crate) fn results(input: &[u8]) -> bool {
    let (mut all, mut past) = (Vec::new(), Vec::new());
    for (_, text) in split(input).into_iter().take(4) {
        let text = String::from_utf8_lossy(text);
        past.extend(Previous::read(&text, "结果.json", Catalog::embedded()).into_iter().flat_map(|one| one.forms));
        if let Ok(manifest) = Manifest::read(&text, "清单.json") {
            assert!(differences(&manifest, &manifest).is_empty(), "a record differs from itself");
        }
        all.extend(Facts::read(&text, "结果.json"));
    }
    after(&past);
    for facts in &all {
        let Ok(once) = Facts::merged([facts.clone()]) else { continue };
        let twice = Facts::merged([once.clone(), once.clone()]).expect("what was merged agrees with itself");
        assert!(once == twice, "merged with itself it is another");
        let mut json = Vec::new();
        report::write_facts(&once, &mut json).expect("memory takes all");
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        let again = Facts::read(&json, "汇总.json").unwrap_or_else(|error| panic!("it is not read again: {error}"));
        assert!(again == once, "read again it is another");
    }
    let any = !all.is_empty();
    if let Ok(together) = Facts::merged(all) {
        let statistics = Statistics::of(&together);
        let draw = Draw {
            stage: Stage::SelfEvaluation,
            rate: Decimal::new(15, 2),
            each_department: false,
            seed: 1,
            policy: &ENGINE.policy().sampling,
        };
        let _ = sample(&statistics, &draw);
        written(&together, None);
    }
    any
}
