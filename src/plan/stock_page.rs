//! Stocks: how many there are at each unit as of a day, and what was entered before.

use super::{
    action,
    entry_action::{self, StockLine},
    entry_store::{self, Held},
    store,
    view::{filter_select, manages, neighbours, unit_options},
};
use crate::{
    catalogue,
    domain::{
        indicator::{Indicator, Kind},
        measure::Measure,
        period::Day,
        problem::Problems as Faults,
        roster::Kind as Roster,
        unit::{Unit, UnitKind},
    },
    error::Result,
    locale::Locale,
    roster::{split::Split, stock_store},
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, NamedField, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Former entries shown below the form.
const HISTORY: i64 = 50;

/// `/stocks?unit=&measure=`
pub fn stocks() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        let measures: Vec<&Measure> =
            catalogue.measures.iter().filter(|measure| measure.is_stock && !measure.retired).collect();
        let asked = ctx.query.filled("measure");
        let measure = asked
            .and_then(|key| measures.iter().find(|measure| measure.key == key))
            .or_else(|| measures.iter().find(|measure| measure.key == "law_literate"))
            .or_else(|| measures.first())
            .copied();
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let options: Vec<(String, String)> = measures
            .iter()
            .map(|measure| (measure.key.clone(), locale.name(&measure.name, measure.name_en.as_deref()).to_owned()))
            .collect();
        let key = measure.map(|measure| measure.key.clone()).unwrap_or_default();
        let filter = view! {
            <form method="get" class="filters">
                {filter_select("unit", locale.goals_unit(), unit_options(&units), unit.code.clone())}
                {filter_select("measure", locale.stock_measure(), options, key)}
                <button class="button">{locale.show()}</button>
            </form>
        };
        let body = match measure {
            None => view! { <p class="empty">{locale.stocks_no_measure()}</p> }.into_any(),
            Some(measure) => {
                let indicators = store::indicators(&mut conn, &unit, false).await?;
                let below = unit::store::at_and_below(&mut conn, &unit).await?;
                let now = entry_store::stocks_held(&mut conn, &unit, ctx.today)
                    .await?
                    .remove(&measure.id)
                    .unwrap_or_default();
                let history = entry_store::stock_history(&mut conn, &unit, Some(measure.id), 0, HISTORY).await?;
                let asked = asked_units(&below, measure, &indicators, ctx.today);
                let begins = match Roster::from_key(&measure.key) {
                    Some(kind) => stock_store::begins(&mut conn, &unit, kind, ctx.today).await?,
                    None => BTreeMap::new(),
                };
                let entry = entry(&ctx, measure, (&unit, &asked), &now, &begins);
                let history = history_table(&ctx, measure, &below, history);
                view! { {entry} {history} }.into_any()
            }
        };
        drop(conn);
        let related = neighbours(&ctx, &unit);
        Ok(Page::new("/goals", locale.stocks_title(), view! { <Problems/> {filter} {body} {related} }))
    })
}

/// The units for which a stock is entered: of the kinds that indicators ask, else all but towns and counties.
fn asked_units(units: &[Unit], measure: &Measure, indicators: &[Indicator], day: Day) -> Vec<Unit> {
    let kinds: Vec<UnitKind> = indicators
        .iter()
        .filter(|one| one.kind == Kind::Stock && one.measure_id == Some(measure.id))
        .filter_map(|one| one.unit_kind)
        .collect();
    let fits = |unit: &Unit| match kinds.is_empty() {
        true => !matches!(unit.kind, UnitKind::County | UnitKind::Town),
        false => kinds.iter().any(|kind| unit.kind.answers_to(*kind)),
    };
    units.iter().filter(|unit| unit.is_active(day) && fits(unit)).cloned().collect()
}

