//! `pufa check`: what the rosters come to on a day is what their entries say one by one, and no entry is astray.

use super::{stock_store, store};
use crate::{
    domain::{
        access::Scope,
        period::Day,
        roster::{Kind, crowded},
    },
    error::Result,
    plan::entry_store,
    server::db::Db,
    unit,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    pub entries: usize,
    /// In words; empty when all is well.
    pub faults: Vec<String>,
}

/// Counts again, entry by entry, on every day on which a stock changes, the last [`DAYS`] of them.
///
/// # Errors
/// The database does not answer.
pub async fn check(db: &Db) -> Result<Findings> {
    /// Each day is a statement.
    const DAYS: usize = 60;
    let mut conn = db.read().await?;
    let entries = store::all(&mut conn).await?;
    let units = unit::store::all(&mut conn, &Scope::everything()).await?;
    let catalogue = crate::catalogue::store::everything(&mut conn).await?;
    let mut faults = Vec::new();
    for entry in &entries {
        let unit = units.iter().find(|unit| unit.id == entry.unit_id);
        if unit.is_none_or(|unit| !entry.kind.suits(unit.kind)) {
            faults.push(format!("the roster entry {} stands at a unit of another kind", entry.id));
        }
        if entry.erased_at.is_some() && !(entry.name.is_empty() && entry.certificate.is_empty()) {
            faults.push(format!("the roster entry {} was erased and bears a name", entry.id));
        }
        if entry.kind == Kind::VicePrincipal && !entry.name.is_empty() && entry.withdrawn_at.is_none() {
            let own = |other: &&store::Entry| {
                other.kind == entry.kind
                    && other.id != entry.id
                    && other.withdrawn_at.is_none()
                    && (other.name.as_str(), other.body.as_str()) == (entry.name.as_str(), entry.body.as_str())
                    && other.unit_path.split('/').nth(1) == entry.unit_path.split('/').nth(1)
            };
            let others: Vec<_> = entries.iter().filter(own).map(|other| (other.unit_id, other.term())).collect();
            if !crowded(entry.unit_id, entry.term(), &others).is_empty() {
                faults
                    .push(format!("the vice principal of roster entry {} serves too many schools at a time", entry.id));
            }
        }
    }
    let mut days: BTreeSet<Day> = BTreeSet::new();
    for entry in entries.iter().filter(|entry| entry.withdrawn_at.is_none()) {
        days.insert(entry.from_day);
        days.extend(entry.left_day);
        days.extend(entry.to_day.and_then(|day| day.succ_opt()));
    }
    for day in days.into_iter().rev().take(DAYS) {
        let mut expected: BTreeMap<(Kind, i64), i64> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.withdrawn_at.is_none() && entry.from_day <= day) {
            *expected.entry((entry.kind, entry.unit_id)).or_default() += i64::from(entry.holds_on(day));
        }
        for root in units.iter().filter(|unit| unit.parent_id.is_none()) {
            let counted = stock_store::counts(&mut conn, root, day).await?;
            let held = entry_store::stocks_held(&mut conn, root, day).await?;
            let own = |unit_id: i64| units.iter().any(|unit| unit.id == unit_id && unit.path.starts_with(&root.path));
            for ((kind, unit_id), count) in expected.iter().filter(|((_, unit_id), _)| own(*unit_id)) {
                let told = counted.get(&(*kind, *unit_id)) == Some(count);
                let measure = catalogue.measures.iter().find(|one| one.unit_id.is_none() && one.key == kind.key());
                let stock = measure.and_then(|one| held.get(&one.id)?.get(unit_id)).map(|held| held.value);
                if !told || (kind.is_stock() && stock != Some(*count)) {
                    faults.push(format!("the roster {kind} of unit {unit_id} does not come to {count} on {day}"));
                }
            }
        }
    }
    Ok(Findings { entries: entries.len(), faults })
}
