//! What an author is asked about an entry: plausible figures are stored without a word, others with a question.

use super::{
    fact_store,
    store::{self, Entry},
};
use crate::{
    campaign::figures::always,
    domain::{activity::Checked, catalogue::Catalogue, material::Stock, measure::Measure, unit::Unit},
    error::Result,
    figure::{self, Filter},
    material,
    server::{context::Ctx, db::Conn},
};

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
    /// A village's leaflets above this many a household are asked about.
    const LEAFLETS_PER_HOUSEHOLD: i64 = 5;
    /// A day with this many entries at one unit is asked about.
    const MANY: usize = 30;
    let locale = ctx.locale;
    let mut asked = Vec::new();
    for quantity in &checked.quantities {
        let key = catalogue.measure_by_id(quantity.measure_id).map_or("", |measure| measure.key.as_str());
        let value = quantity.value;
        match key {
            "leaflet" | "booklet" | "gift" => {
                if let Some(households) = unit.households.filter(|n| *n > 0 && value > n * LEAFLETS_PER_HOUSEHOLD) {
                    asked.push(("households", locale.activity_ask_households(households, &unit.short_name, value)));
                }
            }
            "household_visit" => {
                if let Some(households) = unit.households.filter(|n| *n > 0 && value > *n) {
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
    if let Some((name, fetched)) = over_fetched(conn, unit, checked, catalogue, former).await? {
        let measure = locale.name(&name.name, name.name_en.as_deref());
        let word = locale.name(&name.unit_word, name.unit_word_en.as_deref());
        asked.push(("fetched", locale.activity_ask_fetched(fetched.fetched, fetched.handed_out, measure, word)));
    }
    // No more than what answers both questions: a ledger read in by machine may hold thousands a day.
    let same_day = store::on_day(conn, unit.id, checked.day, MANY).await?;
    if same_day.len() >= MANY {
        asked.push(("many", locale.activity_ask_many(MANY)));
    }
    let alike = same_day.iter().filter(|(_, kind)| *kind == checked.type_id).map(|(id, _)| *id).collect();
    if fact_store::counts_of(conn, alike).await?.contains(&sorted_counts(checked)) {
        asked.push(("twice", locale.activity_ask_twice().to_owned()));
    }
    asked.dedup_by_key(|(question, _)| *question);
    Ok(asked)
}

fn sorted_counts(checked: &Checked) -> Vec<(i64, String, i64)> {
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
