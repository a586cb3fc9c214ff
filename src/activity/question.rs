//! What an author is asked about an entry: plausible figures are stored without a word, others with a question.

use super::{
    fact_store::{self, Counts},
    store::{self, Entry},
};
use crate::{
    campaign::figures::always,
    domain::{
        activity::{Checked, spread},
        catalogue::Catalogue,
        material::Stock,
        measure::Measure,
        unit::Unit,
    },
    error::Result,
    figure::{self, Filter},
    locale::Locale,
    material,
    server::{context::Ctx, db::Conn},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a correction answers by itself where it is not asked again. Whether a day has many entries, only one that moves to
/// another day asks; what else is asked of an entry (of its pictures) figures do not answer.
pub(super) const SETTLED: [&str; 5] = ["households", "population", "fetched", "visits", "twice"];

/// A village's leaflets above this many a household are asked about.
const LEAFLETS_PER_HOUSEHOLD: i64 = 5;
/// A day with this many entries, or visits, at one unit is asked about.
pub(super) const MANY: usize = 30;

/// Plausibility: what is asked of the author and never refused. (question, its words)
/// `former`: the entry that is corrected.
pub(super) async fn asked(
    conn: &mut Conn,
    ctx: &Ctx,
    unit: &Unit,
    checked: &Checked,
    catalogue: &Catalogue,
    former: Option<&Entry>,
) -> Result<Vec<(&'static str, String)>> {
    let locale = ctx.locale;
    let mut asked = of_figures(locale, unit, checked, catalogue);
    if let Some((name, fetched)) = over_fetched(conn, unit, checked, catalogue, former).await? {
        let measure = locale.name(&name.name, name.name_en.as_deref());
        let word = locale.name(&name.unit_word, name.unit_word_en.as_deref());
        asked.push(("fetched", locale.activity_ask_fetched(fetched.fetched, fetched.handed_out, measure, word)));
    }
    // No more than what answers these questions: a ledger read in by machine may hold thousands a day.
    let mut same_day = store::on_day(conn, unit.id, checked.day, MANY + 1).await?;
    same_day.retain(|(id, _)| *id != checked.id);
    // A correction that leaves the day alone makes it no fuller.
    let has_moved = former.is_none_or(|former| former.draft.date != checked.day || former.unit_id != unit.id);
    if has_moved && same_day.len() + 1 >= MANY {
        asked.push(("many", locale.activity_ask_many(MANY)));
    }
    let counts = fact_store::counts_of(conn, same_day.iter().map(|(id, _)| *id).collect()).await?;
    if let Some(visits) = visits_of_day(checked, catalogue, &counts).filter(|visits| *visits >= MANY as i64) {
        asked.push(("visits", locale.activity_ask_visits(&unit.short_name, visits)));
    }
    let mut alike = same_day.iter().filter(|(_, kind)| *kind == checked.type_id).filter_map(|(id, _)| counts.get(id));
    if alike.any(|counts| *counts == sorted_counts(checked)) {
        asked.push(("twice", locale.activity_ask_twice().to_owned()));
    }
    asked.dedup_by_key(|(question, _)| *question);
    Ok(asked)
}

/// What is asked of an entry's figures alone, by the households and people of its unit.
pub(super) fn of_figures(
    locale: Locale,
    unit: &Unit,
    checked: &Checked,
    catalogue: &Catalogue,
) -> Vec<(&'static str, String)> {
    let mut asked = Vec::new();
    for quantity in &checked.quantities {
        let key = catalogue.measure_by_id(quantity.measure_id).map_or("", |measure| measure.key.as_str());
        let value = quantity.value;
        let households = |most: i64| unit.households.filter(|n| *n > 0 && value > n.saturating_mul(most));
        match key {
            "leaflet" | "booklet" | "gift" => {
                if let Some(households) = households(LEAFLETS_PER_HOUSEHOLD) {
                    asked.push(("households", locale.activity_ask_households(households, &unit.short_name, value)));
                }
            }
            "household_visit" => {
                if let Some(households) = households(1) {
                    asked.push(("households", locale.activity_ask_households(households, &unit.short_name, value)));
                }
            }
            "attendance" | "consultation" => {
                if let Some(population) = unit.population.filter(|n| *n > 0 && value > *n) {
                    asked.push(("population", locale.activity_ask_population(population, &unit.short_name, value)));
                }
            }
            _ => {}
        }
    }
    asked.dedup_by_key(|(question, _)| *question);
    asked
}

/// How many visits the day of an entry has with it, where it has any. Of an entry over several days one day's share counts.
pub(super) fn visits_of_day(checked: &Checked, catalogue: &Catalogue, others: &BTreeMap<Uuid, Counts>) -> Option<i64> {
    let visit = catalogue.measure("village_visit")?.id;
    let days = checked.day_to.map_or(1, |to| (to - checked.day).num_days() + 1);
    let mut own = checked.quantities.iter().filter(|one| one.measure_id == visit).peekable();
    own.peek()?;
    let own: i64 = own.map(|one| spread(one.value, days, 0, 0)).sum();
    let theirs = others.values().flatten().filter(|(measure, ..)| *measure == visit);
    Some(theirs.fold(own, |sum, (_, _, value)| sum.saturating_add(*value)))
}

pub(super) fn sorted_counts(checked: &Checked) -> Vec<(i64, String, i64)> {
    let mut counts: Vec<_> = checked
        .quantities
        .iter()
        .map(|quantity| (quantity.measure_id, quantity.precision.key().to_owned(), quantity.value))
        .collect();
    counts.sort();
    counts
}

/// The first measure of which a campaign's village would have handed out more than it fetched, with the figures as they
/// will stand.
async fn over_fetched<'a>(
    conn: &mut Conn,
    unit: &Unit,
    checked: &Checked,
    catalogue: &'a Catalogue,
    former: Option<&Entry>,
) -> Result<Option<(&'a Measure, Stock)>> {
    if checked.campaign_ids.is_empty() || checked.quantities.is_empty() {
        return Ok(None);
    }
    for fetched in material::store::fetched_at(conn, unit.id, &checked.campaign_ids).await? {
        let value = |measure: i64| checked.quantities.iter().find(|one| one.measure_id == measure).map(|one| one.value);
        let (Some(more), Some(measure)) = (value(fetched.measure_id), catalogue.measure_by_id(fetched.measure_id))
        else {
            continue;
        };
        let filter = Filter { measure: Some(fetched.measure_id), ..Filter::of_campaign(fetched.campaign_id) };
        let totals = figure::store::total_by_measure(conn, unit, always(), &filter).await?;
        let logged = totals.get(&fetched.measure_id).copied().unwrap_or_default().total();
        // What the corrected entry had is among what was logged.
        let former = former
            .filter(|former| former.draft.unit == unit.code && former.draft.campaigns.contains(&fetched.campaign));
        let of_former =
            |former: &Entry| former.draft.quantities.iter().find(|one| one.measure == measure.key).map(|one| one.value);
        let handed_out = logged - former.and_then(of_former).unwrap_or_default();
        let stock = Stock { fetched: fetched.quantity, handed_out };
        if stock.is_asked_about(more) {
            return Ok(Some((measure, Stock { handed_out: handed_out.saturating_add(more), ..stock })));
        }
    }
    Ok(None)
}
