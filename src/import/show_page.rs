//! `/import/:id`: what would be stored and what is wrong, cell by cell; what the columns mean; storing, its progress, undoing.

use super::{
    action::{self, Mode, Preview},
    examine::{Shown, Window, place_name},
    job::{self, Stand},
    page::state,
    plan::State,
    settle_view,
    store::Import,
    words,
};
use crate::{
    activity::form::figures_in_words,
    domain::unit::Unit,
    error::{Error, Result},
    locale::Locale,
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
};
use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// Problems and rows on one page.
const SHOWN: usize = 100;
fn id_in(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}

pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = id_in(ctx.path.trim_start_matches("/import/"))?;
    action::may_import(&ctx)?;
    let locale = ctx.locale;
    let here = format!("/import/{id}");
    match form.get("do") {
        "settle" => {
            action::settle(&ctx, id, form.get("unit"), &settle_view::choices(&form, locale)?).await?;
            Ok(Done::to(here).say(locale.import_settled()))
        }
        "store" => {
            let mode = if form.get("mode") == "good" { Mode::Good } else { Mode::All };
            let mut conn = ctx.db.read().await?;
            action::one(&mut conn, &ctx, id).await?;
            drop(conn);
            let is_done = job::start(&ctx, id, mode).await?;
            let done = Done::to(here);
            Ok(if is_done { done.say(locale.import_done()) } else { done })
        }
        "drop" => {
            action::drop_waiting(&ctx, id).await?;
            Ok(Done::to("/import").say(locale.import_dropped()))
        }
        "undo" => {
            let count = action::undo(&ctx, id, form.get("reason")).await?;
            Ok(Done::to(here).say(locale.import_undone(count)))
        }
        _ => Err(Error::NotFound),
    }
}

/// `/import/:id`.
pub fn import() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let id = id_in(&id)?;
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let import = action::one(&mut conn, &ctx, id).await?;
        let units = action::units(&mut conn, &ctx).await?;
        drop(conn);
        let title = import.name.clone();
        let stand = job::stand(id).filter(|_| import.stored_at.is_none());
        let failed = match &stand {
            Some(Stand::Failed(message)) => Some(message.clone()),
            _ => None,
        };
        let body = match stand {
            Some(Stand::Running(done, total)) => running(locale, done, total),
            _ if import.stored_at.is_some() => stored(&ctx, &import),
            _ => {
                let start = |name: &str| ctx.query.get(name).parse::<usize>().unwrap_or_default().min(10_000_000);
                let (problems, rows) = (start("problems"), start("rows"));
                let window = Window { problems: problems..problems + SHOWN, rows: rows..rows + SHOWN };
                let preview = action::preview(&ctx, &import, window.clone()).await?;
                waiting(&ctx, &import, units, &preview, &window)
            }
        };
        let body = view! {
            <p><a href="/import">{locale.import_title()}</a></p>
            <Problems/>
            {failed.map(|message| view! { <div class="problems" role="alert"><p>{message}</p></div> })}
            {body}
        };
        Ok(Page::new("/activities", title, body))
    })
}

/// How far the storing is; the page looks again by itself.
fn running(locale: Locale, done: usize, total: usize) -> AnyView {
    view! {
        <Meta http_equiv="refresh" content="2"/>
        <p class="lead" role="status">{locale.import_running(done, total)}</p>
        <p><progress max=total value=done aria-label=locale.import_progress()></progress></p>
        <p class="hint">{locale.import_running_hint()}</p>
    }
    .into_any()
}