fn entry(
    ctx: &Ctx,
    measure: &Measure,
    (root, units): (&Unit, &[Unit]),
    now: &BTreeMap<i64, Held>,
    begins: &BTreeMap<i64, Day>,
) -> AnyView {
    let locale = ctx.locale;
    if units.is_empty() {
        return view! { <p class="empty">{locale.stocks_no_unit()}</p> }.into_any();
    }
    let word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
    let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
    let sum: i64 = units.iter().filter_map(|unit| now.get(&unit.id)).map(|held| held.value).sum();
    let entered = units.iter().filter(|unit| now.contains_key(&unit.id)).count();
    let summary =
        locale.stocks_summary(ctx.today, entered, &name, super::words::number(sum as f64), units.len(), &word);
    let today = ctx.today.to_string();
    let key = measure.key.clone();
    let rule = measure.counting_rule.clone();
    let by_roster = now.values().any(|held| held.from_roster);
    // Where both make the sum, how much each.
    let split = Roster::from_key(&measure.key).filter(|_| by_roster).and_then(|kind| {
        let split = Split::of(units.iter().filter_map(|unit| now.get(&unit.id).copied()));
        split.view(locale, kind, &root.code, ctx.today)
    });
    let all_by_roster = units.iter().all(|unit| now.get(&unit.id).is_some_and(|held| held.from_roster));
    if !manages(ctx) {
        let rows = units
            .iter()
            .map(|unit| {
                let held = now.get(&unit.id);
                let value = held.map(|held| held.value.to_string()).unwrap_or_else(|| locale.goal_not_entered().into());
                let from = held.filter(|held| held.from_roster).map(|_| roster_tag(locale, measure, unit, begins));
                view! { <tr><th scope="row">{unit.short_name.clone()}" "{from}</th><td class="num">{value}</td></tr> }
            })
            .collect_view();
        let heads = vec![Head::Text(locale.goals_unit()), Head::Number(locale.stock_now())];
        return view! {
            <p class="lead">{summary}</p>
            {split}
            <Table caption=name heads>{rows}</Table>
        }
        .into_any();
    }
    let fields = units
        .iter()
        .map(|unit| {
            let hint = match now.get(&unit.id) {
                // What a roster tells is not asked again.
                Some(held) if held.from_roster => {
                    return view! {
                        <div class="field">
                            <p><strong>{unit.short_name.clone()}</strong></p>
                            <p class="figure">{format!("{} ", held.value)}<small>{word.clone()}</small></p>
                            <p>{roster_tag(locale, measure, unit, begins)}</p>
                        </div>
                    }
                    .into_any();
                }
                Some(held) => locale.stock_now_is(held.value, &word),
                None => locale.goal_not_entered().to_owned(),
            };
            view! {
                <NamedField name=format!("value.{}", unit.code) label=unit.short_name.clone() kind="number" min="0"
                    hint=hint unit_word=word.clone()/>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <p class="lead">{summary}</p>
        {split}
        <Form>
            <input type="hidden" name="measure" value=key/>
            {(!rule.is_empty()).then(|| view! { <p class="hint">{rule}</p> })}
            {(!all_by_roster).then(|| view! {
                <Field name="as_of" label=locale.stock_as_of() kind="date" value=today.clone() max=today
                    hint=locale.stock_as_of_hint() required=true/>
            })}
            <div class="grid stock">{fields}</div>
            {by_roster.then(|| view! { <p class="hint">{locale.roster_stock_hint()}</p> })}
            {(!all_by_roster).then(|| view! {
                <p class="hint">{locale.stock_empty_hint()}</p>
                <div class="savebar"><button class="button primary">{locale.stock_save()}</button></div>
            })}
        </Form>
    }
    .into_any()
}

/// Where a figure comes from that nobody typed.
fn roster_tag(locale: Locale, measure: &Measure, unit: &Unit, begins: &BTreeMap<i64, Day>) -> impl IntoView + use<> {
    let address = format!("/rosters/{}?unit={}", measure.key, unit.code);
    let said = match begins.get(&unit.id) {
        Some(day) => locale.roster_from_roster_since(*day),
        None => locale.roster_from_roster().to_owned(),
    };
    view! { <a class="tag" href=address>{said}</a> }
}

fn history_table(
    ctx: &Ctx,
    measure: &Measure,
    units: &[Unit],
    history: Vec<entry_store::Stock>,
) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    if history.is_empty() {
        return None;
    }
    let name = locale.name(&measure.name, measure.name_en.as_deref());
    let caption = locale.stock_history(name);
    let rows = history
        .into_iter()
        .map(|stock| {
            let unit = units.iter().find(|unit| unit.id == stock.unit_id);
            let unit = unit.map(|unit| unit.short_name.clone()).unwrap_or_default();
            let entered = crate::server::clock::day_of(stock.entered_at).to_string();
            view! {
                <tr>
                    <td>{stock.as_of.to_string()}</td>
                    <th scope="row">{unit}</th>
                    <td class="num">{stock.value}</td>
                    <td>{stock.entered_by}</td>
                    <td>{entered}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.stock_as_of()),
        Head::Text(locale.goals_unit()),
        Head::Number(locale.stock_value()),
        Head::Text(locale.stock_entered_by()),
        Head::Text(locale.stock_entered_on()),
    ];
    Some(view! {
        <Table caption heads>{rows}</Table>
    })
}

/// POST `/stocks`: every filled field is one unit's stock.
pub async fn post_stocks(ctx: Ctx, form: FormData) -> Result<Done> {
    let mut problems = Faults::default();
    let as_of = form.optional("as_of", &mut problems, ctx.locale.plan_day_wanted());
    let lines: Vec<StockLine> = form
        .with_prefix("value.")
        .filter(|(_, value)| !value.is_empty())
        .map(|(code, value)| StockLine {
            unit: code.to_owned(),
            unit_field: "as_of",
            value_field: format!("value.{code}"),
            value: value.parse().ok(),
        })
        .collect();
    problems.into_result(())?;
    if lines.is_empty() {
        return Err(crate::error::Error::invalid("", ctx.locale.stock_nothing_filled()));
    }
    let measure = form.get("measure");
    entry_action::put_stocks(&ctx, measure, as_of, &lines).await?;
    let query = FormData::parse(&ctx.query.with("measure", Some(measure))).with("", None);
    Ok(Done::to(format!("/stocks?{query}")).say(ctx.locale.stock_saved(lines.len())))
}
