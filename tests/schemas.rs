//! The built-in schemas and policies load, and what people get wrong in theirs is told all at once.

use jixiao::schema::Catalog;

#[test]
fn the_built_in_schemas_load() {
    let ids: Vec<&str> = Catalog::embedded().schemas.iter().map(|schema| schema.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "goal.dept",
            "goal.project.v1",
            "goal.project.v2",
            "monitor.project",
            "selfeval.dept",
            "selfeval.project.v1",
            "selfeval.project.v2",
            "selfeval.transfer"
        ]
    );
}
