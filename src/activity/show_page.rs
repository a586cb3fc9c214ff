//! One entry: all about it, its former versions; correct and withdraw.

use super::{
    action, form, log_page,
    store::{self, Entry},
    version_view::{self, Names},
};
use crate::{
    campaign, catalogue, closing,
    domain::{
        access::Scope,
        activity::{Draft, Status},
    },
    error::{Error, Result},
    evidence, import,
    locale::Locale,
    review::{self, double_store::Merge, entry_view},
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
        let mut entry = store::one(&mut conn, &ctx.scope()?, id).await?;
        if let Some(batch) = entry.batch_id
            && import::store::is_by_program(&mut conn, batch).await?
        {
            entry.entered_by_name = locale.import_by_program().to_owned();
        }
        let unit = unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        let former = store::history(&mut conn, id).await?;
        let questions = store::questions(&mut conn, id).await?;
        let answers = if questions.is_empty() { Vec::new() } else { store::answers(&mut conn, id).await? };
        let may_change = ctx.actor()?.may_log(&unit) && entry.status != Status::Withdrawn;
        let may_manage = ctx.actor()?.may_manage(&unit);
        let reviews = review::store::of_entry(&mut conn, id).await?;
        let merges = review::double_store::merges_of(&mut conn, id).await?;
        // Why nothing can be changed here is told before anybody types a reason.
        let closed = match may_change {
            true => {
                let place = (entry.unit_path.as_str(), action::days_as_stored(&entry));
                closing::action::why_closed(&mut conn, &ctx, place).await?
            }
            false => None,
        };
        let others = match entry.batch_id {
            Some(batch) if may_change => review::store::open_in_batch(&mut conn, batch, id).await?,
            _ => Vec::new(),
        };
        let is_named_by_code = |draft: &Draft| !draft.covers.is_empty() || !draft.co_organisers.is_empty();
        let units = match former.is_empty() && !is_named_by_code(&entry.draft) {
            true => Default::default(),
            false => version_view::unit_names(&mut conn, &ctx).await?,
        };
        let campaigns = campaign::store::titles(&mut conn, id).await?;
        let names = Names { locale, catalogue: &catalogue, units: &units };
        let pieces = evidence::view::of_entry(&ctx, &mut conn, &entry, &unit, &catalogue).await?;
        let has_others = may_change && log_page::loggable(&mut conn, &ctx).await?.len() > 1;
        let kind = catalogue
            .activity_type_by_id(entry.type_id)
            .map_or(String::new(), |kind| locale.name(&kind.name, kind.name_en.as_deref()).to_owned());
        let mut others_did = entry_view::lines(locale, &reviews);
        let line = |one: store::Answered| (one.at, locale.version_answered(clock::minute(one.at), one.by, one.words));
        others_did.extend(answers.into_iter().map(line));
        let title = locale.entry_title(entry.draft.date, kind, &entry.unit_name);
        let body = view! {
            <Problems/>
            {changed_meanwhile(&ctx, &names, &entry, &former)}
            {closed.map(|words| view! { <p class="notice">{words}</p> })}
            {entry_view::remark(locale, &entry, &reviews, may_change)}
            {entry_view::merges(locale, &entry, &merges, may_manage)}
            // What is asked stands first: its author has just saved, and answers in one line.
            {(!questions.is_empty()).then(|| asked(locale, questions, former.first(), may_change))}
            {(!others.is_empty()).then(|| asked_too(locale, others))}
            {facts(&names, &entry, campaigns)}
            {(entry.status != Status::Withdrawn).then(|| view! {
                <p><a class="button" href=format!("/activities/{id}/brief")>{locale.brief_link()}</a></p>
            })}
            {may_change.then(|| actions(&ctx, &entry, &merges, has_others))}
            {(may_manage && may_change).then(|| entry_view::form(&ctx, &entry))}
            {evidence::view::section(&ctx, pieces)}
            {version_view::history(&names, &entry, &former, others_did)}
        };
        Ok(Page::new("/activities", title, body))
    })
}

/// `campaigns` are (key, title).
fn facts(names: &Names<'_>, entry: &Entry, campaigns: Vec<(String, String)>) -> impl IntoView + use<> {
    let (locale, catalogue) = (names.locale, names.catalogue);
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
    let campaigns = (!campaigns.is_empty()).then(|| {
        let links = campaigns
            .into_iter()
            .map(|(key, title)| view! { <a href=format!("/campaigns/{key}")>{title}</a>" " })
            .collect_view();
        view! { <dt>{locale.log_campaigns()}</dt><dd>{links}</dd> }
    });
    let row = |term: &'static str, text: String| (!text.is_empty()).then(|| view! { <dt>{term}</dt><dd>{text}</dd> });
    let status = entry_view::status_tag(locale, entry.status);
    view! {
        <p>{status}" "{entry.late.then(|| view! { <span class="tag warn">{locale.entry_late()}</span> })}</p>
        <ul class="figures">{figures}</ul>
        <dl class="meta">
            {row(locale.entry_day(), days)}
            {row(locale.log_unit(), entry.unit_name.clone())}
            {row(locale.log_themes(), themes.join("、"))}
            {campaigns}
            {row(locale.entry_covers(), names.listed(&draft.covers))}
            {row(locale.log_classes(), draft.classes.join("、"))}
            {draft.event.map(|id| view! {
                <dt>{locale.entry_event()}</dt><dd><a href=format!("/events/{id}")>{locale.show()}</a></dd>
            })}
            {row(locale.log_place(), draft.place.clone())}
            {row(locale.log_organiser(), draft.organiser.clone())}
            {row(locale.version_co_organisers(), names.listed(&draft.co_organisers))}
            {row(locale.log_handler(), draft.handler.clone())}
            {row(locale.log_note(), draft.note.clone())}
            {row(locale.entry_entered(), locale.entry_entered_by(at(entry.entered_at), &entry.entered_by_name))}
        </dl>
    }
}

