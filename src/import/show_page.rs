//! `/import/:id`: what would be stored and what is wrong, cell by cell; what the columns mean; storing, its progress, undoing.

use super::{
    action::{self, Mode, Preview},
    book::letters,
    examine::{Shown, Window},
    job::{self, Stand},
    meaning::Meaning,
    page::state,
    plan::{Choices, Laid, State},
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
        field::{Field, Form, Problems, Select},
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
/// Columns that one form settles at most.
const MOST_SETTLED: usize = 2_000;

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
            action::settle(&ctx, id, form.get("unit"), &choices(&form, locale)?).await?;
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

/// What a form says about columns (`c.SIGNATURE.COLUMN`), sheets and the year.
fn choices(form: &FormData, locale: Locale) -> Result<Choices> {
    let mut choices = Choices::default();
    for (place, key) in form.with_prefix("c.").take(MOST_SETTLED) {
        let Some((signature, column)) = place.split_once('.') else { continue };
        let is_known = signature.len() == 32 && column.parse::<u16>().is_ok();
        if let Some(meaning) = Meaning::from_key(key).filter(|_| is_known && key.len() < 100) {
            choices.columns.entry(signature.to_owned()).or_default().insert(column.to_owned(), meaning.key());
        }
    }
    choices.without = form.all("without").into_iter().filter_map(|place| place.parse().ok()).take(1_000).collect();
    if let Some(year) = form.filled("year") {
        let year = year.parse().ok().filter(|year| (1990..=2100).contains(year));
        choices.year = Some(year.ok_or_else(|| Error::invalid("year", locale.import_year_wrong()))?);
    }
    Ok(choices)
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
        {settings(ctx, import, units, preview)}
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
        lines.extend(
            columns.map(|(column, head)| locale.import_column_ignored(format!("{}!{column}", sheet.name), head)),
        );
        let carried = words::carried(sheet).into_iter();
        lines.extend(
            carried.map(|(column, head)| locale.import_column_carried(format!("{}!{column}", sheet.name), head)),
        );
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
    let heads = vec![
        Head::Text(locale.import_place()),
        Head::Text(locale.import_field_date()),
        Head::Text(locale.import_field_unit()),
        Head::Text(locale.import_field_type()),
        Head::Text(locale.import_figures()),
        Head::Text(locale.import_rest()),
    ];
    let all = usize::try_from(findings.counts.accepted + findings.counts.already).unwrap_or_default();
    let more = pages(ctx, "rows", window.rows.start, all);
    view! {
        <section>
            <h2>{locale.import_rows_title()}</h2>
            <Table caption=locale.import_rows_caption() heads>{rows}</Table>
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
            <th scope="row">{shown.sheet.clone()}" "{shown.row}</th>
            <td>{days}</td>
            <td>{unit}</td>
            <td>{kind}</td>
            <td>{figures_in_words(catalogue, draft, locale)}</td>
            <td>
                {rest.join(if locale == Locale::Zh { "；" } else { "; " })}
                {shown.already.then(|| view! { " "<span class="tag quiet">{locale.import_there()}</span> })}
            </td>
        </tr>
    }
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

/// The unit, the year, the sheets and what their columns mean.
fn settings(ctx: &Ctx, import: &Import, units: Vec<Unit>, preview: &Preview) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let options: Vec<(String, String)> = units.into_iter().map(|unit| (unit.code, unit.short_name)).collect();
    let meanings = words::meanings(locale, &preview.ground.catalogue);
    let mut seen = Vec::new();
    let sheets: Vec<AnyView> = preview
        .laid
        .iter()
        .enumerate()
        .filter(|(_, sheet)| matches!(sheet.state, State::Read | State::LeftOut))
        .take(60)
        .map(|(place, sheet)| sheet_settings(ctx, place, sheet, &meanings, &mut seen))
        .collect();
    let year = import.choices.year.map(|year| year.to_string()).unwrap_or_default();
    let unit = preview.ground.unit.code.clone();
    view! {
        <section>
            <h2>{locale.import_columns()}</h2>
            <p class="hint">{locale.import_columns_hint()}</p>
            <Form action="settle">
                <div class="two">
                    <Select name="unit" label=locale.import_unit() hint=locale.import_unit_hint() options value=unit/>
                    <Field name="year" kind="number" label=locale.import_year() hint=locale.import_year_hint()
                        value=year min="1990" max="2100"/>
                </div>
                {sheets}
                <div><button type="submit">{locale.import_settle()}</button></div>
            </Form>
        </section>
    }
}

fn sheet_settings(
    ctx: &Ctx,
    place: usize,
    sheet: &Laid,
    meanings: &[(String, String)],
    seen: &mut Vec<String>,
) -> AnyView {
    let locale = ctx.locale;
    let id = format!("f-without-{place}");
    let is_out = sheet.state == State::LeftOut;
    // Sheets with the same heads share what their columns mean.
    let tables: Vec<_> = sheet.tables.iter().filter(|table| !seen.contains(&table.signature)).collect();
    seen.extend(tables.iter().map(|table| table.signature.clone()));
    let tables = tables
        .into_iter()
        .map(|table| {
            let rows = table
                .columns
                .iter()
                .filter(|column| column.filled || !column.meaning.is(crate::domain::alias::head::Field::Ignore))
                .map(|column| {
                    let name = format!("c.{}.{}", table.signature, column.index);
                    let head =
                        if column.head.is_empty() { locale.import_no_head().to_owned() } else { column.head.clone() };
                    let chosen = match column.meaning.key() {
                        key if key == "index" => "ignore".to_owned(),
                        key => key,
                    };
                    let options = meanings
                        .iter()
                        .map(|(key, text)| {
                            view! { <option value=key.clone() selected=*key == chosen>{text.clone()}</option> }
                        })
                        .collect_view();
                    let label = locale.import_column_means(letters(column.index), &head);
                    view! {
                        <tr>
                            <th scope="row">{letters(column.index)}" · "{head}</th>
                            <td>{column.samples.join(" · ").chars().take(60).collect::<String>()}</td>
                            <td><select name=name aria-label=label>{options}</select></td>
                        </tr>
                    }
                })
                .collect_view();
            let heads = vec![
                Head::Text(locale.import_column()),
                Head::Text(locale.import_samples()),
                Head::Text(locale.import_meaning()),
            ];
            let caption = locale.import_columns_of(table.head, &sheet.name);
            view! { <Table caption heads>{rows}</Table> }
        })
        .collect_view();
    view! {
        <p class="check">
            <input type="checkbox" id=id.clone() name="without" value=place checked=is_out/>
            <label for=id>{locale.import_without(&sheet.name)}</label>
        </p>
        {tables}
    }
    .into_any()
}
