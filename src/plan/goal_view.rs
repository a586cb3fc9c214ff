//! One target on the goals page: where it stands, what it is made of, which units lack what.

use super::{
    action::{GoalRow, UnitRow},
    link,
    view::manages,
    words,
};
use crate::{
    domain::{goal::Status, indicator::Kind, unit::Unit},
    locale::Locale,
    server::context::Ctx,
    ui::table::{Head, Table},
};
use leptos::prelude::*;

/// Where a card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Alone,
    /// Among others under a heading, which may already say its basis.
    Group {
        with_basis: bool,
    },
}

/// One target: where it stands in words, the figures behind it, and which units lack what.
pub fn card(ctx: &Ctx, unit: &Unit, row: GoalRow, place: Place) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let row = row.as_own(&unit.code);
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
    let expected = (!row.shared).then(|| words::whole(&row, row.expected));
    let forecast = words::forecast(locale, &row).filter(|_| row.days_left > 0);
    let needed = words::per_month(locale, &row);
    let pace = row.pace.clone();
    let address = link::behind(&unit.code, &row);
    let parts = part_links(unit, &row);
    let precision = precision_words(locale, &row);
    let enrolled = (row.kind == Kind::Ratio && row.measures.is_empty() && row.actual.is_some())
        .then(|| locale.goal_enrolled_as_of(row.as_of));
    let with_basis = place != Place::Group { with_basis: false };
    let basis = with_basis.then(|| {
        let basis = if row.basis.is_empty() { locale.none().to_owned() } else { row.basis.clone() };
        view! { <dt>{locale.goal_basis()}</dt><dd>{basis} " · " {row.target_unit_name.clone()}</dd> }
    });
    let heading = view! { {row.name.clone()} " " <span class=class>{status}</span> };
    let heading = match place {
        Place::Alone => view! { <h2>{heading}</h2> }.into_any(),
        Place::Group { .. } => view! { <h3>{heading}</h3> }.into_any(),
    };
    // What is reached is said by its tag.
    let to_do = (row.status != Status::Reached).then(|| view! { <p class="todo">{row.words.clone()}{needed}</p> });
    let units = unit_table(locale, &row);
    let layers = layers(locale, &row);
    let enter = enter_link(ctx, unit, &row);
    view! {
        <article class="card goal" id=id>
            {heading}
            {to_do}
            <p>
                <strong class="figure">
                    <a href=address>{actual}</a>
                    {fraction.map(|fraction| view! { " " <small>{fraction}</small> })}
                </strong>
            </p>
            {bar}
            {parts}
            {precision.map(|text| view! { <p class="hint">{text}</p> })}
            {enrolled.map(|text| view! { <p class="hint">{text}</p> })}
            <dl class="meta">
                <dt>{locale.goal_target()}</dt><dd>{target}</dd>
                {basis}
                {expected.map(|expected| view! {
                    <dt>{locale.goal_expected(row.as_of)}</dt>
                    <dd>{expected} " " <small class="muted">{pace}</small></dd>
                })}
                {forecast.map(|forecast| view! { <dt>{locale.goal_forecast()}</dt><dd>{forecast}</dd> })}
            </dl>
            {layers}
            {enter}
            {units}
        </article>
    }
}

/// What each level asks, where more than one does: the strictest is named, and the others are seen.
fn layers(locale: Locale, row: &GoalRow) -> Option<impl IntoView + use<>> {
    if row.layers.len() < 2 {
        return None;
    }
    let lines = row
        .layers
        .iter()
        .map(|layer| {
            let text = locale.goal_layer(&layer.basis, &layer.name, words::value(row, layer.value));
            let holds = layer.holds.then(|| view! { <strong>{locale.goal_layer_holds()}</strong> });
            view! { <li>{text}{holds}</li> }
        })
        .collect_view();
    Some(view! { <details><summary>{locale.goal_layers()}</summary><ul class="plain">{lines}</ul></details> })
}

/// 目标 in words: 每个单位至少4次 / 100%（每个至少3）/ 7,000份.
fn target_words(locale: Locale, row: &GoalRow) -> String {
    let value = words::value(row, row.target);
    match (row.kind, row.needed) {
        _ if row.own => value,
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

/// Where what is entered as of a day, and never logged, is seen and entered.
fn entry_address(unit: &str, row: &GoalRow) -> Option<String> {
    match row.kind {
        Kind::Stock => Some(format!("/stocks?unit={unit}&measure={}", row.measures.first()?)),
        Kind::Survey => Some(format!("/surveys?unit={unit}&indicator={}", row.indicator)),
        Kind::Milestone => Some(format!("/milestones?unit={unit}&indicator={}", row.indicator)),
        Kind::Sum | Kind::Frequency | Kind::Coverage | Kind::Ratio => None,
    }
}

/// Leads whoever may do it to the form that enters the figure.
fn enter_link(ctx: &Ctx, unit: &Unit, row: &GoalRow) -> Option<impl IntoView + use<>> {
    let address = entry_address(&unit.code, row).filter(|_| manages(ctx))?;
    let text = match row.kind {
        Kind::Survey => ctx.locale.survey_enter(),
        Kind::Milestone => ctx.locale.milestone_enter(),
        _ => ctx.locale.stock_enter(),
    };
    Some(view! { <p><a class="button" href=address>{text}</a></p> })
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
            let address = link::entries(&unit.code, row, Some(&part.measure)).address();
            let figure = words::with_word(part.total as f64, &row.unit_word);
            view! { <li>{part.name.clone()} " " <a href=address>{figure}</a></li> }
        })
        .collect_view();
    Some(view! { <ul class="parts">{links}</ul> })
}

/// Which units lack what; grouped by need, within it by code, never ranked.
fn unit_table(locale: Locale, row: &GoalRow) -> Option<impl IntoView + use<>> {
    if row.own || row.units.is_empty() || (row.units.len() == 1 && row.kind == Kind::Frequency) {
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
            (measure, _) => {
                link::Entries { own: true, ..link::entries(&unit.unit, row, measure.map(String::as_str)) }.address()
            }
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
    let mut heads = vec![
        Head::Text(locale.goals_unit()),
        Head::Number(locale.goal_done()),
        Head::Number(locale.goal_required()),
        Head::Number(locale.goal_still_missing()),
    ];
    heads.extend(has_lost.then(|| Head::Number(locale.goal_not_to_be_made_up())));
    Some(view! {
        <details>
            <summary>{summary}</summary>
            <Table caption heads>{rows}</Table>
        </details>
    })
}
