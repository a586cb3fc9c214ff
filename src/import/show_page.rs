//! `/import/:id`: what would be stored and what is wrong, cell by cell; what the columns mean; storing, its progress, undoing.

use super::{
    action::{self, Mode, Preview},
    examine::{Window, place_name},
    job::{self, Stand},
    page::{by, state},
    plan::{Choices, State},
    rows_view::{self, SHOWN, pages},
    settle_view,
    store::Import,
    words,
};
use crate::{
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
            let kept = of(&ctx, id).await?.choices;
            let Choices { taken, left, answers, .. } = kept;
            let choices = Choices { taken, left, answers, ..settle_view::choices(&form, locale)? };
            action::settle(&ctx, id, form.get("unit"), &choices).await?;
            Ok(Done::to(here).say(locale.import_settled()))
        }
        "ticks" => {
            let import = of(&ctx, id).await?;
            action::tick(&ctx, &import, &rows_view::ticked(&form, &import.choices)).await?;
            let query = FormData::parse(form.get("query")).with("do", None);
            let back = if query.is_empty() { here } else { format!("{here}?{query}") };
            Ok(Done::to(back).say(locale.saved()))
        }
        "store" => {
            let mode = if form.get("mode") == "good" { Mode::Good } else { Mode::All };
            let import = of(&ctx, id).await?;
            action::tick(&ctx, &import, &rows_view::ticked(&form, &import.choices)).await?;
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

async fn of(ctx: &Ctx, id: Uuid) -> Result<Import> {
    action::one(&mut ctx.db.read().await?, ctx, id).await
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
                    <Field name="reason" label=locale.import_reason() required=true/>
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
            <dt>{locale.import_by()}</dt><dd>{by(locale, import)}" · "{at}</dd>
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
    // The form of the rows holds the buttons too: what is ticked there is what is stored.
    let button = |text: String| {
        view! {
            <button class="primary" type="submit" form=rows_view::FORM name="do" value="store">{text}</button>
        }
    };
    let store = match (accepted, refused) {
        (0, _) => view! { <p class="empty">{locale.import_nothing_new()}</p> }.into_any(),
        (_, 0) => button(locale.import_store_all(accepted)).into_any(),
        _ => button(locale.import_store_good(accepted)).into_any(),
    };
    let hint = (accepted > 0 && refused > 0).then(|| view! { <p class="hint">{locale.import_store_hint()}</p> });
    view! {
        <p class="lead">{locale.import_counts(accepted, already, refused)}</p>
        // The first button is the one that the Enter key means: it keeps what was typed.
        <button type="submit" form=rows_view::FORM name="do" value="ticks" class="visually-hidden" tabindex="-1"
            aria-hidden="true"></button>
        {rows_view::notices(ctx, import, preview)}
        {hint}
        <div class="toolbar">
            {store}
            <Form action="drop"><div><button type="submit">{locale.import_drop()}</button></div></Form>
        </div>
        {remarks(locale, preview)}
        {problems_table(ctx, preview, window)}
        {rows_view::table(ctx, preview, window)}
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
            view! { <tr><th scope="row">{place_name(&told.sheet, &told.cell)}</th><td>{told.message.clone()}</td></tr> }
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
