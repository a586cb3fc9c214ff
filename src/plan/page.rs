//! The goals page: how far every target is, and which units lack what.

use super::{
    action::{self, GoalRow, UnitRow},
    store, words,
};
use crate::{
    domain::{
        access::Role,
        goal::Status,
        indicator::Kind,
        period::{Day, Period},
        target::Plan,
        unit::Unit,
    },
    error::Result,
    locale::Locale,
    server::{context::Ctx, form::form, state::AppState},
    ui::page::{Page, page},
    unit,
};
use chrono::Datelike;
use leptos::prelude::*;

pub use super::{
    indicator_page::indicators,
    plan_page::{plan, plans},
    stock_page::stocks,
};

/// The forms of these pages.
pub fn forms() -> axum::Router<AppState> {
    axum::Router::new()
        .route("/plans", form(super::plan_page::post_plans))
        .route("/plans/{key}", form(super::plan_page::post_plan))
        .route("/indicators", form(super::indicator_page::post_indicators))
        .route("/stocks", form(super::stock_page::post_stocks))
}

/// A drop-down list of a filter: it shows the address's value and nothing of a refused form.
pub fn filter_select(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: String,
) -> impl IntoView + use<> {
    let id = format!("filter-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                {options.into_iter().map(|(key, text)| {
                    let selected = key == chosen;
                    view! { <option value=key selected=selected>{text}</option> }
                }).collect_view()}
            </select>
        </div>
    }
}

/// The units that may be chosen, set in by their depth.
pub fn unit_options(units: &[Unit]) -> Vec<(String, String)> {
    let depth = |unit: &Unit| unit.path.matches('/').count();
    let top = units.iter().map(depth).min().unwrap_or_default();
    let mut sorted: Vec<&Unit> = units.iter().collect();
    sorted.sort_by_key(|unit| unit.ancestry());
    sorted
        .into_iter()
        .map(|unit| (unit.code.clone(), format!("{}{}", "　".repeat(depth(unit) - top), unit.short_name)))
        .collect()
}

/// Whether the reader is offered the forms of these pages; the actions decide what is allowed.
pub fn manages(ctx: &Ctx) -> bool {
    ctx.someone.as_deref().is_some_and(|actor| actor.is_any(&[Role::Admin, Role::Officer]))
}

/// The page's neighbours.
pub fn neighbours(ctx: &Ctx, unit: &Unit) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let code = unit.code.clone();
    view! {
        <nav class="toolbar" aria-label=locale.goals_related()>
            <a href=format!("/goals?unit={code}")>{locale.nav_goals()}</a>
            <a href="/plans">{locale.plans_title()}</a>
            <a href="/indicators">{locale.indicators_title()}</a>
            <a href=format!("/stocks?unit={code}")>{locale.stocks_title()}</a>
        </nav>
    }
}

/// `/goals?unit=&plan=&year=&as_of=`
pub fn goals() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let plans = store::plans(&mut conn, &unit, false).await?;
        drop(conn);
        let asked = ctx.query.filled("as_of").and_then(|day| day.parse().ok());
        let year = ctx.query.filled("year").and_then(|year| year.parse::<i32>().ok());
        let plan_key = ctx.query.filled("plan");
        let as_of = asked.or_else(|| Some(day_of_year(year?, ctx.today)));
        let found = action::look(&ctx, &unit, plan_key, as_of).await?;
        let title = locale.goals_title(&unit.short_name);
        let filters = filters(&ctx, &unit, &units, &plans, found.plan.as_ref(), found.as_of);
        let body = match &found.plan {
            None => view! { <p class="empty">{locale.goals_no_plan()}</p> }.into_any(),
            Some(plan) if found.rows.is_empty() => {
                let address = format!("/plans/{}?unit={}", plan.key, unit.code);
                view! {
                    <div class="empty">
                        <p>{locale.goals_none(locale.name(&plan.name, plan.name_en.as_deref()))}</p>
                        {manages(&ctx).then(|| view! { <a class="button primary" href=address>{locale.target_set()}</a> })}
                    </div>
                }
                .into_any()
            }
            Some(plan) => list(&ctx, &unit, plan, found.as_of, found.rows).into_any(),
        };
        let related = neighbours(&ctx, &unit);
        Ok(Page::new("/goals", title, view! { {filters} {body} {related} }))
    })
}

/// The day a year is looked at: today, or its last day when it is over, or its first when it has not begun.
fn day_of_year(year: i32, today: Day) -> Day {
    let period = Period::year(year);
    today.clamp(period.from, period.to)
}

