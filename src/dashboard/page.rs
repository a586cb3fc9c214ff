//! The first page's frame: filters, the three questions in order, and what to do first where nothing is logged yet.

use super::{
    action::{self, Home, Place},
    county, cover, goals, months, next, parts,
};
use crate::{
    domain::unit::UnitKind,
    server::context::Ctx,
    ui::{
        field::Select,
        page::{Page, page},
    },
};
use leptos::prelude::*;

/// `/?unit=&year=&theme=`
pub fn home() -> impl IntoView {
    page(|ctx| async move {
        let home = action::home(&ctx).await?;
        let title = ctx.locale.dash_title(&home.unit.short_name, home.year);
        let body = body(&ctx, &home);
        Ok(Page::new("/", title, body))
    })
}

fn body(ctx: &Ctx, home: &Home) -> AnyView {
    let locale = ctx.locale;
    let filters = filters(ctx, home);
    let first = home.is_empty.then(|| first_steps(ctx, home));
    let today = (action::is_officer(ctx) && !matches!(home.place, Place::County(_))).then(|| next::today(ctx, home));
    let log = (home.logs && matches!(home.place, Place::Village(_))).then(|| {
        view! { <p><a class="button primary" href=format!("/log?unit={}", home.unit.code)>{locale.log_activity()}</a></p> }
    });
    let reached = view! {
        <section>
            <h2>{locale.dash_how_far()}</h2>
            {goals::goals(ctx, home)}
        </section>
    };
    let gaps = match &home.place {
        Place::County(towns) => county::towns(ctx, home, towns).into_any(),
        Place::Town(rows) | Place::Village(rows) => cover::coverage(ctx, home, rows).into_any(),
    };
    let is_county = matches!(home.place, Place::County(_));
    let next = next::next(ctx, home);
    let recent = next::recent(ctx, home);
    let done = (!home.months.is_empty()).then(|| {
        view! {
            <section>
                <h2>{locale.dash_figures(&home.unit.short_name, home.year)}</h2>
                {parts::figures(ctx, home)}
                <div class="two">{months::months(ctx, home)} {parts::themes(ctx, home)}</div>
            </section>
        }
    });
    // A county's table of towns needs the width; a town's grid leaves room for what comes next.
    let class = if is_county { "stack" } else { "beside" };
    view! {
        {filters} {first} {today} {log} {reached}
        <div class=class>{gaps} <div>{next} {recent}</div></div>
        {done}
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
    view! {
        <form method="get" action="/" class="filters">
            {(home.units.len() > 1).then(|| view! {
                <Select name="unit" label=locale.dash_unit() options=units value=home.unit.code.clone()/>
            })}
            <Select name="year" label=locale.dash_filter_year() options=years value=home.year.to_string()/>
            <Select name="theme" label=locale.dash_theme() options=themes value=theme/>
            <button type="submit">{locale.show()}</button>
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
