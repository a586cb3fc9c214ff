//! An entry corrected in its row of the ledger: a form without script; Tab goes on, Enter saves, Esc leaves.
//!
//! It is the same correction as on the entry's own page: with a reason, with the version that was seen, the former one
//! kept. What is seldom changed (unit, type, themes) is corrected there.

use super::{
    address,
    filter::Asked,
    words::{days_text, figures_text, measure_text, precision_text},
};
use crate::{
    activity::{
        action, form,
        store::{self, Entry},
        version_view::{self, Names},
    },
    catalogue,
    domain::{
        access::Scope,
        activity::{Draft, DraftQuantity, Status},
        catalogue::Catalogue,
        measure::Precision,
        period::Day,
        problem::Problems,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        db::Conn,
        form::{Done, FormData},
    },
    ui::field::{Field, Form, NamedField, Problems, Select},
    unit,
};
use leptos::{nonce::use_nonce, prelude::*};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The entry that is edited.
#[derive(Clone, Copy, Debug)]
pub struct Editing {
    pub id: Uuid,
}

impl Editing {
    pub fn read(ctx: &Ctx) -> Option<Editing> {
        Some(Editing { id: ctx.query.filled("edit")?.parse().ok()? })
    }
}

/// The same page of the ledger, with this row open or with none.
fn here(ctx: &Ctx, edit: Option<Uuid>) -> String {
    let edit = edit.map(|id| id.to_string());
    address::with(&ctx.query, &[("cursor", ctx.query.filled("cursor")), ("edit", edit.as_deref())])
}

/// Where an entry is corrected: in its row; on its own page where one measure has counts of two precisions.
pub fn address(ctx: &Ctx, entry: &Entry) -> String {
    let id = entry.draft.id;
    let measures: BTreeSet<_> = entry.measure_ids.iter().collect();
    if measures.len() < entry.measure_ids.len() {
        return format!("/activities/{id}/correct");
    }
    format!("{}#r-{id}", here(ctx, Some(id)))
}

/// Leaves by Esc, and begins in the first count. Without script the links and Tab do it.
const KEYS: &str = "addEventListener('keydown',e=>{if(e.key==='Escape')document.getElementById('leave').click()});\
                    document.querySelector('tr.edit .count input')?.focus()";

/// The keys of the measures that are asked: those the entry has, then those of its type.
fn measures_of(catalogue: &Catalogue, entry: &Entry) -> Vec<String> {
    let mut keys: Vec<String> = entry.draft.quantities.iter().map(|count| count.measure.clone()).collect();
    let kind = catalogue.activity_type_by_id(entry.type_id);
    for measure in kind.into_iter().flat_map(|kind| &kind.measures).filter_map(|id| catalogue.measure_by_id(*id)) {
        if !keys.contains(&measure.key) && !measure.is_stock && !measure.retired {
            keys.push(measure.key.clone());
        }
    }
    keys
}

/// The version that the author of a refused correction saw.
fn seen(ctx: &Ctx) -> Option<i64> {
    let refused = ctx.refused.as_ref().filter(|refused| refused.form.get("do") == "correct")?;
    refused.form.get("version").parse().ok()
}

/// What stands in the row's place where somebody else corrected the entry first: both versions side by side, as on the
/// entry's own page, where the form goes on. What cannot be read stays in the row.
pub async fn conflict(ctx: &Ctx, conn: &mut Conn, catalogue: &Catalogue) -> Result<Option<AnyView>> {
    let (Some(refused), Some(seen), Some(editing)) = (&ctx.refused, seen(ctx), Editing::read(ctx)) else {
        return Ok(None);
    };
    let entry = store::one(conn, &ctx.scope()?, editing.id).await?;
    let unit = unit::store::by_id(conn, &Scope::everything(), entry.unit_id).await?;
    if seen == entry.version || entry.status == Status::Withdrawn || !ctx.actor()?.may_log(&unit) {
        return Ok(None);
    }
    let history = store::history(conn, editing.id).await?;
    let Some(last) = history.first() else { return Ok(None) };
    let base = history.iter().find(|one| one.version == seen).map_or(&entry.draft, |former| &former.body);
    let before = Entry { draft: base.clone(), ..entry.clone() };
    let Ok(typed) = draft_of(&refused.form, &before, catalogue, ctx.locale) else { return Ok(None) };
    let units = version_view::unit_names(conn, ctx).await?;
    let names = Names { locale: ctx.locale, catalogue, units: &units };
    Ok(Some(version_view::choose(ctx, &names, base, &entry, last, &typed).into_any()))
}

