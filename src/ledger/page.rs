//! The ledger's page: the activities behind any figure, in any order, in groups or one by one.

use super::{
    address,
    columns::{self, Column, Layout, ROWS},
    condition::Titles,
    edit_view::{self, Editing},
    export_view,
    filter::{self, Asked},
    filter_view::{self, Offered},
    group_view, origin, sums,
    table_view::Table,
};
use crate::{
    activity::{
        list_store::{self, After},
        store::{self, Entry},
    },
    campaign,
    error::{Error, Result},
    figure,
    server::{
        context::{Ctx, KEPT},
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
    },
    unit,
};
use axum::{Router, http::HeaderValue, routing::get};
use leptos::prelude::*;

/// The page's forms, and what is not a page but an address of its own: the exports.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/activities", form(submit))
        .route("/activities.csv", get(super::csv::export))
        .route("/activities.xlsx", get(super::xlsx::export))
}

/// Where the page begins.
fn after(ctx: &Ctx, asked: &Asked) -> Result<Option<After>> {
    let Some(text) = ctx.query.filled("cursor") else { return Ok(None) };
    let after = After::read(text, asked.order);
    after.map(Some).ok_or_else(|| Error::invalid("cursor", ctx.locale.cursor_malformed(text)))
}

/// The activities of a unit and all below it.
pub fn ledger() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let scope = ctx.scope()?;
        let mut conn = ctx.db.read().await?;
        let asked = filter::read(&ctx, &mut conn).await?;
        if let Some(choice) = edit_view::conflict(&ctx, &mut conn, &asked.catalogue).await? {
            return Ok(Page::new("/activities", locale.conflict_title(), view! { <Problems/>{choice} }));
        }
        let layout = Layout::read(&ctx, &asked.catalogue);
        let after = after(&ctx, &asked)?;
        let summary = sums::summary(&mut conn, &asked.unit, &asked.filter).await?;
        let figure = sums::figure_behind(&mut conn, &asked).await?;
        let origin = origin::read(&mut conn, &asked, &summary, figure).await?;
        let units = unit::store::all(&mut conn, &scope).await?;
        let campaigns =
            campaign::store::outlines(&mut conn, &scope, &Default::default(), campaign::store::PAGE_LIMIT).await?;
        let titles: Titles = campaigns.iter().map(|one| (one.key.clone(), one.title.clone())).collect();
        let years = figure::store::years(&mut conn, &asked.unit).await?;
        let changeable = Table::changeable(&ctx, &units);
        let returned = match changeable.is_empty() {
            true => 0,
            false => list_store::returned(&mut conn, &asked.unit).await?,
        };
        let mut pages = None;
        let list = match asked.group {
            Some(by) if summary.count > 0 => {
                let groups = list_store::groups(&mut conn, &asked.unit, &asked.filter, by).await?;
                let by = (ctx.query.get("group"), by);
                group_view::table(&ctx, &asked, by, groups, &summary, &units, &titles)
            }
            _ => {
                let limit = layout.rows as i64 + 1;
                let order = asked.order;
                let mut entries =
                    list_store::page(&mut conn, &asked.unit, &asked.filter, order, after.as_ref(), limit).await?;
                let more = entries.len() > layout.rows;
                entries.truncate(layout.rows);
                let next = entries.last().filter(|_| more).map(|last| After::entry(last, order).write());
                pages = Some(turning(&ctx, &layout, after.is_some(), next, summary.count));
                let editing = Editing::read(&ctx);
                if let Some(editing) = editing.filter(|own| entries.iter().all(|entry| entry.draft.id != own.id)) {
                    // Another order or somebody's correction took it off this page.
                    entries.splice(0..0, store::one(&mut conn, &scope, editing.id).await.ok());
                }
                let editing = editing.filter(|own| may_edit(&entries, &changeable, own));
                let table = Table {
                    ctx: &ctx,
                    asked: &asked,
                    layout: &layout,
                    titles: &titles,
                    summary: &summary,
                    changeable: changeable.clone(),
                    editing,
                };
                match entries.is_empty() {
                    true => empty(&ctx, &asked),
                    false => table.view(&entries),
                }
            }
        };
        drop(conn);
        let offered = Offered { units, campaigns, years };
        let title = locale.ledger_title(&asked.unit.short_name);
        let body = view! {
            {filter_view::filters(&ctx, &asked, offered)}
            {filter_view::conditions(&ctx, &asked, &titles)}
            {(returned > 0).then(|| waiting(&ctx, &asked, returned))}
            {sums::behind(locale, &asked, figure, &summary)}
            {origin.map(|origin| origin::view(&ctx, &asked, &origin))}
            {(summary.count > 0).then(|| toolbar(&ctx, &asked, summary.count, summary.late))}
            {(summary.count > 0).then(|| chooser(&ctx, &asked, &layout))}
            {sums::list(&ctx, &asked, &summary)}
            {list}
            {pages}
        };
        Ok(Page::new("/activities", title, body))
    })
}

