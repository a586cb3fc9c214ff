//! The first page's frame: filters, the three questions in order, and what to do first where nothing is logged yet.

use super::{
    action::{self, Home, Place},
    county, cover, goals, many, matrix, months, next, parts, years,
};
use crate::{
    domain::unit::UnitKind,
    figure::action::Covered,
    live::view::{Live, LiveLine},
    server::context::Ctx,
    ui::{
        field::Select,
        page::{Page, page},
    },
};
use leptos::prelude::*;

pub use super::screen_page::screen;

/// `/?unit=&year=&theme=`
pub fn home() -> impl IntoView {
    page(|ctx| async move {
        let home = action::home(&ctx).await?;
        let title = ctx.locale.dash_title(&home.unit.short_name, home.year);
        let body = body(&ctx, &home);
        Ok(Page::new("/", title, body))
    })
}

/// A page about the same unit, year and theme.
pub(super) fn address(path: &str, home: &Home) -> String {
    let year = home.year.to_string();
    let mut pairs = vec![("unit", home.unit.code.as_str()), ("year", year.as_str())];
    pairs.extend(home.theme_key().map(|theme| ("theme", theme)));
    format!("{path}?{}", serde_html_form::to_string(pairs).unwrap_or_default())
}

fn body(ctx: &Ctx, home: &Home) -> AnyView {
    let parts = match &home.place {
        Place::Village(rows) => village(ctx, home, rows),
        Place::Town(rows) => {
            let gaps = cover::coverage(ctx, home, rows).into_any();
            office(ctx, home, gaps, None)
        }
        Place::County(towns) => {
            let gaps = county::coverage(ctx, home, towns).into_any();
            office(ctx, home, gaps, Some(county::towns(ctx, home, towns).into_any()))
        }
    };
    view! {
        {filters(ctx, home)}
        <Live unit=home.unit.code.clone()>{parts}</Live>
    }
    .into_any()
}

/// A town's or a county's page: three questions in order, and what was done. `table` is what needs the whole width.
fn office(ctx: &Ctx, home: &Home, gaps: AnyView, table: Option<AnyView>) -> AnyView {
    let locale = ctx.locale;
    let first = home.is_empty.then(|| first_steps(ctx, home));
    let today = (action::is_officer(ctx) && home.manages).then(|| next::today(ctx, home));
    let done = home.has_figures().then(|| {
        view! {
            <section>
                <h2>{locale.dash_figures(&home.unit.short_name, home.year)}</h2>
                {parts::figures(ctx, home)}
                <div class="two">{months::months(ctx, home)} {parts::themes(ctx, home)}</div>
                <div class="beside">{matrix::matrix(ctx, home)} {years::years(ctx, home)}</div>
                {many::many(ctx, home)}
            </section>
        }
    });
    view! {
        {first} {today}
        <section>
            <h2>{locale.dash_how_far()}</h2>
            {goals::goals(ctx, home)}
        </section>
        <div class="beside">{gaps} <div>{next::next(ctx, home)} {next::recent(ctx, home)}</div></div>
        {table} {done}
    }
    .into_any()
}

/// A village's own page: what was done, what is still to do, its year.
fn village(ctx: &Ctx, home: &Home, rows: &[Covered]) -> AnyView {
    let locale = ctx.locale;
    let code = &home.unit.code;
    let first = home.is_empty.then(|| first_steps(ctx, home));
    let paper = format!("/statement?unit={code}&year={}", home.year);
    let log = home
        .logs
        .then(|| view! { <a class="button primary" href=format!("/log?unit={code}")>{locale.log_activity()}</a> });
    let done = (!home.months.is_empty()).then(|| {
        view! {
            <section>
                <h2>{locale.dash_done_here()}</h2>
                {parts::figures(ctx, home)}
            </section>
        }
    });
    let year = home.has_figures().then(|| {
        view! {
            <div class="two">{months::months(ctx, home)} {parts::themes(ctx, home)}</div>
            {years::years(ctx, home)}
        }
    });
    view! {
        {first}
        <p class="toolbar">{log} <a class="button" href=paper>{locale.dash_whole_year_paper()}</a></p>
        {done}
        <section>
            <h2>{locale.dash_due_here()}</h2>
            {goals::goals(ctx, home)}
            {next::planned(ctx, home)}
        </section>
        <section>
            <h2>{locale.dash_our_year()}</h2>
            {cover::coverage(ctx, home, rows)}
            {year}
        </section>
        {next::recent(ctx, home)}
    }
    .into_any()
}