/// What an import did, and how it is undone.
fn stored(ctx: &Ctx, import: &Import) -> AnyView {
    let locale = ctx.locale;
    let (accepted, already, refused) = (import.accepted, import.already, import.refused);
    let at = import.stored_at.map(clock::minute).unwrap_or_default();
    let undone = import.undone_at.map(clock::minute);
    let undo = undone.is_none().then(|| {
        view! {
            <section>
                <h2>{locale.import_undo()}</h2>
                <p class="hint">{locale.import_undo_hint(import.entries)}</p>
                <Form action="undo">
                    <Field name="reason" label=locale.import_reason() value=locale.import_undo_reason()/>
                    <div><button type="submit">{locale.import_undo()}</button></div>
                </Form>
            </section>
        }
    });
    view! {
        <p class="lead">{locale.import_counts_stored(accepted, already, refused)}" "{state(locale, import)}</p>
        <dl class="meta">
            <dt>{locale.import_unit()}</dt><dd>{import.unit_name.clone()}</dd>
            <dt>{locale.import_entries()}</dt><dd>{import.entries}</dd>
            <dt>{locale.import_by()}</dt><dd>{import.account_name.clone()}" · "{at}</dd>
            {undone.map(|at| view! { <dt>{locale.import_state_undone()}</dt><dd>{at}</dd> })}
        </dl>
        <p><a class="button" href="/activities">{locale.import_to_ledger()}</a></p>
        {undo}
    }
    .into_any()
}

fn waiting(ctx: &Ctx, import: &Import, units: Vec<Unit>, preview: &Preview, window: &Window) -> AnyView {
    let locale = ctx.locale;
    let counts = preview.findings.counts;
    let (accepted, already, refused) = (counts.accepted, counts.already, counts.refused);
    let button = |mode: &'static str, text: String| {
        view! {
            <Form action="store">
                <input type="hidden" name="mode" value=mode/>
                <div><button class="primary" type="submit">{text}</button></div>
            </Form>
        }
    };
    let store = match (accepted, refused) {
        (0, _) => view! { <p class="empty">{locale.import_nothing_new()}</p> }.into_any(),
        (_, 0) => button("all", locale.import_store_all(accepted)).into_any(),
        _ => view! {
            <p class="hint">{locale.import_store_hint()}</p>
            {button("good", locale.import_store_good(accepted))}
        }
        .into_any(),
    };
    view! {
        <p class="lead">{locale.import_counts(accepted, already, refused)}</p>
        <div class="toolbar">
            {store}
            <Form action="drop"><div><button type="submit">{locale.import_drop()}</button></div></Form>
        </div>
        {remarks(locale, preview)}
        {problems_table(ctx, preview, window)}
        {rows_table(ctx, preview, window)}
        {settle_view::settings(ctx, import, units, preview)}
    }
    .into_any()
}

/// What was passed over: sheets, columns, rows.
fn remarks(locale: Locale, preview: &Preview) -> AnyView {
    let mut lines = Vec::new();
    for sheet in &preview.laid {
        if sheet.state != State::Read {
            lines.push(format!("{}：{}", sheet.name, words::state(locale, sheet.state)));
        }
        let columns = words::left_out(sheet).into_iter().take(20);
        lines
            .extend(columns.map(|(column, head)| locale.import_column_ignored(head, place_name(&sheet.name, &column))));
        let carried = words::carried(sheet).into_iter();
        lines
            .extend(carried.map(|(column, head)| locale.import_column_carried(head, place_name(&sheet.name, &column))));
    }
    let skipped = preview.findings.skipped.iter();
    lines.extend(skipped.map(|(skip, (count, first))| words::skipped(locale, *skip, *count, first)));
    if lines.is_empty() {
        return ().into_any();
    }
    let more = lines.len().saturating_sub(40);
    lines.truncate(40);
    if more > 0 {
        lines.push(locale.import_more_remarks(more));
    }
    let items = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! { <section><h2>{locale.import_remarks()}</h2><ul>{items}</ul></section> }.into_any()
}

fn problems_table(ctx: &Ctx, preview: &Preview, window: &Window) -> AnyView {
    let locale = ctx.locale;
    let findings = &preview.findings;
    if findings.problems == 0 {
        return ().into_any();
    }
    let rows = findings
        .told
        .iter()
        .map(|told| {
            view! { <tr><th scope="row">{told.sheet.clone()}" "{told.cell.clone()}</th><td>{told.message.clone()}</td></tr> }
        })
        .collect_view();
    let heads = vec![Head::Text(locale.import_cell()), Head::Text(locale.import_problem())];
    let more = pages(ctx, "problems", window.problems.start, findings.problems);
    view! {
        <section>
            <h2>{locale.import_problems(findings.problems)}</h2>
            <Table caption=locale.import_problems_caption() heads>{rows}</Table>
            {more}
        </section>
    }
    .into_any()
}

