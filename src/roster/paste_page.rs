//! `/rosters/:kind/import?unit=`: rows pasted from a spreadsheet, or a file; looked at before anything is stored.

use super::{
    list_page::replace_box,
    page::kind_of,
    paste,
    paste_action::{self, Looked, Seen},
    words,
};
use crate::{
    domain::roster::Kind,
    error::{Error, Result},
    import,
    locale::Locale,
    plan::action::read_unit,
    server::{
        context::Ctx,
        form::{Done, FormData, Refused},
        multipart::Upload,
    },
    ui::{
        field::{FileField, Problems, TextArea},
        page::{Page, page},
        table::{Head, Table},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// How many rows a preview shows; all that are wrong are named.
const SHOWN: usize = 200;

/// The form, and what was looked at.
pub fn paste() -> impl IntoView {
    let kind = use_params_map().get_untracked().get("kind").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let kind = Kind::from_key(&kind).ok_or(Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        drop(conn);
        if !ctx.actor()?.may_manage(&unit) {
            return Err(Error::Forbidden);
        }
        // Looked at, or asked whether they may take the place of what was typed; else nothing can be shown.
        let is_shown = |refused: &Refused| refused.problems.iter().all(|one| one.field == "replace");
        let typed = ctx.refused.clone().filter(|refused| is_shown(refused));
        let looked = match &typed {
            Some(refused) => Some(paste_action::preview(&ctx, kind, &unit.code, refused.form.raw("rows")).await?),
            None => None,
        };
        let good = looked.as_ref().map_or(0, Looked::good);
        let columns = words::fields(kind)
            .into_iter()
            .map(|field| words::label(locale, kind, field))
            .collect::<Vec<_>>()
            .join(" · ");
        let back = format!("/rosters/{kind}?unit={}", unit.code);
        let title = words::title(locale, kind);
        let takes = looked.as_ref().map(|looked| takes(locale, kind, looked));
        let asks = looked.as_ref().is_some_and(|looked| !looked.replaced.is_empty() && looked.good() > 0);
        let replace = asks.then(|| replace_box(&ctx, true));
        let preview = looked.map(|looked| preview(locale, kind, &looked.seen, good));
        let action = ctx.here();
        let body = view! {
            <p class="toolbar"><a class="button" href=back>{locale.roster_title(title, &unit.short_name)}</a></p>
            <Problems/>
            {preview}
            <form method="post" action=action enctype="multipart/form-data" class="form" novalidate=true>
                {takes}
                {replace}
                {(good > 0).then(|| view! {
                    <div><button class="primary" type="submit" name="do" value="store">{locale.roster_store(good)}</button></div>
                })}
                <p>{locale.roster_import_lead()}</p>
                <p class="hint">{locale.roster_import_columns(columns)}</p>
                <TextArea name="rows" label=locale.roster_rows() hint=locale.roster_rows_hint() rows=10/>
                <FileField label=locale.roster_file() accept=".xlsx,.xls,.csv,.txt"/>
                <div><button class="button" type="submit" name="do" value="preview">{locale.roster_preview()}</button></div>
            </form>
        };
        Ok(Page::new("/goals", locale.roster_import_title(title, &unit.short_name), body))
    })
}

/// Which typed figures give way, each with both figures.
fn takes(locale: Locale, kind: Kind, looked: &Looked) -> Option<impl IntoView + use<>> {
    if looked.replaced.is_empty() {
        return None;
    }
    let lines = looked
        .replaced
        .iter()
        .map(|one| view! { <li>{words::with_days(&one.words(locale, kind))}</li> })
        .collect_view();
    Some(view! {
        <div class="notice warn">
            <p><strong>{locale.roster_replaces_some(looked.replaced.len())}</strong></p>
            <ul>{lines}</ul>
        </div>
    })
}

fn preview(locale: Locale, kind: Kind, seen: &[Seen], good: usize) -> impl IntoView + use<> {
    let wrong: Vec<_> = seen.iter().filter(|one| !one.problems.is_empty()).collect();
    let items = wrong
        .iter()
        .flat_map(|one| one.problems.iter())
        .map(|(cell, message)| view! { <li><strong>{cell.clone()}</strong>" "{message.clone()}</li> })
        .collect_view();
    let fields = words::fields(kind);
    let mut heads = vec![Head::Number(locale.roster_row())];
    heads.extend(fields.iter().map(|field| Head::Text(words::label(locale, kind, field))));
    heads.push(Head::Text(locale.roster_state()));
    let rows = seen
        .iter()
        .take(SHOWN)
        .map(|one| {
            let draft = &one.draft;
            let cells = fields
                .iter()
                .map(|field| {
                    let text = match *field {
                        "unit" => one.unit.clone().unwrap_or_else(|| draft.unit.clone()),
                        "name" => draft.name.clone(),
                        "category" => draft.category.clone(),
                        "body" => draft.body.clone(),
                        "certificate" => draft.certificate.clone(),
                        "certificate_to" => draft.certificate_to.clone(),
                        "from" => draft.from.clone(),
                        "to" => draft.to.clone(),
                        "left" => draft.left.clone(),
                        _ if draft.renews => locale.ledger_yes().to_owned(),
                        _ => locale.roster_no().to_owned(),
                    };
                    view! { <td>{text}</td> }
                })
                .collect_view();
            let state = match one.problems.is_empty() {
                true => view! { <span class="tag good">{locale.roster_row_good()}</span> }.into_any(),
                false => view! { <span class="tag bad">{locale.roster_row_wrong()}</span> }.into_any(),
            };
            view! { <tr><td class="num">{one.number}</td>{cells}<td>{state}</td></tr> }
        })
        .collect_view();
    let summary = locale.roster_preview_summary(good, seen.len() - good);
    view! {
        <section>
            <p class="lead">{summary}</p>
            {(!wrong.is_empty()).then(|| view! { <ul class="wrong-cells">{items}</ul> })}
            <Table caption=locale.roster_rows() heads>{rows}</Table>
        </section>
    }
}

/// POST `/rosters/:kind/import`.
pub(super) async fn posted(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let kind = kind_of(&ctx.path)?;
    let locale = ctx.locale;
    let mut conn = ctx.db.read().await?;
    let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
    drop(conn);
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    if let Some(file) = files.iter().find(|file| file.size > 0 || file.too_large) {
        if file.too_large {
            let refusal = import::book::Refusal::TooLarge;
            return Err(Error::invalid("file", refusal.message(locale)));
        }
        let book = import::action::read(&ctx, &file.name, file.bytes().await?).await?;
        let rows = paste::as_rows(kind, &book);
        let form = FormData::from_pairs([("rows", rows.as_str()), ("do", "preview")]);
        // Read here, so that what cannot be is refused at its field; the page looks at the rest.
        paste_action::lines(locale, kind, &rows)?;
        return Ok(Done::again_with(form));
    }
    if form.get("rows").is_empty() {
        return Err(Error::invalid("rows", locale.roster_rows_missing()));
    }
    match form.get("do") {
        "store" => {}
        "preview" => {
            paste_action::lines(locale, kind, form.raw("rows"))?;
            return Ok(Done::again());
        }
        _ => return Err(Error::NotFound),
    }
    let looked = paste_action::store(&ctx, kind, &unit.code, form.raw("rows"), form.has("replace")).await?;
    let (good, seen) = (looked.good(), looked.seen);
    if good == 0 {
        return Ok(Done::again());
    }
    let wrong: Vec<String> = seen
        .iter()
        .filter_map(|one| one.problems.first())
        .take(10)
        .map(|(cell, message)| format!("{cell} {message}"))
        .collect();
    let said = match seen.len() - good {
        0 => locale.roster_stored(good),
        left => locale.roster_stored_some(good, left, wrong.join("；")),
    };
    Ok(Done::to(format!("/rosters/{kind}?unit={}", unit.code)).say(said))
}