fn may_edit(entries: &[Entry], changeable: &std::collections::BTreeSet<i64>, editing: &Editing) -> bool {
    let own = entries.iter().find(|entry| entry.draft.id == editing.id);
    own.is_some_and(|entry| {
        entry.status != crate::domain::activity::Status::Withdrawn && changeable.contains(&entry.unit_id)
    })
}

/// What was returned and waits for its author.
fn waiting(ctx: &Ctx, asked: &Asked, returned: i64) -> impl IntoView + use<> {
    let address = format!("/activities?unit={}&status=returned", asked.unit.code);
    view! { <p><span class="tag warn">{ctx.locale.ledger_status_returned()}</span>" "<a href=address>{ctx.locale.ledger_returned(returned)}</a></p> }
}

fn toolbar(ctx: &Ctx, asked: &Asked, count: i64, late: Option<i64>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let may_log = ctx.someone.as_deref().is_some_and(|actor| actor.may_log(&asked.unit));
    let code = &asked.unit.code;
    let count_text = if count == 1 { locale.ledger_count_one().into() } else { locale.ledger_count(count) };
    let late = late.filter(|late| *late > 0 && asked.filter.late.is_none()).map(|late| {
        let address = address::with(&ctx.query, &[("late", Some("1"))]);
        view! { " "<a href=address>{locale.ledger_late_count(late)}</a> }
    });
    let year = ctx.query.filled("year").map_or(String::new(), |year| format!("&year={year}"));
    let statement = format!("/statement?unit={code}{year}");
    let log = format!("/log?unit={code}");
    let import = format!("/import?unit={code}");
    view! {
        <div class="toolbar">
            <p class="count">{count_text}{late}</p>
            {may_log.then(|| view! {
                <a class="button" href=log>{locale.log_activity()}</a>
                <a class="button" href=import>{locale.import_title()}</a>
            })}
            {(count > 0).then(|| export_view::links(ctx, "/activities"))}
            <a class="button" href=statement>{locale.ledger_statement()}</a>
        </div>
        {(count > 0).then(|| export_view::in_browser(ctx))}
    }
}

/// Which columns are shown: kept in the address and by this browser.
fn chooser(ctx: &Ctx, asked: &Asked, layout: &Layout) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let option = |column: &Column| (column.key().to_owned(), columns::name(locale, *column).to_owned());
    let mut options: Vec<(String, String)> = Column::ALL.iter().map(option).collect();
    let ancestry = asked.unit.ancestry();
    let own = asked
        .catalogue
        .measures
        .iter()
        .filter(|one| !one.is_stock && !one.retired && one.unit_id.is_none_or(|id| ancestry.contains(&id)));
    options.extend(own.map(|one| {
        let name = locale.name(&one.name, one.name_en.as_deref());
        (format!("m.{}", one.key), name.to_owned())
    }));
    let measures: Vec<String> = layout.measures.iter().map(|key| format!("m.{key}")).collect();
    let mut chosen: Vec<&str> = layout.columns.iter().map(|column| column.key()).collect();
    chosen.extend(measures.iter().map(String::as_str));
    let rows = ROWS
        .iter()
        .map(|rows| view! { <option value=*rows selected=*rows == layout.rows>{*rows}</option> })
        .collect_view();
    let choices = filter_view::chips("col", locale.ledger_columns_shown(), options, &chosen);
    let is_chosen = layout.chosen;
    view! {
        <details class="chooser">
            <summary>{locale.ledger_columns()}</summary>
            <Form action="columns" class="form">
                {choices}
                <div class="field">
                    <label for="q-per">{locale.ledger_rows()}</label>
                    <select id="q-per" name="per">{rows}</select>
                </div>
                <div class="toolbar">
                    <button type="submit">{locale.ledger_columns_keep()}</button>
                    {is_chosen.then(|| view! {
                        <button type="submit" class="quiet" name="usual" value="1">{locale.ledger_columns_usual()}</button>
                    })}
                </div>
            </Form>
        </details>
    }
}