fn filters(
    ctx: &Ctx,
    unit: &Unit,
    units: &[Unit],
    plans: &[Plan],
    plan: Option<&Plan>,
    as_of: Day,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let plan_options: Vec<(String, String)> = plans
        .iter()
        .map(|plan| (plan.key.clone(), locale.name(&plan.name, plan.name_en.as_deref()).to_owned()))
        .collect();
    let years: Vec<(String, String)> = match plan {
        Some(plan) => plan.years().map(|year| (year.to_string(), year.to_string())).collect(),
        None => Vec::new(),
    };
    let key = plan.map(|plan| plan.key.clone()).unwrap_or_default();
    view! {
        <form method="get" class="filters">
            {filter_select("unit", locale.goals_unit(), unit_options(units), unit.code.clone())}
            {filter_select("plan", locale.goals_plan(), plan_options, key)}
            {(!years.is_empty()).then(|| filter_select("year", locale.goals_year(), years, as_of.year().to_string()))}
            <button class="button">{locale.show()}</button>
        </form>
    }
}

fn list(ctx: &Ctx, unit: &Unit, plan: &Plan, as_of: Day, rows: Vec<GoalRow>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let plan_name = locale.name(&plan.name, plan.name_en.as_deref()).to_owned();
    // What is asked below the level above, and has nobody here to ask, is no goal of this unit.
    let rows = rows.into_iter().filter(|row| !(row.inherited && row.status == Status::NoData && row.units.is_empty()));
    let (shared, own): (Vec<GoalRow>, Vec<GoalRow>) = rows.partition(|row| row.shared);
    let reached = own.iter().filter(|row| row.status == Status::Reached).count();
    let summary = locale.goals_summary(as_of, plan_name, reached, own.len());
    let cards = |rows: Vec<GoalRow>| rows.into_iter().map(|row| card(locale, unit, row)).collect_view();
    let own = (!own.is_empty()).then(|| view! { <section class="cards goals">{cards(own)}</section> });
    let shared = (!shared.is_empty()).then(|| {
        view! {
            <details class="shared">
                <summary>{locale.goals_shared(shared.len())}</summary>
                <p class="hint">{locale.goals_shared_hint()}</p>
                <div class="cards goals">{cards(shared)}</div>
            </details>
        }
    });
    view! { <p class="lead">{summary}</p> {own} {shared} }
}

/// One target: where it stands in words, the figures behind it, and which units lack what.
fn card(locale: Locale, unit: &Unit, row: GoalRow) -> impl IntoView + use<> {
    let (status, class) = words::status(locale, row.status);
    let id = format!("goal-{}-{}", row.indicator, row.to);
    let actual = match row.actual {
        Some(actual) => words::value(&row, actual),
        None => "—".into(),
    };
    let fraction = match (row.kind, row.numerator, row.denominator) {
        (Kind::Coverage | Kind::Stock | Kind::Ratio, Some(part), Some(whole)) => Some(format!("{part}/{whole}")),
        _ => None,
    };
    let bar = row.progress.map(|progress| {
        let shown = format!("{:.4}", progress.clamp(0.0, 1.0));
        let label = locale.goal_progress_label(&row.name, words::percent(progress));
        view! { <progress class="bar" max="1" value=shown aria-label=label></progress> }
    });
    let target = target_words(locale, &row);
    let expected = words::value(&row, row.expected);
    let forecast = row.forecast.map(|forecast| words::value(&row, forecast));
    let link = ledger_link(unit, &row);
    let parts = part_links(unit, &row);
    let precision = precision_words(locale, &row);
    let enrolled = (row.kind == Kind::Ratio && row.measures.is_empty() && row.actual.is_some())
        .then(|| locale.goal_enrolled_as_of(row.as_of));
    let basis = if row.basis.is_empty() { locale.none().to_owned() } else { row.basis.clone() };
    let units = unit_table(locale, &row);
    view! {
        <article class="card goal" id=id>
            <h2>{row.name.clone()} " " <span class=class>{status}</span></h2>
            <p>
                <strong class="figure">
                    {match link {
                        Some(address) => view! { <a href=address>{actual}</a> }.into_any(),
                        None => view! { <span>{actual}</span> }.into_any(),
                    }}
                    {fraction.map(|fraction| view! { " " <small>{fraction}</small> })}
                </strong>
            </p>
            {bar}
            <p class="todo">{row.words.clone()}</p>
            {parts}
            {precision.map(|text| view! { <p class="hint">{text}</p> })}
            {enrolled.map(|text| view! { <p class="hint">{text}</p> })}
            <dl class="meta">
                <dt>{locale.goal_target()}</dt><dd>{target}</dd>
                <dt>{locale.goal_basis()}</dt><dd>{basis} " · " {row.target_unit_name.clone()}</dd>
                <dt>{locale.goal_expected()}</dt><dd>{expected}</dd>
                {forecast.map(|forecast| view! { <dt>{locale.goal_forecast()}</dt><dd>{forecast}</dd> })}
            </dl>
            {units}
        </article>
    }
}

/// 目标 in words: 每个单位至少4次 / 100%（每个至少3）/ 7,000份.
fn target_words(locale: Locale, row: &GoalRow) -> String {
    let value = words::value(row, row.target);
    match (row.kind, row.needed) {
        (Kind::Coverage | Kind::Stock, Some(needed)) => locale.goal_target_share(needed, value),
        (Kind::Frequency, _) if row.denominator.is_some_and(|whole| whole as f64 > row.target) => {
            locale.goal_target_each(value)
        }
        _ => value,
    }
}

