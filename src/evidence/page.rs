//! The pages of this room: an entry's evidence, one piece and what it supports, the documents of a campaign or an
//! indicator, and the list of all.

pub use super::{
    document_page::{campaign_documents, indicator_documents, inspection_documents, roster_documents},
    list_page::pieces,
    piece_page::piece,
};

use super::{
    action::{self, Sent},
    document_page, list_page, piece_page, serve, store, view,
};
use crate::{
    activity,
    domain::{
        access::Scope,
        evidence::{MOST_BYTES, Refusal, clean_name, shows_children},
        problem::Problem,
    },
    error::{Error, Result},
    server::{
        context::Ctx,
        form::{Done, FormData, form, form_with_files},
        multipart::{Limits, Upload},
        state::AppState,
    },
    ui::{
        field::Problems,
        page::{Page, page},
    },
    unit,
};
use axum::{Router, routing::get};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// A form's photos and documents: a shoot of forty photos as a phone takes them.
const FORM: Limits = Limits { file: MOST_BYTES, body: 400 * 1024 * 1024 };

/// The forms of these pages, and the bytes themselves.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/evidence", form(list_page::submit))
        .route("/evidence/{id}", get(serve::full))
        .route("/evidence/{id}/thumb", get(serve::thumb))
        .route("/evidence/{id}/uses", form(piece_page::submit))
        .route("/activities/{id}/evidence", form_with_files(FORM, submit))
        .route("/campaigns/{key}/evidence", form_with_files(FORM, document_page::submit_campaign))
        .route("/indicators/{key}/evidence", form_with_files(FORM, document_page::submit_indicator))
        .route("/inspection/{id}/items/{item}/evidence", form_with_files(FORM, document_page::submit_inspection))
        .route("/rosters/{kind}/{id}/evidence", form_with_files(FORM, document_page::submit_roster))
}

/// `/activities/:id/evidence`: the pictures large, to look at and to print, and the form that sends more.
pub fn activity_evidence() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let entry = activity::store::one(&mut conn, &ctx.scope()?, id).await?;
        let unit = unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
        let withdrawn = entry.status == crate::domain::activity::Status::Withdrawn;
        let pieces = match withdrawn {
            true => Vec::new(),
            false => store::of_activity(&mut conn, id).await?,
        };
        drop(conn);
        let caption = view::caption_of(&entry, locale);
        let may_add = !withdrawn && ctx.actor()?.may_log(&unit);
        let children = match &ctx.refused {
            Some(refused) => refused.form.has("children"),
            None => shows_children(unit.kind, !entry.draft.classes.is_empty()),
        };
        let body = view! {
            <Problems/>
            <div class="toolbar"><a class="button" href=format!("/activities/{id}")>{locale.back()}</a></div>
            {pieces.is_empty().then(|| view! { <p class="empty">{locale.evidence_none()}</p> })}
            {may_add.then(|| view::upload_form(locale, ctx.path.clone(), children, false))}
            {view::gallery(locale, &pieces, &caption, true)}
            {view::documents(locale, &pieces)}
        };
        Ok(Page::new("/activities", locale.evidence_title_of(&caption), body))
    })
}

/// The files of a form with what is said of all of them; each that is too large is told apart.
pub(super) async fn sent(ctx: &Ctx, form: &FormData, file: &Upload) -> Result<Sent> {
    if file.too_large {
        return Err(Error::invalid("file", Refusal::TooLarge.words(ctx.locale)));
    }
    Ok(Sent {
        bytes: file.bytes().await?,
        name: file.name.clone(),
        children: Some(form.has("children")),
        taken_at: None,
    })
}

/// What is said of the files that were refused: each by its name, and that the others are stored.
pub(super) fn refused(ctx: &Ctx, stored: usize, problems: Vec<(String, Vec<Problem>)>) -> Error {
    let locale = ctx.locale;
    let mut all: Vec<Problem> = problems
        .into_iter()
        .flat_map(|(name, problems)| {
            let name = clean_name(&name);
            problems
                .into_iter()
                .map(move |problem| Problem::new("file", locale.evidence_one_wrong(&name, &problem.message)))
        })
        .collect();
    if stored > 0 {
        all.push(Problem::new("", locale.evidence_some_sent(stored)));
    }
    Error::Invalid(all)
}

/// POST `/activities/:id/evidence`: stores what is good, and names what is not.
async fn submit(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let id: Uuid = ctx.path.split('/').nth(2).and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    action::to_add(&ctx, &mut ctx.db.read().await?, id).await?;
    if files.is_empty() {
        return Err(Error::invalid("file", ctx.locale.evidence_missing_file()));
    }
    let (mut stored, mut alike, mut problems) = (0, false, Vec::new());
    for file in &files {
        let added = match sent(&ctx, &form, file).await {
            Ok(sent) => action::add_to_activity(&ctx, id, sent).await,
            Err(error) => Err(error),
        };
        match added {
            Ok(added) => {
                stored += 1;
                alike |= !added.similar.is_empty();
            }
            Err(Error::Invalid(wrong)) => problems.push((file.name.clone(), wrong)),
            Err(other) => return Err(other),
        }
    }
    if !problems.is_empty() {
        return Err(refused(&ctx, stored, problems));
    }
    let said = match alike {
        true => ctx.locale.evidence_sent_alike(stored),
        false => ctx.locale.evidence_sent(stored),
    };
    Ok(Done::to(format!("/activities/{id}#evidence")).say(said))
}
