//! The counting rule (统计口径) behind a figure: which version held in its period, and whether it changed within it.

use super::store::RuleVersion;
use crate::{
    domain::{measure::Measure, period::Period},
    locale::Locale,
};
use leptos::prelude::*;

/// The version that held at the period's end, and those that began within it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    pub version: Option<RuleVersion>,
    /// The earlier ones first.
    pub began: Vec<RuleVersion>,
}

/// What held in a period. Before the first version began, that one is told: there was no other.
pub fn in_force(rules: &[RuleVersion], period: Period) -> InForce {
    let mut sorted: Vec<&RuleVersion> = rules.iter().collect();
    sorted.sort_by_key(|rule| rule.version);
    let held = sorted.iter().rev().find(|rule| rule.valid_from <= period.to).or(sorted.first());
    let first = sorted.first().map(|rule| rule.version);
    let began = sorted
        .iter()
        .filter(|rule| Some(rule.version) != first && period.from < rule.valid_from && rule.valid_from <= period.to);
    InForce { version: held.map(|rule| (*rule).clone()), began: began.map(|rule| (*rule).clone()).collect() }
}

/// The rule as a term and its description, for a list of facts.
pub fn told(locale: Locale, measure: &Measure, rules: &[RuleVersion], period: Period) -> impl IntoView + use<> {
    let found = in_force(rules, period);
    let (text, version) = match &found.version {
        Some(rule) => (rule.counting_rule.clone(), locale.catalogue_rule_version(rule.version)),
        None => (measure.counting_rule.clone(), locale.catalogue_rule_version(measure.rule_version)),
    };
    let changed = found.began.iter().map(|rule| locale.catalogue_rule_changed(rule.valid_from, rule.version));
    let changed: Vec<String> = changed.collect();
    let changed = match changed.is_empty() {
        true => view! { <small class="muted">{locale.catalogue_rule_unchanged()}</small> }.into_any(),
        false => view! { <strong>{changed.join("；")}</strong> }.into_any(),
    };
    let address = format!("/catalogue/measure/{}", measure.key);
    let text = if text.is_empty() { locale.none().to_owned() } else { text };
    view! {
        <dt>{locale.catalogue_rule()}</dt>
        <dd>{text}" "<a href=address>{version}</a>" "{changed}</dd>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_period_is_told_and_every_change_within_it() {
        let rule = |version, from: &str| RuleVersion {
            version,
            counting_rule: format!("第{version}版"),
            valid_from: from.parse().expect("a day"),
        };
        let rules = [rule(3, "2026-03-01"), rule(2, "2025-06-01"), rule(1, "2025-01-10")];
        let found = |year| {
            let found = in_force(&rules, Period::year(year));
            (found.version.map(|one| one.version), found.began.iter().map(|one| one.version).collect::<Vec<_>>())
        };
        assert_eq!(found(2024), (Some(1), vec![]), "before the first there was no other");
        assert_eq!(found(2025), (Some(2), vec![2]));
        assert_eq!(found(2026), (Some(3), vec![3]));
        assert_eq!(found(2027), (Some(3), vec![]));
        assert_eq!(in_force(&[], Period::year(2025)), InForce::default());
    }
}