fn precision_words(locale: Locale, row: &GoalRow) -> Option<String> {
    let (at_least, estimate) = (row.at_least.unwrap_or(0), row.estimate.unwrap_or(0));
    (at_least + estimate > 0).then(|| {
        locale.goal_precision(
            words::number(at_least as f64),
            words::number(estimate as f64),
            words::number(row.exact.unwrap_or(0) as f64),
        )
    })
}

/// Where the activities behind the figure are listed, or the stocks; nothing for what is not logged.
fn ledger_link(unit: &Unit, row: &GoalRow) -> Option<String> {
    match row.kind {
        Kind::Sum if row.measures.len() > 1 => None,
        Kind::Sum if row.measures.is_empty() => Some(format!("/campaigns?unit={}", unit.code)),
        Kind::Stock => Some(format!("/stocks?unit={}&measure={}", unit.code, row.measures.first()?)),
        Kind::Sum | Kind::Frequency | Kind::Coverage => {
            Some(ledger_address(&unit.code, row, Some(row.measures.first()?)))
        }
        Kind::Ratio | Kind::Survey | Kind::Milestone => None,
    }
}

/// The ledger of a unit with what counts for a goal: up to the day whose figures are in.
fn ledger_address(unit: &str, row: &GoalRow, measure: Option<&str>) -> String {
    let mut pairs = vec![("unit", unit.to_owned()), ("from", row.from.to_string()), ("to", row.as_of.to_string())];
    pairs.extend(measure.map(|measure| ("measure", measure.to_owned())));
    pairs.extend(row.theme.clone().map(|theme| ("theme", theme)));
    format!("/activities?{}", serde_html_form::to_string(pairs).unwrap_or_default())
}

/// Of a sum over two measures each one's own figure, with the activities behind it.
fn part_links(unit: &Unit, row: &GoalRow) -> Option<impl IntoView + use<>> {
    if row.parts.len() < 2 {
        return None;
    }
    let links = row
        .parts
        .iter()
        .map(|part| {
            let address = ledger_address(&unit.code, row, Some(&part.measure));
            let figure = words::with_word(part.total as f64, &row.unit_word);
            view! { <li>{part.name.clone()} " " <a href=address>{figure}</a></li> }
        })
        .collect_view();
    Some(view! { <ul class="parts">{links}</ul> })
}

/// Which units lack what; grouped by need, within it by code, never ranked.
fn unit_table(locale: Locale, row: &GoalRow) -> Option<impl IntoView + use<>> {
    if row.units.is_empty() || (row.units.len() == 1 && row.kind == Kind::Frequency) {
        return None;
    }
    let lacking = row.units.iter().filter(|unit| unit.missing > 0).count();
    let summary = if lacking == 0 {
        locale.goal_units_all(row.units.len())
    } else {
        locale.goal_units_lacking(lacking, row.units.len())
    };
    let has_lost = row.units.iter().any(|unit| unit.irrecoverable > 0);
    let line = |unit: UnitRow| {
        let address = match (row.measures.first(), row.kind) {
            (Some(measure), Kind::Stock) => format!("/stocks?unit={}&measure={measure}", unit.unit),
            (measure, _) => ledger_address(&unit.unit, row, measure.map(String::as_str)),
        };
        let done = match unit.done {
            Some(done) => words::number(done as f64),
            None => locale.goal_not_entered().to_owned(),
        };
        let missing = if unit.missing == 0 { "—".to_owned() } else { words::number(unit.missing as f64) };
        let lost = if unit.irrecoverable == 0 { "—".to_owned() } else { words::number(unit.irrecoverable as f64) };
        view! {
            <tr>
                <th scope="row"><a href=address>{unit.name}</a></th>
                <td class="num">{done}</td>
                <td class="num">{words::number(unit.required as f64)}</td>
                <td class="num">{missing}</td>
                {has_lost.then(|| view! { <td class="num">{lost}</td> })}
            </tr>
        }
    };
    let rows = row.units.clone().into_iter().map(line).collect_view();
    let caption = row.name.clone();
    Some(view! {
        <details>
            <summary>{summary}</summary>
            <div class="scroll">
                <table class="table">
                    <caption>{caption}</caption>
                    <thead><tr>
                        <th scope="col">{locale.goals_unit()}</th>
                        <th scope="col" class="num">{locale.goal_done()}</th>
                        <th scope="col" class="num">{locale.goal_required()}</th>
                        <th scope="col" class="num">{locale.goal_still_missing()}</th>
                        {has_lost.then(|| view! { <th scope="col" class="num">{locale.goal_not_to_be_made_up()}</th> })}
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    })
}

/// A unit by the code in the address or a form, within the reader's scope.
pub async fn chosen_unit(ctx: &Ctx, code: Option<&str>) -> Result<Unit> {
    let mut conn = ctx.db.read().await?;
    action::read_unit(ctx, &mut conn, code).await
}