/// The ways to the other pages, and how many rows one has.
fn turning(ctx: &Ctx, layout: &Layout, is_later: bool, next: Option<String>, count: i64) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let first = is_later.then(|| address::with(&ctx.query, &[]));
    let next = next.map(|cursor| address::with(&ctx.query, &[("cursor", Some(&cursor))]));
    let many = count > ROWS[0] as i64;
    let rows = many.then(|| {
        let links = ROWS
            .iter()
            .map(|rows| {
                let text = rows.to_string();
                let current = (*rows == layout.rows).then_some("true");
                let address = address::with(&ctx.query, &[("per", Some(&text))]);
                view! { <a href=address aria-current=current>{text}</a>" " }
            })
            .collect_view();
        view! { <span class="rows">{locale.ledger_rows()}" "{links}</span> }
    });
    (first.is_some() || next.is_some() || many).then(|| {
        view! {
            <nav class="pages" aria-label=locale.ledger_next()>
                {first.map(|address| view! { <a class="button" href=address>{locale.ledger_first()}</a> })}
                {next.map(|address| view! { <a class="button" rel="next" href=address>{locale.ledger_next()}</a> })}
                {rows}
            </nav>
        }
    })
}

fn empty(ctx: &Ctx, asked: &Asked) -> AnyView {
    let locale = ctx.locale;
    let may_log = ctx.someone.as_deref().is_some_and(|actor| actor.may_log(&asked.unit));
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

/// POST `/activities`: keeps the columns, or corrects the row that is edited.
async fn submit(ctx: Ctx, form: FormData) -> Result<Done> {
    ctx.actor()?;
    match form.get("do") {
        "columns" => keep(&ctx, &form).await,
        "correct" => edit_view::submit(&ctx, &form).await,
        _ => Err(Error::NotFound),
    }
}

/// How long a browser keeps the columns, in seconds: a year.
const KEPT_FOR: i64 = 365 * 24 * 60 * 60;

async fn keep(ctx: &Ctx, form: &FormData) -> Result<Done> {
    let mut conn = ctx.db.read().await?;
    let catalogue = crate::catalogue::store::everything(&mut conn).await?;
    drop(conn);
    for key in form.all("col") {
        let measure = key.strip_prefix("m.").and_then(|key| catalogue.measure(key));
        if measure.is_none() && Column::from_key(key).is_none() {
            return Err(Error::invalid("col", ctx.locale.activity_unknown(key.chars().take(40).collect::<String>())));
        }
    }
    if form.filled("per").is_some_and(|rows| rows.parse().ok().is_none_or(|rows| !ROWS.contains(&rows))) {
        return Err(Error::invalid("per", ctx.locale.ledger_rows_wrong()));
    }
    let kept = columns::kept_of(form);
    // The address says it too: it can be passed on.
    let mut to = vec![("col", None), ("per", None)];
    to.extend(kept.iter().map(|(name, value)| (name.as_str(), Some(value.as_str()))));
    let text = hex::encode(serde_html_form::to_string(&kept).unwrap_or_default());
    let age = if kept.is_empty() { 0 } else { KEPT_FOR };
    let cookie = format!("{KEPT}={text}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax");
    let cookie = HeaderValue::from_str(&cookie).map_err(Error::internal)?;
    Ok(Done::to(address::with(&ctx.query, &to)).cookie(cookie))
}