fn rows_table(ctx: &Ctx, preview: &Preview, window: &Window) -> AnyView {
    let locale = ctx.locale;
    let findings = &preview.findings;
    if findings.shown.is_empty() {
        return ().into_any();
    }
    let rows = findings.shown.iter().map(|shown| row(locale, preview, shown)).collect_view();
    let heads = [
        locale.import_place(),
        locale.import_field_date(),
        locale.import_field_unit(),
        locale.import_figures(),
        locale.import_field_type(),
        locale.import_rest(),
    ];
    let all = usize::try_from(findings.counts.accepted + findings.counts.already).unwrap_or_default();
    let more = pages(ctx, "rows", window.rows.start, all);
    view! {
        <section>
            <h2>{locale.import_rows_title()}</h2>
            {stacked(locale.import_rows_caption().to_owned(), &heads, rows.into_any())}
            {more}
        </section>
    }
    .into_any()
}

fn row(locale: Locale, preview: &Preview, shown: &Shown) -> impl IntoView + use<> {
    let draft = &shown.draft;
    let catalogue = &preview.ground.catalogue;
    let kind = draft.kind.as_deref().and_then(|key| catalogue.activity_type(key));
    let kind = kind.map(|kind| locale.name(&kind.name, kind.name_en.as_deref()).to_owned());
    let days = match draft.date_to {
        Some(to) => format!("{} – {to}", draft.date),
        None => draft.date.to_string(),
    };
    let themes = draft.themes.iter().filter_map(|key| catalogue.theme(key));
    let themes = themes.map(|theme| locale.name(&theme.name, theme.name_en.as_deref()).to_owned());
    let campaigns =
        draft.campaigns.iter().filter_map(|key| preview.ground.campaigns.iter().find(|one| one.key == *key));
    let texts = [&draft.place, &draft.organiser, &draft.handler, &draft.note].map(String::clone);
    let rest: Vec<String> =
        themes.chain(campaigns.map(|one| one.title.clone())).chain(texts).filter(|text| !text.is_empty()).collect();
    let unit = match shown.entries {
        1 if draft.covers.is_empty() => shown.unit.clone(),
        1 => locale.import_together(draft.covers.len(), &shown.unit),
        entries => locale.import_each(entries),
    };
    view! {
        <tr>
            <th scope="row" data-label=locale.import_place()>{shown.sheet.clone()}" "{shown.row}</th>
            <td data-label=locale.import_field_date()>{days}</td>
            <td data-label=locale.import_field_unit()>{unit}</td>
            <td data-label=locale.import_figures()>{figures_in_words(catalogue, draft, locale)}</td>
            <td data-label=locale.import_field_type()>{kind}</td>
            <td data-label=locale.import_rest()>
                {rest.join(if locale == Locale::Zh { "；" } else { "; " })}
                {shown.already.then(|| view! { " "<span class="tag quiet">{locale.import_there()}</span> })}
            </td>
        </tr>
    }
}

/// A table whose rows stand as cards on a phone.
pub(super) fn stacked(caption: String, heads: &[&'static str], rows: AnyView) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    view! {
        <div class="scroll">
            <table class="table ledger">
                <caption>{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Links to the part before and behind.
fn pages(ctx: &Ctx, name: &str, start: usize, all: usize) -> AnyView {
    let locale = ctx.locale;
    let link = |start: usize| format!("{}?{}", ctx.path, ctx.query.with(name, Some(&start.to_string())));
    let before = (start > 0).then(|| link(start.saturating_sub(SHOWN)));
    let behind = (start + SHOWN < all).then(|| link(start + SHOWN));
    if before.is_none() && behind.is_none() {
        return ().into_any();
    }
    let label = format!("{}–{} / {all}", start + 1, (start + SHOWN).min(all));
    let name = label.clone();
    view! {
        <nav class="pages" aria-label=name>
            {before.map(|address| view! { <a class="button" rel="prev" href=address>{locale.import_before()}</a> })}
            <span>{label}</span>
            {behind.map(|address| view! { <a class="button" rel="next" href=address>{locale.import_behind()}</a> })}
        </nav>
    }
    .into_any()
}
