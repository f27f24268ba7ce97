//! Parts of a round that other machines judged, put together.

use jixiao::coverage::Facts;
use jixiao::error::ErrorKind;
use jixiao::review::{Books, Part, PartOf, Round, made_otherwise, misfits};
use jixiao::schema::Catalog;

use super::forms::told;
use super::pack::split;
use super::workbooks::ENGINE;

/// Each part the result of a part of a round. It is read or refused with the file's name; what was read becomes a round in
/// which no file is lost, and that can be told like any other.
pub(crate) fn parts(input: &[u8]) -> bool {
    let policy = ENGINE.policy();
    let (mut parts, mut of) = (Vec::new(), Vec::new());
    for (number, (_, text)) in split(input).into_iter().take(4).enumerate() {
        let text = String::from_utf8_lossy(text);
        let path = format!("{number}/结果.json");
        if let Ok(facts) = Facts::read(&text, &path) {
            of.extend(facts.rounds.into_iter().filter_map(|round| Some((path.clone(), round.part?))));
        }
        match Part::read(&text, &path, Catalog::embedded(), policy) {
            Ok(part) => parts.push(part),
            Err(error) => {
                let ErrorKind::Invalid(problems) = &error.kind else { panic!("refused otherwise: {error}") };
                assert!(error.path == path && problems.iter().all(|problem| !problem.is_empty()), "{error}");
            }
        }
    }
    fitted(&of);
    let any = !parts.is_empty();
    let files: usize = parts.iter().map(Part::files).sum();
    let round = Round::of_parts(parts, policy, Books::default());
    assert_eq!(round.submissions.len() + round.passed_over.len(), files, "a file was lost");
    let _ = told(&round);
    any
}

/// What is said of parts that are no round is short and in order, whatever they say of themselves.
fn fitted(of: &[(String, PartOf)]) {
    let of: Vec<(&str, &PartOf)> = of.iter().map(|(path, part)| (path.as_str(), part)).collect();
    let said = misfits("一审", &of);
    let problems = 16 * of.len() + 1;
    assert!(said.len() <= problems, "{} problems of {} parts", said.len(), of.len());
    for (_, part) in &of {
        assert!(made_otherwise(&part.made, &part.made).is_empty(), "it is made otherwise than itself");
    }
}
