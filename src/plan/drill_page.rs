//! What a goal's figure is made of: units with their values, days and who entered them, classes, campaigns; each a way to the
//! records, and the sum of what is listed is the figure.

use super::{
    action,
    drill_store::{self, Dated},
    entry_store::{self, Held, Stock},
    goal_view::{Place, card},
    goals::GoalRow,
    link, store,
    view::{neighbours, unit_filter},
    words,
};
use crate::{
    catalogue::{self, rule},
    domain::{
        access::Scope,
        catalogue::Catalogue,
        indicator::{Indicator, Kind},
        period::{Day, Period},
        roster::Kind as Roster,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    roster::stock_store,
    server::{clock, context::Ctx, db::Conn},
    ui::{
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::BTreeMap;

/// `/goals/:indicator?unit=&plan=&as_of=`
pub fn goal() -> impl IntoView {
    let key = use_params_map().get_untracked().get("indicator").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        drop(conn);
        let as_of = ctx.query.filled("as_of").and_then(|day| day.parse().ok());
        let found = action::look(&ctx, &unit, ctx.query.filled("plan"), as_of).await?;
        let rows: Vec<GoalRow> = found.rows.into_iter().filter(|row| row.indicator == key).collect();
        let Some(first) = rows.first() else { return Err(Error::NotFound) };
        let title = locale.drill_title(&first.name, &unit.short_name);
        let mut conn = ctx.db.read().await?;
        let indicators = store::indicators(&mut conn, &unit, true).await?;
        let indicator = indicators.into_iter().find(|one| one.key == key).ok_or(Error::NotFound)?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        let mut parts = Vec::new();
        for row in rows {
            let rules = rules(locale, &mut conn, &catalogue, &indicator, &row).await?;
            let made_of = made_of(&ctx, &mut conn, &unit, &catalogue, &indicator, &row).await?;
            let row = row.as_own(&unit.code);
            let shown = row.actual.map(|actual| words::value(&row, actual)).unwrap_or_default();
            // What the unit itself lacks, in the words of what each unit is asked for.
            let own = row.units.iter().find(|own| own.unit == unit.code).map(|own| own.missing as f64);
            let missing = words::number(own.unwrap_or(row.missing));
            let card = card(&ctx, &unit, row, Place::Alone);
            parts.push(view! { <section class="drill" data-figure=shown data-missing=missing>{card}{rules}{made_of}</section> });
        }
        drop(conn);
        let indicator_page = format!("/indicators/{key}?unit={}", unit.code);
        let body = view! {
            {unit_filter(&ctx, &units, &unit)}
            {parts}
            <p><a class="button" href=indicator_page>{locale.drill_indicator()}</a></p>
            {neighbours(&ctx, &unit)}
        };
        Ok(Page::new("/goals", title, body))
    })
}

/// The counting rules of what is counted, as they held in the period.
async fn rules(
    locale: Locale,
    conn: &mut Conn,
    catalogue: &Catalogue,
    indicator: &Indicator,
    row: &GoalRow,
) -> Result<AnyView> {
    let ids = [indicator.measure_id, indicator.also_measure_id, indicator.numerator_id, indicator.denominator_id];
    let period = Period { from: row.from, to: row.as_of.max(row.from) };
    let mut told = Vec::new();
    for measure in ids.into_iter().flatten().filter_map(|id| catalogue.measure_by_id(id)) {
        let versions = catalogue::store::rules(conn, measure.id).await?;
        let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
        let rule = rule::told(locale, measure, &versions, period);
        told.push(view! { <dt>{locale.ledger_measure()}</dt><dd>{name}</dd>{rule} });
    }
    Ok((!told.is_empty()).then(|| view! { <dl class="meta">{told}</dl> }).into_any())
}

async fn made_of(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    catalogue: &Catalogue,
    indicator: &Indicator,
    row: &GoalRow,
) -> Result<AnyView> {
    let locale = ctx.locale;
    let Some(period) = Period::new(row.from, row.as_of) else { return Ok(().into_any()) };
    match row.kind {
        Kind::Sum if row.of_campaigns => {
            let campaigns = drill_store::campaigns(conn, unit, period, indicator.theme_id).await?;
            let lines = campaigns.into_iter().map(|one| {
                let address = format!("/campaigns/{}", one.key);
                view! {
                    <tr>
                        <th scope="row"><a href=address>{one.title}</a></th>
                        <td>{one.from_day.to_string()}</td>
                        <td>{one.unit_name}</td>
                    </tr>
                }
            });
            let heads = vec![
                Head::Text(locale.drill_campaign()),
                Head::Text(locale.plan_from()),
                Head::Text(locale.goals_unit()),
            ];
            let lines = lines.collect_view();
            Ok(view! { <Table caption=locale.drill_campaigns() heads>{lines}</Table> }.into_any())
        }
        Kind::Sum => Ok(sum_parts(locale, unit, row).into_any()),
        Kind::Frequency | Kind::Coverage => Ok(unit_parts(locale, row).into_any()),
        Kind::Stock => {
            let held = entry_store::stocks_held(conn, unit, row.as_of).await?;
            let mut stocks: Vec<StockPart> = Vec::new();
            for id in [indicator.measure_id, indicator.also_measure_id].into_iter().flatten() {
                let entered = drill_store::stocks(conn, unit, id, row.as_of).await?;
                let roster = catalogue.measure_by_id(id).and_then(|measure| Roster::from_key(&measure.key));
                let begins = match roster {
                    Some(kind) => stock_store::begins(conn, unit, kind, row.as_of).await?,
                    None => BTreeMap::new(),
                };
                stocks.extend(held.get(&id).into_iter().flatten().map(|(unit_id, held)| StockPart {
                    unit_id: *unit_id,
                    measure_id: id,
                    held: *held,
                    entered: entered.iter().find(|stock| stock.unit_id == *unit_id).cloned(),
                    begins: begins.get(unit_id).copied().filter(|_| held.from_roster),
                }));
            }
            let units = unit::store::at_and_below(conn, unit).await?;
            Ok(stock_parts(locale, catalogue, &units, row, &stocks).into_any())
        }
        Kind::Ratio if indicator.numerator_id.is_none() => {
            let classes = drill_store::classes(conn, unit, period, indicator.theme_id).await?;
            Ok(class_parts(locale, classes).into_any())
        }
        Kind::Ratio => {
            let keys = [indicator.numerator_id, indicator.denominator_id];
            let measures = keys.into_iter().flatten().filter_map(|id| catalogue.measure_by_id(id));
            let lines = measures.map(|measure| {
                let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
                let address = match measure.is_stock {
                    true => format!("/stocks?unit={}&measure={}", unit.code, measure.key),
                    false => link::entries(&unit.code, row, Some(&measure.key)).address(),
                };
                view! { <li><a href=address>{name}</a></li> }
            });
            Ok(view! { <ul class="parts">{lines.collect_view()}</ul> }.into_any())
        }
        Kind::Survey => {
            let entered = drill_store::surveys(conn, unit, indicator.id, period).await?;
            Ok(dated_parts(locale, &ctx.scope()?, row, entered).into_any())
        }
        Kind::Milestone => {
            let plan = store::plans(conn, unit, false).await?.into_iter().find(|plan| plan.key == row.plan);
            let since = plan.map_or(period.from, |plan| plan.period.from.min(period.from));
            let entered = drill_store::milestones(conn, unit, indicator.id, Period { from: since, ..period }).await?;
            Ok(dated_parts(locale, &ctx.scope()?, row, entered).into_any())
        }
    }
}

/// What each measure adds to a sum.
fn sum_parts(locale: Locale, unit: &Unit, row: &GoalRow) -> impl IntoView + use<> {
    let lines = row
        .parts
        .iter()
        .map(|part| {
            let address = link::entries(&unit.code, row, Some(&part.measure)).address();
            let figure = words::number(part.total as f64);
            view! { <tr><th scope="row">{part.name.clone()}</th><td class="num"><a href=address>{figure}</a></td></tr> }
        })
        .collect_view();
    let total = words::number(row.parts.iter().map(|part| part.total).sum::<i64>() as f64);
    let heads = vec![Head::Text(locale.ledger_measure()), Head::Number(locale.series_value())];
    view! {
        <Table caption=locale.drill_parts() heads>
            {lines}
            <tr><th scope="row">{locale.drill_total()}</th><td class="num">{total}</td></tr>
        </Table>
    }
}

/// What each unit has, with the entries behind it.
fn unit_parts(locale: Locale, row: &GoalRow) -> impl IntoView + use<> {
    let lines = row
        .units
        .iter()
        .map(|unit| {
            let done = unit.done.unwrap_or_default();
            let figure = words::number(done as f64);
            // Of two measures each has its own list.
            let measures: Vec<Option<&str>> = match row.measures.as_slice() {
                [] => vec![None],
                keys => keys.iter().map(|key| Some(key.as_str())).collect(),
            };
            let address = |measure: Option<&str>| {
                link::Entries { own: true, ..link::entries(&unit.unit, row, measure) }.address()
            };
            let figure = match measures.as_slice() {
                [one] if done > 0 => view! { <a href=address(*one)>{figure}</a> }.into_any(),
                _ => figure.into_any(),
            };
            let lists = (measures.len() > 1).then(|| {
                let links = measures.iter().map(|measure| {
                    let name = row.parts.iter().find(|part| Some(part.measure.as_str()) == *measure);
                    let name = name.map_or_else(|| measure.unwrap_or_default().to_owned(), |part| part.name.clone());
                    view! { <a href=address(*measure)>{name}</a>" " }
                });
                links.collect_view()
            });
            let missing = if unit.missing == 0 { "—".to_owned() } else { words::number(unit.missing as f64) };
            view! {
                <tr>
                    <th scope="row">{unit.name.clone()}</th>
                    <td class="num">{figure}{lists}</td>
                    <td class="num">{words::number(unit.required as f64)}</td>
                    <td class="num">{missing}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.goals_unit()),
        Head::Number(locale.goal_done()),
        Head::Number(locale.goal_required()),
        Head::Number(locale.goal_still_missing()),
    ];
    let certain = view! { <p class="hint">{locale.drill_certain()}</p> };
    view! { {certain}<Table caption=locale.drill_units() heads>{lines}</Table> }
}

/// What a unit has of a stock: counted from its roster, or as somebody typed it.
struct StockPart {
    unit_id: i64,
    measure_id: i64,
    held: Held,
    entered: Option<Stock>,
    /// Since when the roster is what counts.
    begins: Option<Day>,
}

fn stock_parts(
    locale: Locale,
    catalogue: &Catalogue,
    units: &[Unit],
    row: &GoalRow,
    stocks: &[StockPart],
) -> impl IntoView + use<> {
    let asked: Vec<&str> = row.units.iter().map(|unit| unit.unit.as_str()).collect();
    let mut total = 0;
    // In the order of the units, and only of those that are asked.
    let mut sorted: Vec<(&Unit, &StockPart)> = stocks
        .iter()
        .filter_map(|part| Some((units.iter().find(|unit| unit.id == part.unit_id)?, part)))
        .filter(|(unit, _)| asked.contains(&unit.code.as_str()))
        .collect();
    sorted.sort_by_key(|(unit, _)| unit.code.clone());
    let lines = sorted
        .into_iter()
        .map(|(unit, part)| {
            total += part.held.value;
            let key = catalogue.measure_by_id(part.measure_id).map(|one| one.key.clone()).unwrap_or_default();
            let from_roster = part.held.from_roster;
            let address = match from_roster {
                true => format!("/rosters/{key}?unit={}&as_of={}", unit.code, row.as_of),
                false => format!("/stocks?unit={}&measure={key}", unit.code),
            };
            let entered = part.entered.as_ref().filter(|_| !from_roster);
            let as_of = match (entered, part.begins) {
                (Some(stock), _) => stock.as_of.to_string(),
                (None, Some(day)) => locale.roster_from_roster_since(day),
                (None, None) => locale.roster_from_roster().to_owned(),
            };
            view! {
                <tr>
                    <th scope="row">{unit.short_name.clone()}</th>
                    <td class="num"><a href=address>{words::number(part.held.value as f64)}</a></td>
                    <td>{as_of}</td>
                    <td>{entered.map(|stock| stock.entered_by.clone())}</td>
                    <td>{entered.map(|stock| clock::day_of(stock.entered_at).to_string())}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.goals_unit()),
        Head::Number(locale.stock_value()),
        Head::Text(locale.stock_as_of()),
        Head::Text(locale.stock_entered_by()),
        Head::Text(locale.stock_entered_on()),
    ];
    let enough = row.numerator.unwrap_or_default();
    let whole = row.denominator.unwrap_or_default();
    let summary = locale.drill_stock(enough, row.needed.unwrap_or(1), words::number(total as f64), whole);
    view! {
        <p class="lead">{summary}</p>
        <Table caption=locale.drill_units() heads>{lines}</Table>
    }
}

fn class_parts(locale: Locale, classes: Vec<drill_store::ClassRow>) -> impl IntoView + use<> {
    let reached = |class: &&drill_store::ClassRow| class.activity_id.is_some();
    let part: i64 = classes.iter().filter(reached).map(|class| class.pupils).sum();
    let whole: i64 = classes.iter().map(|class| class.pupils).sum();
    let (count, all) = (classes.iter().filter(reached).count(), classes.len());
    let summary = locale.drill_classes(all, count, words::number(part as f64), words::number(whole as f64));
    let lines = classes
        .into_iter()
        .map(|class| {
            let by = match class.activity_id.zip(class.day) {
                Some((id, day)) => view! { <a href=format!("/activities/{id}")>{day.to_string()}</a> }.into_any(),
                None => view! { <span class="tag warn">{locale.drill_not_reached()}</span> }.into_any(),
            };
            view! {
                <tr>
                    <th scope="row">{class.unit_name}</th>
                    <td>{class.name}</td>
                    <td class="num">{class.pupils}</td>
                    <td>{by}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.goal_word_school_head()),
        Head::Text(locale.drill_class()),
        Head::Number(locale.drill_pupils()),
        Head::Text(locale.drill_reached_by()),
    ];
    view! { <p class="lead">{summary}</p><Table caption=locale.drill_by_class() heads>{lines}</Table> }
}

/// Surveys or milestones; who entered one is told where the reader reads the unit.
fn dated_parts(locale: Locale, scope: &Scope, row: &GoalRow, entered: Vec<Dated>) -> AnyView {
    if entered.is_empty() {
        return view! { <p class="empty">{locale.goal_nothing_entered()}</p> }.into_any();
    }
    let is_survey = row.kind == Kind::Survey;
    let lines = entered
        .into_iter()
        .map(|one| {
            let is_read = scope.contains(&one.path);
            let by = one.entered_by.filter(|_| is_read).unwrap_or_else(|| locale.none().to_owned());
            let on = one.entered_at.map(|at| clock::day_of(at).to_string()).unwrap_or_default();
            let figures = is_survey.then(|| {
                let value = one.value.map(words::percent).unwrap_or_default();
                let sample = words::number(one.sample.unwrap_or_default() as f64);
                view! { <td class="num">{value}</td><td class="num">{sample}</td> }
            });
            view! {
                <tr>
                    <th scope="row">{one.unit_name}</th>
                    <td>{one.day.to_string()}</td>
                    {figures}
                    <td>{by}</td>
                    <td>{on}</td>
                </tr>
            }
        })
        .collect_view();
    let mut heads = vec![
        Head::Text(locale.goals_unit()),
        Head::Text(if is_survey { locale.survey_date() } else { locale.milestone_date() }),
    ];
    if is_survey {
        heads.extend([Head::Number(locale.survey_value()), Head::Number(locale.survey_sample())]);
    }
    heads.extend([Head::Text(locale.stock_entered_by()), Head::Text(locale.stock_entered_on())]);
    let hint = is_survey.then(|| view! { <p class="hint">{locale.drill_latest_survey()}</p> });
    view! { {hint}<Table caption=locale.drill_entered() heads>{lines}</Table> }.into_any()
}
