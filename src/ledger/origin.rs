//! Where a figure comes from, at the head of the ledger: its parts, the counting rule, what was counted once though it
//! stands in several places, what came in late, and what has evidence.

use super::{
    address,
    filter::Asked,
    words::{measure_text, precision_text},
};
use crate::{
    activity::{list_store::Summary, origin_store},
    catalogue::{
        rule,
        store::{self, RuleVersion},
    },
    domain::{
        measure::{Precision, Total},
        period::Period,
        wording::grouped,
    },
    error::Result,
    locale::Locale,
    server::{context::Ctx, db::Conn},
};
use leptos::prelude::*;

/// More entries than these are not gone through one by one for the head.
const MOST: i64 = 20_000;

/// What stands behind the entries shown.
pub struct Origin {
    /// The figure that other pages show: in the measure asked for, or counted in activities.
    figure: Total,
    /// How many activities that is.
    activities: i64,
    /// What the entries add up to, those over several days whole.
    sum: i64,
    /// Of the entries; `None` where they are too many.
    entries: Option<origin_store::Origin>,
    rules: Vec<RuleVersion>,
}

/// Reads it, where the question is narrower than a unit. `figure` is what figures answer to the question, where they do.
pub async fn read(conn: &mut Conn, asked: &Asked, summary: &Summary, figure: Option<Total>) -> Result<Option<Origin>> {
    if !asked.is_narrowed() || summary.count == 0 {
        return Ok(None);
    }
    let entries = match summary.count <= MOST {
        true => Some(origin_store::origin(conn, &asked.unit, &asked.filter).await?),
        false => None,
    };
    let rules = match asked.filter.measure_id {
        Some(id) => store::rules(conn, id).await?,
        None => Vec::new(),
    };
    let counted = match asked.filter.measure_id {
        Some(id) => summary.totals.get(&id).copied().unwrap_or_default(),
        None => Total { activities: summary.count, ..Total::default() },
    };
    let sum = if asked.filter.measure_id.is_some() { counted.total() } else { counted.activities };
    let activities = figure.map_or(summary.count, |figure| figure.activities);
    Ok(Some(Origin { figure: figure.unwrap_or(counted), activities, sum, entries, rules }))
}

/// The facts.
pub fn view(ctx: &Ctx, asked: &Asked, origin: &Origin) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let measure = asked.filter.measure_id.and_then(|id| asked.catalogue.measure_by_id(id));
    let total = origin.figure;
    let value = if measure.is_some() { total.total() } else { total.activities };
    let certain = if measure.is_some() { total.lower_bound() } else { total.activities };
    let word = measure.map(|measure| locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned());
    let word = word.unwrap_or_else(|| locale.ledger_origin_entries().to_owned());
    let name = measure_text(locale, measure, locale.ledger_sums()).to_owned();
    let parts = measure.map(|_| parts(ctx, total));
    let period = asked.filter.period.unwrap_or(Period { from: Period::year(1949).from, to: ctx.today });
    let rule = measure.map(|measure| rule::told(locale, measure, &origin.rules, period));
    let facts = origin.entries.map(|entries| facts(ctx, asked, entries, measure.is_some().then(|| word.clone())));
    view! {
        <details class="origin" open=true data-figure=value data-certain=certain data-entries=origin.activities
            data-sum=origin.sum>
            <summary>{locale.ledger_origin()}</summary>
            <dl class="meta">
                <dt>{name}</dt>
                <dd><strong class="num">{grouped(value)}</strong>" "{word}" "{parts}</dd>
                {rule}
                {facts}
            </dl>
        </details>
    }
}

/// The parts by precision, each a way to its entries.
fn parts(ctx: &Ctx, mut total: Total) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let sum = total.total();
    let links = Precision::ALL
        .iter()
        .filter_map(|precision| {
            let value = *total.part(*precision);
            let text = format!("{} {}", precision_text(locale, *precision), grouped(value));
            let is_all = value == sum;
            let address = address::with(&ctx.query, &[("precision", Some(precision.key()))]);
            (value > 0).then(|| match is_all {
                true => view! { <li>{text}</li> }.into_any(),
                false => view! { <li><a href=address data-part="">{text}</a></li> }.into_any(),
            })
        })
        .collect_view();
    view! { <ul class="parts">{links}</ul> }
}

fn facts(ctx: &Ctx, asked: &Asked, of: origin_store::Origin, word: Option<String>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let link = |count: i64, text: String, field: &'static str, value: &'static str| match count {
        0 => text.into_any(),
        _ => {
            let address = address::with(&ctx.query, &[(field, Some(value))]);
            view! { <a href=address>{text}</a> }.into_any()
        }
    };
    let late = match (&word, of.late) {
        (_, 0) => locale.ledger_origin_none().to_owned(),
        (Some(word), late) => locale.ledger_origin_late(late, grouped(of.late_value), word),
        (None, late) => locale.ledger_origin_late_entries(late),
    };
    let late = link(if asked.filter.late.is_some() { 0 } else { of.late }, late, "late", "1");
    let shared = link(of.campaigns, overlap(locale, of.campaigns), "shared", "1");
    let themes = (of.themes > 0).then(|| view! { "；"{locale.ledger_origin_themes(of.themes)} });
    let lacking = of.entries - of.evidenced;
    let without = (lacking > 0 && asked.filter.evidence.is_none()).then(|| {
        let address = address::with(&ctx.query, &[("evidence", Some("0"))]);
        view! { "；"<a href=address>{locale.ledger_origin_without(lacking)}</a> }
    });
    view! {
        <dt>{locale.ledger_overlap()}</dt><dd>{shared}{themes}</dd>
        <dt>{locale.ledger_late()}</dt><dd>{late}</dd>
        <dt>{locale.ledger_evidence()}</dt><dd>{locale.ledger_origin_evidence(of.entries, of.evidenced)}{without}</dd>
    }
}

fn overlap(locale: Locale, count: i64) -> String {
    if count == 0 { locale.ledger_origin_none().to_owned() } else { locale.campaign_shared(count) }
}
