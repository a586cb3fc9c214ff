//! A county's rosters town by town: some hundred lines are folded away behind the names of the towns.

use crate::domain::unit::{Unit, UnitKind};
use leptos::prelude::*;

/// What stands at a unit and below, by town in the order of codes; what stands in no town comes first, under the unit's own
/// name. One group where there is no town below the unit.
pub(super) fn by_town<T>(root: &Unit, units: &[Unit], all: Vec<T>, path: impl Fn(&T) -> &str) -> Vec<(String, Vec<T>)> {
    let is_below = |unit: &&Unit| unit.path != root.path && unit.path.starts_with(&root.path);
    let mut towns: Vec<&Unit> = units.iter().filter(|unit| unit.kind == UnitKind::Town).filter(is_below).collect();
    towns.sort_by(|a, b| a.code.cmp(&b.code));
    let names = std::iter::once(root).chain(towns.iter().copied());
    let mut groups: Vec<(String, Vec<T>)> = names.map(|unit| (unit.short_name.clone(), Vec::new())).collect();
    for one in all {
        let place = towns.iter().position(|town| path(&one).starts_with(&town.path)).map_or(0, |place| place + 1);
        groups[place].1.push(one);
    }
    groups.retain(|(_, all)| !all.is_empty());
    groups
}

/// A town's lines, folded away behind its name and what there is of them.
pub(super) fn folded(name: String, said: String, lines: impl IntoView) -> impl IntoView {
    view! {
        <details class="brief">
            <summary><h3>{name}" "<span class="muted">{said}</span></h3></summary>
            {lines}
        </details>
    }
}
