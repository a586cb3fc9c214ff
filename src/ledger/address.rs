//! Addresses of the ledger: the question that is asked with one thing changed. What is only about where one stands in
//! the list (the cursor, a row that is edited) is left out.

use crate::server::form::FormData;

/// What does not belong to the question.
const PASSING: [&str; 3] = ["cursor", "edit", "lang"];

/// The question's fields, the empty ones left out.
fn asked(query: &FormData) -> Vec<(String, String)> {
    let all = query.with_prefix("").filter(|(name, value)| !value.is_empty() && !PASSING.contains(name));
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The address at `path` with these fields.
pub fn of(path: &str, fields: &[(String, String)]) -> String {
    match serde_html_form::to_string(fields).unwrap_or_default() {
        text if text.is_empty() => path.to_owned(),
        text => format!("{path}?{text}"),
    }
}

/// The same question, elsewhere: an export.
pub fn same(path: &str, query: &FormData) -> String {
    of(path, &asked(query))
}

/// The ledger with these fields set, or left out where they are `None`.
pub fn with(query: &FormData, changes: &[(&str, Option<&str>)]) -> String {
    let mut fields = asked(query);
    fields.retain(|(own, _)| changes.iter().all(|(name, _)| name != own));
    fields.extend(changes.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned()))));
    of("/activities", &fields)
}

/// The ledger without one value of a field, of which it may have several.
pub fn without(query: &FormData, name: &str, value: &str) -> String {
    let mut fields = asked(query);
    fields.retain(|(own, of)| own != name || of != value);
    of("/activities", &fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_condition_is_changed_and_the_others_stay() {
        let query = FormData::parse("unit=1&theme=drugs&theme=safety&q=&cursor=x&edit=y");
        assert_eq!(without(&query, "theme", "drugs"), "/activities?unit=1&theme=safety");
        assert_eq!(with(&query, &[("theme", None), ("q", Some("渝"))]), "/activities?unit=1&q=%E6%B8%9D");
        assert_eq!(same("/activities.csv", &query), "/activities.csv?unit=1&theme=drugs&theme=safety");
        assert_eq!(with(&FormData::default(), &[("unit", None)]), "/activities");
    }
}