fn filters(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let depth = |path: &str| path.matches('/').count();
    let top = home.units.iter().map(|unit| depth(&unit.path)).min().unwrap_or_default();
    let mut sorted: Vec<_> = home.units.iter().collect();
    // Each unit below the one it belongs to, siblings by code, schools after villages.
    let code_of = |id: &i64| {
        let unit = home.units.iter().find(|unit| unit.id == *id)?;
        Some((unit.kind == UnitKind::School, unit.code.as_str()))
    };
    sorted.sort_by_cached_key(|unit| unit.ancestry().iter().filter_map(code_of).collect::<Vec<_>>());
    let units = sorted
        .into_iter()
        .map(|unit| {
            let indent = "\u{3000}".repeat(depth(&unit.path) - top);
            (unit.code.clone(), format!("{indent}{}", unit.short_name))
        })
        .collect();
    let years = home.years.iter().map(|year| (year.to_string(), locale.dash_year(year))).collect();
    let mut themes = vec![(String::new(), locale.dash_all_themes().to_owned())];
    themes.extend(
        home.catalogue
            .themes
            .iter()
            .filter(|theme| !theme.retired)
            .map(|theme| (theme.key.clone(), locale.name(&theme.name, theme.name_en.as_deref()).to_owned())),
    );
    let theme = home.theme_key().unwrap_or_default().to_owned();
    let screen = (!matches!(home.place, Place::Village(_)))
        .then(|| view! { <a href=address("/screen", home)>{locale.screen_link()}</a> });
    view! {
        <form method="get" action="/" class="filters">
            {(home.units.len() > 1).then(|| view! {
                <Select name="unit" label=locale.dash_unit() options=units value=home.unit.code.clone()/>
            })}
            <Select name="year" label=locale.dash_filter_year() options=years value=home.year.to_string()/>
            <Select name="theme" label=locale.dash_theme() options=themes value=theme/>
            <button type="submit">{locale.show()}</button>
            {screen}
            <LiveLine/>
        </form>
    }
}

/// What to do first, by who reads.
fn first_steps(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let code = &home.unit.code;
    let steps: Vec<(String, &'static str)> = match (home.manages, home.logs) {
        (true, _) => vec![
            ("/units".into(), locale.dash_step_units()),
            (format!("/goals?unit={code}"), locale.dash_step_goals()),
            (format!("/campaigns/new?unit={code}"), locale.dash_step_campaign()),
            (format!("/log?unit={code}"), locale.dash_step_log()),
        ],
        (false, true) => vec![(format!("/log?unit={code}"), locale.dash_step_log())],
        (false, false) => Vec::new(),
    };
    let (title, text) = match home.logs {
        true => (locale.dash_nothing_yet(), locale.dash_begin()),
        false => (locale.dash_nothing_yet(), locale.dash_nothing_to_read()),
    };
    let last = steps.len().saturating_sub(1);
    view! {
        <section class="empty">
            <h2>{title}</h2>
            <p>{text}</p>
            {(!steps.is_empty()).then(|| view! {
                <ol>
                    {steps.into_iter().enumerate().map(|(index, (address, text))| {
                        let class = (index == last).then_some("button primary");
                        view! { <li><a href=address class=class>{text}</a></li> }
                    }).collect_view()}
                </ol>
            })}
        </section>
    }
}

/// The forms of these pages: none is posted.
pub fn forms() -> axum::Router<crate::server::state::AppState> {
    axum::Router::new()
}
