//! One entry: all about it, its former versions; correct and withdraw.

use super::{
    action, form, log_page,
    store::{self, Entry, Former},
};
use crate::{
    catalogue,
    domain::{access::Scope, activity::Status, catalogue::Catalogue},
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
    },
    unit,
};
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

fn at(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&clock::offset()).format("%Y-%m-%d %H:%M").to_string()
}

fn id_in(path: &str, place: usize) -> Result<Uuid> {
    path.split('/').nth(place).and_then(|id| id.parse().ok()).ok_or(Error::NotFound)
}

/// `/activities/:id`.
pub fn activity() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
        let unit = unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        let former = store::history(&mut conn, id).await?;
        let questions = store::questions(&mut conn, id).await?;
        let may_change = ctx.actor()?.may_log(&unit) && entry.status != Status::Withdrawn;
        let has_others = may_change && log_page::loggable(&mut conn, &ctx).await?.len() > 1;
        let kind = catalogue
            .activity_type_by_id(entry.type_id)
            .map_or(String::new(), |kind| locale.name(&kind.name, kind.name_en.as_deref()).to_owned());
        let title = locale.entry_title(entry.draft.date, kind, &entry.unit_name);
        let body = view! {
            <Problems/>
            {facts(locale, &entry, &catalogue)}
            {(!questions.is_empty()).then(|| asked(locale, questions, may_change))}
            {may_change.then(|| actions(locale, &entry, undoable(&ctx, &entry), has_others))}
            {(!former.is_empty()).then(|| versions(locale, former, &catalogue))}
        };
        Ok(Page::new("/activities", title, body))
    })
}

fn facts(locale: Locale, entry: &Entry, catalogue: &Catalogue) -> impl IntoView + use<> {
    let draft = &entry.draft;
    let days = match draft.date_to {
        Some(to) => locale.entry_days(draft.date, to),
        None => draft.date.to_string(),
    };
    let figures = draft
        .quantities
        .iter()
        .map(|quantity| {
            let name = catalogue
                .measure(&quantity.measure)
                .map_or(quantity.measure.clone(), |one| locale.name(&one.name, one.name_en.as_deref()).to_owned());
            let words = form::in_words(catalogue, quantity, locale);
            view! { <li>{name}" "<strong class="figure">{words}</strong></li> }
        })
        .collect_view();
    let themes: Vec<String> = draft
        .themes
        .iter()
        .map(|key| {
            catalogue.theme(key).map_or(key.clone(), |one| locale.name(&one.name, one.name_en.as_deref()).into())
        })
        .collect();
    let campaigns = draft
        .campaigns
        .iter()
        .map(|key| view! { <a href=format!("/campaigns/{key}")>{key.clone()}</a>" " })
        .collect_view();
    let row = |term: &'static str, text: String| (!text.is_empty()).then(|| view! { <dt>{term}</dt><dd>{text}</dd> });
    let status = match entry.status {
        Status::Withdrawn => view! { <span class="tag bad">{locale.entry_withdrawn()}</span> }.into_any(),
        _ => view! { <span class="tag good">{locale.entry_counts()}</span> }.into_any(),
    };
    view! {
        <p>{status}" "{entry.late.then(|| view! { <span class="tag warn">{locale.entry_late()}</span> })}</p>
        <ul class="figures">{figures}</ul>
        <dl class="meta">
            {row(locale.entry_day(), days)}
            {row(locale.log_unit(), entry.unit_name.clone())}
            {row(locale.log_themes(), themes.join("、"))}
            {(!draft.campaigns.is_empty()).then(|| view! { <dt>{locale.nav_campaigns()}</dt><dd>{campaigns}</dd> })}
            {row(locale.entry_covers(), draft.covers.join("、"))}
            {row(locale.log_classes(), draft.classes.join("、"))}
            {draft.event.map(|id| view! {
                <dt>{locale.entry_event()}</dt><dd><a href=format!("/events/{id}")>{locale.show()}</a></dd>
            })}
            {row(locale.log_place(), draft.place.clone())}
            {row(locale.log_organiser(), draft.organiser.clone())}
            {row(locale.log_co_organisers(), draft.co_organisers.join("、"))}
            {row(locale.log_handler(), draft.handler.clone())}
            {row(locale.log_note(), draft.note.clone())}
            {row(locale.entry_entered(), locale.entry_entered_by(at(entry.entered_at), &entry.entered_by_name))}
        </dl>
    }
}

fn asked(locale: Locale, questions: Vec<(String, String, String)>, may_answer: bool) -> impl IntoView {
    let items = questions
        .into_iter()
        .map(|(question, words, answer)| {
            let open = may_answer && answer.is_empty();
            view! {
                <li>
                    <p>{words}</p>
                    {(!answer.is_empty()).then(|| view! { <p class="muted">{answer}</p> })}
                    {open.then(|| view! {
                        <Form action="answer" class="form row">
                            <input type="hidden" name="question" value=question/>
                            <Field name="answer" label=locale.entry_answer()/>
                            <button type="submit">{locale.entry_answer_save()}</button>
                        </Form>
                    })}
                </li>
            }
        })
        .collect_view();
    view! { <section class="asked"><h2>{locale.entry_questions()}</h2><ul>{items}</ul></section> }
}

