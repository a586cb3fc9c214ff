//! The year's figures, and how they fall on the themes.

use super::{
    action::Home,
    link::Behind,
    months::{counted, linked},
};
use crate::{
    chart::{
        Chart, Touch,
        parts::{Part, Parts, parts as draw},
    },
    domain::{measure::Measure, wording, wording::grouped},
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;

/// From how many links on a chart whoever tabs is offered to pass it by.
const MANY: usize = 24;

/// A chart's drawings; the style sheet shows those that fit. `name` is the chart's own on its page.
pub fn plot(locale: Locale, name: &'static str, chart: &Chart) -> AnyView {
    drawn(locale, name, chart, "plot")
}

/// Small drawings, as many beside each other as there is room for.
pub fn plot_panels(locale: Locale, name: &'static str, chart: &Chart) -> AnyView {
    drawn(locale, name, chart, "plot panels")
}

fn drawn(locale: Locale, name: &'static str, chart: &Chart, class: &'static str) -> AnyView {
    let drawing = chart.drawings.concat();
    let links = drawing.matches("<a href").count() - drawing.matches("tabindex=\"-1\"").count();
    if links < MANY {
        return view! { <div class=class inner_html=drawing></div> }.into_any();
    }
    let end = format!("after-{name}");
    view! {
        <p class="skip-chart"><a href=format!("#{end}")>{locale.dash_skip_chart()}</a></p>
        <div class=class inner_html=drawing></div>
        <span id=end tabindex="-1"></span>
    }
    .into_any()
}

/// A finding that is folded on a phone, its headline saying what is in it; `live.js` unfolds it where there is room.
pub fn fold(finding: String, body: impl IntoView + 'static) -> AnyView {
    view! {
        <details class="finding brief">
            <summary><h3>{finding}</h3></summary>
            {body}
        </details>
    }
    .into_any()
}

/// 3月; 3月、5月并列; 3月、4月、6月等5个并列. Who shares a first place is named with the others.
pub fn tied(locale: Locale, names: &[String]) -> String {
    const NAMED: usize = 3;
    let few = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(locale.dash_comma());
    match names.len() {
        0 | 1 => few,
        all if all <= NAMED => locale.dash_tied(few),
        all => locale.dash_tied_many(all, few),
    }
}

/// The heads of columns of measures, each with its unit word.
pub fn measure_heads<'a>(locale: Locale, measures: impl IntoIterator<Item = &'a Measure>) -> Vec<AnyView> {
    let head = |measure: &Measure| {
        let unit_word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
        let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
        view! { <th scope="col" class="num">{name}" "<small>{unit_word}</small></th> }.into_any()
    };
    measures.into_iter().map(head).collect()
}

/// What was counted this year, each figure a link to its records.
pub fn figures(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let items = counted(home)
        .into_iter()
        .map(|(measure, total)| {
            let behind = Behind::new(&home.unit.code, home.period()).theme(home.theme_key());
            let address = behind.measure(Some(&measure.key)).address();
            let unit_word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
            let unsure = wording::unsure(total, locale).map(|words| view! { <p class="muted">{words}</p> });
            view! {
                <li class="card">
                    <h3>{locale.name(&measure.name, measure.name_en.as_deref()).to_owned()}</h3>
                    <a href=address><strong class="figure">{grouped(total.total())}<small>{unit_word.clone()}</small></strong></a>
                    {unsure}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="cards figures">{items}</ul> }
}

/// Activities by theme, in the catalogue's order; what stands in several is said and taken off below.
pub fn themes(ctx: &Ctx, home: &Home) -> Option<AnyView> {
    let locale = ctx.locale;
    let count = |id: i64| home.themes.get(&(id, 0)).map_or(0, |total| total.activities);
    let behind = Behind::new(&home.unit.code, home.period());
    let mut rows: Vec<(String, i64, Option<String>)> = home
        .catalogue
        .themes
        .iter()
        .filter(|theme| count(theme.id) > 0)
        .map(|theme| {
            let name = locale.name(&theme.name, theme.name_en.as_deref()).to_owned();
            (name, count(theme.id), Some(behind.theme(Some(&theme.key)).address()))
        })
        .collect();
    let most = rows.iter().map(|row| row.1).max();
    let fullest: Vec<String> = rows.iter().filter(|row| Some(row.1) == most).map(|row| row.0.clone()).collect();
    let is_even = fullest.len() > 1 && fullest.len() == rows.len();
    if count(0) > 0 {
        rows.push((locale.dash_no_theme().to_owned(), count(0), Some(behind.theme(Some("none")).address())));
    }
    if rows.is_empty() {
        return None;
    }
    let absent: Vec<&str> = home
        .catalogue
        .themes
        .iter()
        .filter(|theme| !theme.retired && count(theme.id) == 0)
        .map(|theme| locale.name(&theme.name, theme.name_en.as_deref()))
        .collect();
    let finding = match (most, absent.len()) {
        (None, _) => locale.dash_themes_none().to_owned(),
        (Some(count), 0) if is_even => locale.dash_themes_even(count, fullest.len()),
        (Some(count), lacking) if is_even => locale.dash_themes_even_and_lacking(count, lacking, fullest.len()),
        (Some(count), 0) => locale.dash_themes_all(count, tied(locale, &fullest)),
        (Some(count), lacking) => locale.dash_themes_finding(count, lacking, tied(locale, &fullest)),
    };
    let chart = draw(&Parts {
        label: finding.clone(),
        parts: rows
            .iter()
            .map(|(name, count, address)| Part {
                name: name.clone(),
                value: *count,
                figure: locale.dash_times(count),
                touch: Touch { title: locale.dash_theme_title(count, name), href: address.clone() },
            })
            .collect(),
    });
    let sum: i64 = rows.iter().map(|row| row.1).sum();
    // The themes are shown whatever theme is filtered for; so is their whole.
    let whole = home.theme.is_none().then(|| home.totals().get(&0).map_or(0, |total| total.activities));
    let foot = whole.map(|whole| {
        view! {
            <tr><th scope="row">{locale.dash_theme_sum()}</th><td class="num">{grouped(sum)}</td></tr>
            <tr><th scope="row">{locale.dash_theme_overlap()}</th><td class="num">{grouped(whole - sum)}</td></tr>
            <tr><th scope="row">{locale.dash_once()}</th><td class="num">{linked(whole, Some(behind.address()))}</td></tr>
        }
    });
    let body = rows
        .into_iter()
        .map(|(name, count, address)| {
            view! { <tr><th scope="row">{name}</th><td class="num">{linked(count, address)}</td></tr> }
        })
        .collect_view();
    let without = (!absent.is_empty()).then(|| {
        view! { <p class="muted">{locale.dash_themes_without(absent.join(locale.dash_comma()))}</p> }
    });
    Some(fold(
        finding,
        view! {
                <p class="muted">{locale.dash_themes_subtitle(&home.unit.short_name, home.year)}</p>
                {plot(locale, "themes", &chart)}
                {without}
                <details>
                    <summary>{locale.dash_table()}</summary>
                    <div class="scroll">
                        <table class="table">
                            <caption>{locale.dash_themes_caption()}</caption>
                            <thead>
                                <tr><th scope="col">{locale.dash_theme()}</th><th scope="col" class="num">{locale.dash_activities()}</th></tr>
                            </thead>
                            <tbody>{body}</tbody>
                            <tfoot>{foot}</tfoot>
                        </table>
                    </div>
                </details>
        },
    ))
}
