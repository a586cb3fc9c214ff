//! The ledger's page: the activities behind any figure, newest first.

use super::{
    filter::{self, Asked, NONE},
    sums,
    words::{days_text, figures_text, status_text, themes_text, type_text},
};
use crate::{
    activity::store::{self, Entry},
    campaign::{self, store::Outline},
    domain::{activity::Status, period::is_near, unit::Unit},
    figure,
    server::{context::Ctx, cursor, state::AppState},
    ui::{
        field::{Field, Select},
        page::{Page, page},
    },
    unit,
};
use axum::{Router, routing::get};
use leptos::prelude::*;

/// How many entries a page shows.
const SHOWN: usize = 50;

/// What is not a page but an address of its own: the export.
pub fn forms() -> Router<AppState> {
    Router::new().route("/activities.csv", get(super::csv::export))
}

/// What the filters offer.
struct Offered {
    units: Vec<Unit>,
    campaigns: Vec<Outline>,
    years: Vec<i32>,
}

/// The activities of a unit and all below it.
pub fn ledger() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let scope = ctx.scope()?;
        let mut conn = ctx.db.read().await?;
        let asked = filter::read(&ctx, &mut conn).await?;
        let after = cursor::read(ctx.query.filled("cursor"), locale)?.filter(|(day, _)| is_near(*day));
        let mut entries = store::page(&mut conn, &asked.unit, &asked.filter, after, SHOWN as i64 + 1).await?;
        let more = entries.len() > SHOWN;
        entries.truncate(SHOWN);
        let count = store::count(&mut conn, &asked.unit, &asked.filter).await?;
        let totals = sums::totals(&mut conn, &asked).await?;
        let figure = sums::figure_behind(&mut conn, &asked).await?;
        let offered = Offered {
            units: unit::store::all(&mut conn, &scope).await?,
            campaigns: campaign::store::outlines(&mut conn, &scope, &Default::default(), campaign::store::PAGE_LIMIT)
                .await?,
            years: figure::store::years(&mut conn, &asked.unit).await?,
        };
        drop(conn);
        let may_log = ctx.actor()?.may_log(&asked.unit);
        let next = entries.last().filter(|_| more).map(|last| {
            let cursor = cursor::write(last.draft.date, last.draft.id);
            format!("/activities?{}", ctx.query.with("cursor", Some(&cursor)))
        });
        let first = after.map(|_| format!("/activities?{}", ctx.query.with("cursor", None)));
        let export = format!("/activities.csv?{}", ctx.query.with("cursor", None));
        let found = count > 0;
        let count_text = if count == 1 { locale.ledger_count_one().into() } else { locale.ledger_count(count) };
        let log_address = format!("/log?unit={}", asked.unit.code);
        let import = format!("/import?unit={}", asked.unit.code);
        let list = if entries.is_empty() { empty(&ctx, &asked, may_log) } else { table(&ctx, &asked, entries) };
        let title = locale.ledger_title(&asked.unit.short_name);
        let body = view! {
            {filters(&ctx, &asked, offered)}
            {sums::behind(locale, &asked, figure, &totals)}
            {found.then(|| view! {
                <div class="toolbar">
                    <p class="count">{count_text}</p>
                    {may_log.then(|| view! { <a class="button" href=log_address>{locale.log_activity()}</a> })}
                    <a class="button" href=export>{locale.ledger_csv()}</a>
                    {may_log.then(|| view! { <a class="button" href=import.clone()>{locale.import_title()}</a> })}
                </div>
            })}
            {sums::list(locale, &asked, &totals)}
            {list}
            {(first.is_some() || next.is_some()).then(|| view! {
                <nav class="pages" aria-label=locale.ledger_next()>
                    {first.map(|address| view! { <a class="button" href=address>{locale.ledger_first()}</a> })}
                    {next.map(|address| view! {
                        <a class="button" rel="next" href=address>{locale.ledger_next()}</a>
                    })}
                </nav>
            })}
        };
        Ok(Page::new("/activities", title, body))
    })
}

fn empty(ctx: &Ctx, asked: &Asked, may_log: bool) -> AnyView {
    let locale = ctx.locale;
    let narrowed = asked.is_narrowed();
    let text = if narrowed { locale.ledger_empty_filtered() } else { locale.ledger_empty() };
    let code = asked.unit.code.clone();
    let clear = narrowed
        .then(|| view! { <a class="button" href=format!("/activities?unit={code}")>{locale.ledger_clear()}</a> });
    let log = format!("/log?unit={}", asked.unit.code);
    let import = format!("/import?unit={}", asked.unit.code);
    view! {
        <div class="empty">
            <p>{text}</p>
            <p>
                {may_log.then(|| view! {
                    <a class="button primary" href=log>{locale.log_activity()}</a>" "
                    <a class="button" href=import>{locale.import_title()}</a>
                })}
                {clear}
            </p>
        </div>
    }
    .into_any()
}