/// How long after saving one's own entry a slip is undone without a reason of one's own.
const UNDO_MINUTES: i64 = 10;

/// Whether the reader has just made this entry.
fn undoable(ctx: &Ctx, entry: &Entry) -> bool {
    let mine = ctx.actor().is_ok_and(|actor| actor.account_id == entry.entered_by);
    mine && entry.version == 1 && ctx.now - entry.entered_at < TimeDelta::minutes(UNDO_MINUTES)
}

fn actions(locale: Locale, entry: &Entry, undoable: bool, has_others: bool) -> impl IntoView + use<> {
    let id = entry.draft.id;
    let kind = entry.draft.kind.clone().unwrap_or_default();
    view! {
        <div class="toolbar">
            <a class="button primary" href=format!("/log/{kind}")>{locale.entry_again()}</a>
            {has_others.then(|| view! {
                <a class="button" href=format!("/log/{kind}?copy={id}&many=1")>{locale.entry_copy_many()}</a>
            })}
            <a class="button" href=format!("/log/{kind}?copy={id}")>{locale.entry_copy()}</a>
            <a class="button" href=format!("/activities/{id}/correct")>{locale.entry_correct()}</a>
            {undoable.then(|| view! {
                <Form action="undo" class="inline"><button type="submit">{locale.entry_undo()}</button></Form>
            })}
        </div>
        <details>
            <summary>{locale.entry_withdraw()}</summary>
            <Form action="withdraw">
                <Field name="reason" label=locale.entry_reason() hint=locale.entry_withdraw_hint() required=true/>
                <div><button class="danger" type="submit">{locale.entry_withdraw()}</button></div>
            </Form>
        </details>
    }
}

fn versions(locale: Locale, former: Vec<Former>, catalogue: &Catalogue) -> impl IntoView + use<> {
    let items = former
        .into_iter()
        .map(|one| {
            let line = locale.entry_former_line(at(one.replaced_at), one.replaced_by, one.reason, one.version);
            let was = form::figures_in_words(catalogue, &one.body, locale);
            view! { <li><p>{line}</p><p class="muted">{one.body.date.to_string()}" "{was}</p></li> }
        })
        .collect_view();
    view! { <section><h2>{locale.entry_former()}</h2><ul>{items}</ul></section> }
}

/// POST `/activities/:id`: withdraw, or answer a question.
pub async fn submit(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = id_in(&ctx.path, 2)?;
    let here = ctx.path.clone();
    match form.get("do") {
        "withdraw" => {
            action::withdraw(&ctx, id, form.get("reason")).await?;
            Ok(Done::to(here).say(ctx.locale.entry_was_withdrawn()))
        }
        "undo" => {
            let entry = store::one(&mut ctx.db.read().await?, &ctx.scope()?, id).await?;
            if !undoable(&ctx, &entry) {
                return Err(Error::invalid("", ctx.locale.entry_undo_late()));
            }
            action::withdraw(&ctx, id, ctx.locale.entry_undo_reason()).await?;
            Ok(Done::to(here).say(ctx.locale.entry_was_withdrawn()))
        }
        "answer" => {
            action::answer(&ctx, id, form.get("question"), form.get("answer")).await?;
            Ok(Done::to(here).say(ctx.locale.saved()))
        }
        _ => Err(Error::NotFound),
    }
}

/// `/activities/:id/correct`.
pub fn correct() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
        let unit = unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
        if !ctx.actor()?.may_log(&unit) {
            return Err(Error::Forbidden);
        }
        // Shown again after a conflict, the form builds on what is there now.
        let version = entry.version;
        let kind = entry.draft.kind.clone().unwrap_or_default();
        let loaded = log_page::load(&ctx, &mut conn, &kind, Some(entry)).await?;
        let fields = log_page::fields(&ctx, loaded, id, true);
        let body = view! {
            <Problems/>
            <Form class="form log">
                <input type="hidden" name="version" value=version/>
                {fields}
            </Form>
        };
        Ok(Page::new("/activities", ctx.locale.entry_correct(), body).with_islands())
    })
}

/// POST `/activities/:id/correct`.
pub async fn submit_correction(ctx: Ctx, form: FormData) -> Result<Done> {
    let locale = ctx.locale;
    let id = id_in(&ctx.path, 2)?;
    let mut conn = ctx.db.read().await?;
    let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
    let unit = unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
    let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
    drop(conn);
    let kind = catalogue.activity_type_by_id(entry.type_id).ok_or(Error::NotFound)?;
    let draft = form::draft_of(&form, kind, &catalogue, locale)?;
    let draft = crate::domain::activity::Draft { id, event: entry.draft.event, ..draft };
    let version = form.get("version").parse().ok();
    match action::correct(&ctx, id, draft.clone(), version, form.get("reason")).await {
        Ok(_) => Ok(Done::to(format!("/activities/{id}")).say(locale.entry_corrected())),
        Err(Error::Stale) => Err(Error::Conflict { code: "stale", message: locale.entry_stale(entry.version) }),
        Err(other) => Err(form::to_fields(other, &draft)),
    }
}