/// The row as a form.
pub fn row(ctx: &Ctx, asked: &Asked, entry: &Entry, width: usize) -> AnyView {
    let locale = ctx.locale;
    let catalogue = &asked.catalogue;
    let draft = &entry.draft;
    let id = draft.id;
    let precisions = || -> Vec<(String, String)> {
        Precision::ALL.iter().map(|one| (one.key().to_owned(), precision_text(locale, *one).to_owned())).collect()
    };
    let counts = measures_of(catalogue, entry)
        .into_iter()
        .map(|key| {
            let own = draft.quantities.iter().find(|count| count.measure == key);
            let measure = catalogue.measure(&key);
            let label = measure_text(locale, measure, &key).to_owned();
            let word = measure.map_or("", |one| locale.name(&one.unit_word, one.unit_word_en.as_deref())).to_owned();
            let value = own.map(|count| count.value.to_string()).unwrap_or_default();
            let precision = own.map_or(Precision::Exact, |count| count.precision).key();
            let sure = locale.ledger_precision_of(&label);
            view! {
                <div class="count">
                    <NamedField name=format!("value.{key}") label=label kind="number" value=value unit_word=word min="1"/>
                    <Select name=format!("precision.{key}") label=sure options=precisions() value=precision/>
                </div>
            }
        })
        .collect_view();
    let date_to = draft.date_to.map(|day| {
        view! { <Field name="date_to" label=locale.ledger_to() kind="date" value=day.to_string()/> }
    });
    // A form that is shown again still builds on what its author saw.
    let version = seen(ctx).unwrap_or(entry.version);
    let now = (version != entry.version).then(|| {
        let now =
            locale.ledger_edit_now(days_text(locale, entry), figures_text(locale, catalogue, entry), entry.version);
        view! { <p class="muted">{now}</p> }
    });
    let script = use_nonce().map(|nonce| view! { <script nonce=nonce.to_string() inner_html=KEYS></script> });
    let title = locale.ledger_edit_label(days_text(locale, entry), &entry.unit_name);
    let date = draft.date.to_string();
    let (place, handler, note) = (draft.place.clone(), draft.handler.clone(), draft.note.clone());
    let leave = format!("{}#r-{id}", here(ctx, None));
    view! {
        <tr class="edit" id=format!("r-{id}")>
            <td colspan=width>
                <Problems/>
                <p><strong>{title}</strong></p>
                {now}
                <Form action="correct" class="form row">
                    <input type="hidden" name="version" value=version/>
                    <Field name="date" label=locale.ledger_date() kind="date" value=date/>
                    {date_to}
                    {counts}
                    <Field name="place" label=locale.ledger_csv_place() value=place/>
                    <Field name="handler" label=locale.ledger_csv_handler() value=handler/>
                    <Field name="note" label=locale.ledger_csv_note() value=note/>
                    <Field name="reason" label=locale.ledger_edit_reason() required=true/>
                    <button class="primary" type="submit">{locale.ledger_edit_save()}</button>
                    <a class="button quiet" id="leave" href=leave>{locale.ledger_edit_leave()}</a>
                    <a href=format!("/activities/{id}/correct")>{locale.ledger_edit_all()}</a>
                </Form>
                {script}
            </td>
        </tr>
    }
    .into_any()
}

/// The entry as it should be: what the row does not ask stays.
fn draft_of(form: &FormData, entry: &Entry, catalogue: &Catalogue, locale: Locale) -> Result<Draft> {
    let mut problems = Problems::default();
    let date = problems.keep(form.parsed::<Day>("date", locale.log_date_malformed()));
    let date_to = match entry.draft.date_to {
        Some(_) => form.optional::<Day>("date_to", &mut problems, locale.log_date_malformed()),
        None => None,
    };
    let mut quantities = Vec::new();
    for key in measures_of(catalogue, entry) {
        let field = format!("value.{key}");
        let Some(text) = form.filled(&field) else { continue };
        match text.parse() {
            Ok(value) => {
                let precision = Precision::from_key(form.get(&format!("precision.{key}"))).unwrap_or(Precision::Exact);
                quantities.push(DraftQuantity { measure: key, value, precision });
            }
            Err(_) => problems.add(field, locale.log_count_malformed()),
        }
    }
    let text = |name: &str| form.get(name).to_owned();
    let draft = Draft {
        date: date.unwrap_or(entry.draft.date),
        date_to,
        quantities,
        place: text("place"),
        handler: text("handler"),
        note: text("note"),
        ..entry.draft.clone()
    };
    Ok(problems.into_result(draft)?)
}

/// POST `/activities?edit=…`: corrects the entry, and goes back to its row.
pub async fn submit(ctx: &Ctx, form: &FormData) -> Result<Done> {
    let locale = ctx.locale;
    let id = Editing::read(ctx).ok_or(Error::NotFound)?.id;
    let mut conn = ctx.db.read().await?;
    let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
    let catalogue = catalogue::store::everything(&mut conn).await?;
    drop(conn);
    let draft = draft_of(form, &entry, &catalogue, locale)?;
    let version = form.get("version").parse().ok();
    let was_reviewed = matches!(entry.status, Status::Accepted | Status::Returned);
    let said = if was_reviewed { locale.review_resubmitted() } else { locale.entry_corrected() };
    match action::correct(ctx, id, draft.clone(), version, form.get("reason")).await {
        Ok(_) => Ok(Done::to(format!("{}#r-{id}", here(ctx, None))).say(said)),
        Err(Error::Stale) => Err(Error::Conflict { code: "stale", message: locale.ledger_edit_stale(entry.version) }),
        Err(other) => Err(form::to_fields(other, &draft)),
    }
}