/// The filters: a form that works without script; what is seldom asked is folded away unless it is in use.
fn filters(ctx: &Ctx, asked: &Asked, offered: Offered) -> impl IntoView {
    let locale = ctx.locale;
    let query = &ctx.query;
    let catalogue = &asked.catalogue;
    let ancestry = asked.unit.ancestry();
    // What holds for the unit, and what is chosen.
    let holds = |owner: Option<i64>, key: &str, field: &str| {
        owner.is_none_or(|id| ancestry.contains(&id)) || query.get(field) == key
    };
    let any = || vec![(String::new(), locale.all().to_owned())];
    let name = |zh: &str, en: Option<&str>| locale.name(zh, en).to_owned();
    let units: Vec<(String, String)> = offered.units.into_iter().map(|unit| (unit.code, unit.short_name)).collect();
    let mut years = any();
    years.extend(offered.years.iter().rev().map(|year| (year.to_string(), year.to_string())));
    let year = query.get("year").to_owned();
    if !year.is_empty() && !years.iter().any(|(own, _)| *own == year) {
        years.push((year.clone(), year.clone()));
    }
    let mut measures = any();
    let own = catalogue.measures.iter().filter(|one| !one.is_stock && holds(one.unit_id, &one.key, "measure"));
    measures.extend(own.map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref()))));
    let mut themes = any();
    let own = catalogue.themes.iter().filter(|one| holds(one.unit_id, &one.key, "theme"));
    themes.extend(own.map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref()))));
    themes.push((NONE.into(), locale.ledger_without_theme().into()));
    let mut types = any();
    let own = catalogue.types.iter().filter(|one| holds(one.unit_id, &one.key, "type"));
    types.extend(own.map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref()))));
    let mut campaigns = any();
    campaigns.extend(offered.campaigns.into_iter().rev().map(|one| (one.key, one.title)));
    campaigns.push((NONE.into(), locale.ledger_without_campaign().into()));
    let mut statuses = vec![(String::new(), locale.ledger_status_counting().to_owned())];
    statuses.extend(Status::ALL.iter().map(|one| (one.key().to_owned(), status_text(locale, *one).to_owned())));
    let value = |field: &str| query.get(field).to_owned();
    let seldom = ["from", "to", "campaign", "type", "status"];
    let open = asked.filter.own || asked.filter.late || seldom.iter().any(|field| query.filled(field).is_some());
    let clear = format!("/activities?unit={}", asked.unit.code);
    view! {
        <form method="get" action="/activities" class="filters">
            <Select name="unit" label=locale.ledger_unit() options=units value=asked.unit.code.clone()/>
            <Select name="year" label=locale.ledger_year() options=years value=year/>
            <Select name="measure" label=locale.ledger_measure() options=measures value=value("measure")/>
            <Select name="theme" label=locale.ledger_theme() options=themes value=value("theme")/>
            <Field name="q" label=locale.ledger_text() kind="search" value=value("q")/>
            <details open=open>
                <summary>{locale.ledger_more_filters()}</summary>
                <Field name="from" label=locale.ledger_from() kind="date" value=value("from")/>
                <Field name="to" label=locale.ledger_to() kind="date" value=value("to")/>
                <Select name="campaign" label=locale.ledger_campaign() options=campaigns value=value("campaign")/>
                <Select name="type" label=locale.ledger_type() options=types value=value("type")/>
                <Select name="status" label=locale.ledger_status() options=statuses value=value("status")/>
                <p class="check">
                    <input type="checkbox" id="f-own" name="own" value="1" checked=asked.filter.own/>
                    <label for="f-own">{locale.ledger_own()}</label>
                </p>
                <p class="check">
                    <input type="checkbox" id="f-late" name="late" value="1" checked=asked.filter.late/>
                    <label for="f-late">{locale.ledger_only_late()}</label>
                </p>
            </details>
            <button type="submit">{locale.show()}</button>
            {asked.is_narrowed().then(|| view! { <a href=clear>{locale.ledger_clear()}</a> })}
        </form>
    }
}

fn table(ctx: &Ctx, asked: &Asked, entries: Vec<Entry>) -> AnyView {
    let locale = ctx.locale;
    let rows = entries.iter().map(|entry| row(ctx, asked, entry)).collect_view();
    view! {
        <div class="scroll">
            <table class="table ledger">
                <caption>{locale.ledger_caption()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{locale.ledger_date()}</th>
                        <th scope="col">{locale.ledger_unit()}</th>
                        <th scope="col">{locale.ledger_type()}</th>
                        <th scope="col">{locale.ledger_figures()}</th>
                        <th scope="col">{locale.ledger_theme()}</th>
                        <th scope="col" class="num">{locale.ledger_campaigns()}</th>
                        <th scope="col">{locale.ledger_entered_by()}</th>
                        <th scope="col">{locale.ledger_marks()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(ctx: &Ctx, asked: &Asked, entry: &Entry) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let catalogue = &asked.catalogue;
    let status = match entry.status {
        Status::Withdrawn => Some("tag bad"),
        Status::Returned => Some("tag warn"),
        Status::Accepted => Some("tag good"),
        Status::Submitted => None,
    }
    .map(|class| view! { <span class=class>{status_text(locale, entry.status)}</span> });
    let late = entry.late.then(|| view! { <span class="tag quiet">{locale.ledger_late()}</span>" " });
    view! {
        <tr class:withdrawn=entry.status == Status::Withdrawn>
            <th scope="row" data-label=locale.ledger_date()>
                <a href=format!("/activities/{}", entry.draft.id)>{days_text(locale, entry)}</a>
            </th>
            <td data-label=locale.ledger_unit()>{entry.unit_name.clone()}</td>
            <td data-label=locale.ledger_type()>{type_text(locale, catalogue, entry)}</td>
            <td data-label=locale.ledger_figures()>{figures_text(locale, catalogue, entry)}</td>
            <td data-label=locale.ledger_theme()>{themes_text(locale, catalogue, entry)}</td>
            <td data-label=locale.ledger_campaigns() class="num">{entry.draft.campaigns.len()}</td>
            <td data-label=locale.ledger_entered_by()>{entry.entered_by_name.clone()}</td>
            <td data-label=locale.ledger_marks()>{late}{status}</td>
        </tr>
    }
}
