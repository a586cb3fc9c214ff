//! Where a goal's figure comes from: the ledger's entries whose sum it is, or the page that lists what it is made of.

use super::{
    goals::GoalRow,
    series::{Series, YearRow},
};
use crate::domain::{indicator::Kind, period::Day, unit::Unit};

/// What of the ledger a figure is the sum of.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'a> {
    /// The unit's code: it and all below it, unless `own`.
    pub unit: &'a str,
    pub own: bool,
    pub from: Day,
    pub to: Day,
    pub measure: Option<&'a str>,
    pub theme: Option<&'a str>,
    pub activity_type: Option<&'a str>,
    pub interactive: Option<bool>,
}

impl Entries<'_> {
    /// The ledger's address.
    pub fn address(self) -> String {
        let mut pairs =
            vec![("unit", self.unit.to_owned()), ("from", self.from.to_string()), ("to", self.to.to_string())];
        for (name, value) in [("measure", self.measure), ("theme", self.theme), ("type", self.activity_type)] {
            pairs.extend(value.map(|value| (name, value.to_owned())));
        }
        pairs.extend(self.interactive.map(|yes| ("interactive", if yes { "1" } else { "0" }.to_owned())));
        if self.own {
            pairs.push(("own", "1".to_owned()));
        }
        format!("/activities?{}", serde_html_form::to_string(pairs).unwrap_or_default())
    }
}

/// The entries of a goal at a unit: of one measure, or of all that it counts.
pub fn entries<'a>(unit: &'a str, row: &'a GoalRow, measure: Option<&'a str>) -> Entries<'a> {
    Entries {
        unit,
        own: false,
        from: row.from,
        to: row.as_of,
        measure,
        theme: row.theme.as_deref(),
        activity_type: row.activity_type.as_deref(),
        interactive: row.interactive,
    }
}

/// Where a goal's figure at a unit comes from.
pub fn behind(unit: &str, row: &GoalRow) -> String {
    match (row.kind, row.measures.as_slice()) {
        (Kind::Sum, [measure]) => entries(unit, row, Some(measure)).address(),
        (Kind::Sum, []) if !row.of_campaigns => entries(unit, row, None).address(),
        _ => page(unit, &row.indicator, &row.plan, row.as_of),
    }
}

/// The page that lists what an indicator's figure is made of.
pub fn page(unit: &str, indicator: &str, plan: &str, as_of: Day) -> String {
    let pairs = [("unit", unit.to_owned()), ("plan", plan.to_owned()), ("as_of", as_of.to_string())];
    format!("/goals/{indicator}?{}", serde_html_form::to_string(pairs).unwrap_or_default())
}

/// Where a year's figure of a series comes from.
pub fn of_year(unit: &Unit, series: &Series, row: &YearRow) -> Option<String> {
    let key = row.indicator.as_ref()?;
    if let (Kind::Sum, [measure]) = (series.kind, row.measures.as_slice()) {
        let entries = Entries {
            unit: &unit.code,
            own: false,
            from: row.from,
            to: row.to,
            measure: Some(measure),
            theme: row.theme.as_deref(),
            activity_type: row.activity_type.as_deref(),
            interactive: row.interactive,
        };
        return Some(entries.address());
    }
    // Only what has a target has a page of its own.
    row.target?;
    Some(page(&unit.code, key, row.plan.as_deref()?, row.to))
}
