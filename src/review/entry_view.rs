//! What reviews, returns and merges show on the pages of others: on an entry, and where its author begins the day.

use super::{
    action,
    double_store::Merge,
    store::{Returned, Review},
};
use crate::{
    activity::store::Entry,
    domain::{
        activity::Status,
        review::{Preset, Verdict},
    },
    error::Result,
    locale::Locale,
    server::{clock, context::Ctx, db::Conn},
    ui::field::{Choices, Field, Form},
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// How far an entry has come, in a word.
pub fn status_tag(locale: Locale, status: Status) -> AnyView {
    match status {
        Status::Withdrawn => view! { <span class="tag bad">{locale.entry_withdrawn()}</span> }.into_any(),
        Status::Accepted => view! { <span class="tag good">{locale.review_status_accepted()}</span> }.into_any(),
        Status::Returned => view! { <span class="tag warn">{locale.review_status_returned()}</span> }.into_any(),
        Status::Submitted => view! { <span class="tag">{locale.review_status_submitted()}</span> }.into_any(),
    }
}

/// Why an entry went back, on its page, above all else: the latest remark, while it is returned.
pub fn remark(locale: Locale, entry: &Entry, reviews: &[Review], may_change: bool) -> Option<AnyView> {
    let last = reviews.iter().find(|one| one.verdict == Verdict::Returned)?;
    if entry.status != Status::Returned {
        return None;
    }
    let words = locale.review_returned_by(clock::minute(last.at), &last.reviewed_by, last.remark.text(locale));
    let correct = may_change.then(|| {
        let address = format!("/activities/{}/correct", entry.draft.id);
        let version = entry.version;
        view! {
            <p>{locale.review_correct_hint()}</p>
            <div class="toolbar">
                <a class="button primary" href=address>{locale.entry_correct()}</a>
                // The counts were right and the photo was missing: it is added below, and nothing is typed again.
                <Form action="resubmit" class="inline">
                    <input type="hidden" name="version" value=version/>
                    <button type="submit">{locale.review_resubmit()}</button>
                </Form>
            </div>
        }
    });
    Some(view! { <div class="notice"><p><strong>{words}</strong></p>{correct}</div> }.into_any())
}

/// Lines for an entry's history.
pub fn lines(locale: Locale, reviews: &[Review]) -> Vec<(DateTime<Utc>, String)> {
    reviews
        .iter()
        .map(|one| {
            let at = clock::minute(one.at);
            let line = match one.verdict {
                Verdict::Accepted => locale.review_line_accepted(at, &one.reviewed_by, one.version),
                Verdict::Returned => {
                    locale.review_line_returned(at, &one.reviewed_by, one.remark.text(locale), one.version)
                }
            };
            (one.at, line)
        })
        .collect()
}

/// The form for who looks at an entry: accept, or return with a remark.
pub fn form(ctx: &Ctx, entry: &Entry) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let version = entry.version;
    let accept = (entry.status != Status::Accepted).then(|| {
        view! {
            <Form action="accept" class="inline">
                <input type="hidden" name="version" value=version/>
                <button class="primary" type="submit">{locale.review_accept()}</button>
            </Form>
        }
    });
    let presets = Preset::ALL.iter().map(|preset| (preset.key().to_owned(), preset.words(locale).to_owned())).collect();
    let is_open = ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == "return");
    view! {
        <section id="review" class="review-entry">
            <h2>{locale.review_section()}</h2>
            {accept}
            <details open=is_open>
                <summary>{locale.review_return()}</summary>
                <Form action="return">
                    <input type="hidden" name="version" value=version/>
                    <Choices name="presets" label=locale.review_presets() options=presets/>
                    <Field name="remark" label=locale.review_words() hint=locale.review_words_hint()/>
                    <div><button type="submit">{locale.review_return()}</button></div>
                </Form>
            </details>
        </section>
    }
}

/// What an entry was merged into, and what was merged into it; the officer may undo it.
pub fn merges(locale: Locale, entry: &Entry, merges: &[Merge], may_manage: bool) -> Option<AnyView> {
    let lines: Vec<_> = merges
        .iter()
        .map(|one| {
            let is_merged = one.merged_id == entry.draft.id;
            let (text, address) = match is_merged {
                true => (locale.double_merged_into(&one.kept_unit), format!("/activities/{}", one.kept_id)),
                false => (locale.double_has_merged(&one.merged_unit), format!("/activities/{}", one.merged_id)),
            };
            let merged = one.merged_id.to_string();
            let undo = may_manage.then(|| {
                view! {
                    " "<Form action="unmerge" class="inline">
                        <input type="hidden" name="merged" value=merged/>
                        <button type="submit">{locale.double_undo()}</button>
                    </Form>
                }
            });
            view! { <p><a href=address>{text}</a>{undo}</p> }
        })
        .collect();
    (!lines.is_empty()).then(|| view! { <div class="notice">{lines}</div> }.into_any())
}

/// What went back to the reader, where they begin their day; nothing where there is nothing.
pub async fn returned(ctx: &Ctx, conn: &mut Conn) -> Result<Option<AnyView>> {
    let entries = action::returned(ctx, conn).await?;
    Ok((!entries.is_empty()).then(|| returned_list(ctx, entries)))
}

fn returned_list(ctx: &Ctx, entries: Vec<Returned>) -> AnyView {
    let locale = ctx.locale;
    let count = entries.len();
    let items = entries
        .into_iter()
        .map(|one| {
            let kind = locale.name(&one.type_name, one.type_name_en.as_deref()).to_owned();
            let what = format!("{} {} {kind}", one.day, one.unit_name);
            let why = locale.review_returned_short(&one.reviewed_by, one.remark().text(locale));
            view! {
                <li class="task">
                    <p class="what"><a href=format!("/activities/{}", one.id)>{what.clone()}</a></p>
                    <p class="what"><span class="tag warn">{locale.review_status_returned()}</span>" "{why}</p>
                    <p class="action">
                        <a class="button primary" href=format!("/activities/{}/correct", one.id)>
                            {locale.entry_correct()}<span class="visually-hidden">" "{what}</span>
                        </a>
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2>{locale.review_returned_title()}" "<span class="muted">{count}</span></h2>
            <ul class="tasks">{items}</ul>
        </section>
    }
    .into_any()
}