/// The questions with what was answered; and why the entry was corrected last, which is often what answers them.
fn asked(
    locale: Locale,
    questions: Vec<(String, String, String)>,
    corrected: Option<&store::Former>,
    may_answer: bool,
) -> impl IntoView + use<> {
    let reason = corrected
        .filter(|former| !former.reason.is_empty())
        .map(|former| view! { <p>{locale.entry_corrected_because(&former.reason)}</p> });
    let items = questions
        .into_iter()
        .map(|(question, words, answer)| {
            let open = may_answer && answer.is_empty();
            view! {
                <li>
                    <p>{words}</p>
                    {(!answer.is_empty()).then(|| view! { <p>{locale.entry_answered(answer)}</p> })}
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
    view! { <section class="asked"><h2>{locale.entry_questions()}</h2>{reason}<ul>{items}</ul></section> }
}

/// The other entries of the same form about which something is asked.
fn asked_too(locale: Locale, others: Vec<(Uuid, String)>) -> impl IntoView {
    let links = others
        .into_iter()
        .map(|(id, unit)| view! { <a class="button" href=format!("/activities/{id}")>{unit}</a>" " })
        .collect_view();
    view! { <p>{locale.entry_asked_too()}" "{links}</p> }
}

/// How long after saving one's own entry a slip is undone without a reason of one's own.
const UNDO_MINUTES: i64 = 10;

/// Whether the reader has just made this entry.
fn undoable(ctx: &Ctx, entry: &Entry) -> bool {
    let mine = ctx.actor().is_ok_and(|actor| actor.account_id == entry.entered_by);
    mine && entry.version == 1 && ctx.now - entry.entered_at < TimeDelta::minutes(UNDO_MINUTES)
}

fn actions(ctx: &Ctx, entry: &Entry, merges: &[Merge], has_others: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let undoable = undoable(ctx, entry);
    // What was merged into it goes with it.
    let merged = merges.iter().filter(|merge| merge.kept_id == entry.draft.id);
    let merged: Vec<&str> = merged.map(|merge| merge.merged_unit.as_str()).collect();
    let merged = (!merged.is_empty()).then(|| {
        view! { <p class="notice">{locale.double_withdraws(merged.join("、"))}</p> }
    });
    let (id, version) = (entry.draft.id, entry.version);
    let is_open = ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == "withdraw");
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
        <details open=is_open>
            <summary>{locale.entry_withdraw()}</summary>
            {merged}
            <Form action="withdraw">
                <input type="hidden" name="version" value=version/>
                <Field name="reason" label=locale.entry_reason() hint=locale.entry_withdraw_hint() required=true/>
                <div><button class="danger" type="submit">{locale.entry_withdraw()}</button></div>
            </Form>
        </details>
    }
}

/// What somebody else changed after the reader opened the page and before they withdrew the entry: told before they do it
/// again.
fn changed_meanwhile(ctx: &Ctx, names: &Names<'_>, entry: &Entry, former: &[store::Former]) -> Option<AnyView> {
    let refused = ctx.refused.as_ref().filter(|refused| refused.form.get("do") == "withdraw")?;
    let seen: i64 = refused.form.get("version").parse().ok()?;
    let was = former.iter().find(|one| one.version == seen).filter(|_| entry.status != Status::Withdrawn)?;
    let changes = version_view::difference(names, &was.body, &entry.draft);
    let locale = ctx.locale;
    Some(
        view! { <div class="notice"><p>{locale.conflict_withdraw()}</p>{changes}<p>{locale.conflict_withdraw_how()}</p></div> }
            .into_any(),
    )
}

/// POST `/activities/:id`: withdraw, answer a question, review, undo a merge.
pub async fn submit(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = id_in(&ctx.path, 2)?;
    let here = ctx.path.clone();
    match form.get("do") {
        "withdraw" => {
            let version = form.get("version").parse().ok();
            match action::withdraw_seen(&ctx, id, version, form.get("reason")).await {
                Ok(_) => Ok(Done::to(here).say(ctx.locale.entry_was_withdrawn())),
                Err(Error::Stale) => {
                    Err(Error::Conflict { code: "stale", message: ctx.locale.conflict_withdraw_stale().into() })
                }
                Err(other) => Err(other),
            }
        }
        "accept" => {
            review::action::accept(&ctx, id, form.get("version").parse().ok()).await?;
            Ok(Done::to(here).say(ctx.locale.review_accepted()))
        }
        "return" => {
            let (version, presets) = (form.get("version").parse().ok(), form.all("presets"));
            review::action::send_back(&ctx, id, version, &presets, form.get("remark")).await?;
            Ok(Done::to(here).say(ctx.locale.review_returned()))
        }
        "resubmit" => {
            action::resubmit(&ctx, id, form.get("version").parse().ok()).await?;
            Ok(Done::to(here).say(ctx.locale.review_resubmitted_photos()))
        }
        "unmerge" => {
            let merged = form.get("merged").parse().map_err(|_| Error::NotFound)?;
            let said = match review::double_action::undo(&ctx, merged).await? {
                true => ctx.locale.double_undone(),
                false => ctx.locale.double_undone_partly(),
            };
            Ok(Done::to(here).say(said))
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
