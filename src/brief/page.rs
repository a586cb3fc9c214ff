//! `/activities/:id/brief` and `/campaigns/:key/brief`: what to copy, and the brief as a document.

use super::action::{self, Photo};
use crate::{
    domain::brief::Brief,
    error::{Error, Result},
    locale::Locale,
    server::{context::Ctx, document, state::AppState},
    ui::{
        copy::{CopyText, InWeChat},
        page::{Page, page},
    },
};
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// The documents of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/activities/{id}/brief.docx", get(activity_document))
        .route("/campaigns/{key}/brief.docx", get(campaign_document))
}

/// `/activities/:id/brief`
pub fn activity() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let texts = action::of_activity(&ctx, id).await?;
        let title = locale.brief_title(texts.entry.draft.date, &texts.entry.unit_name);
        let body = view! {
            <p><a href=format!("/activities/{id}")>{locale.brief_back()}</a></p>
            <InWeChat/>
            <div class="form">
                <CopyText id="group-text" label=locale.brief_for_group() hint=locale.brief_for_group_hint() text=texts.message/>
            </div>
            {brief_section(locale, &texts.brief, &texts.photos, format!("/activities/{id}/brief.docx"))}
        };
        Ok(Page::new("/activities", title, body))
    })
}

/// `/campaigns/:key/brief`
pub fn campaign() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let (campaign, brief, photos) = action::of_campaign(&ctx, &key).await?;
        let body = view! {
            <p><a href=format!("/campaigns/{}", campaign.key)>{campaign.title.clone()}</a></p>
            <p class="hint">{locale.brief_own_figures()}</p>
            <InWeChat/>
            {brief_section(locale, &brief, &photos, format!("/campaigns/{}/brief.docx", campaign.key))}
        };
        Ok(Page::new("/campaigns", locale.brief_of_campaign(&campaign.title), body))
    })
}

/// The brief as it will look, the same to be copied, and the document.
fn brief_section(locale: Locale, brief: &Brief, photos: &[Photo], file: String) -> impl IntoView + use<> {
    let paragraphs = brief.body.iter().map(|text| view! { <p>{text.clone()}</p> }).collect_view();
    let photos: Vec<_> = photos
        .iter()
        .map(|photo| {
            view! {
                <figure>
                    <img src=format!("/evidence/{}/thumb", photo.id) alt=photo.caption.clone()/>
                    <figcaption>{photo.caption.clone()}</figcaption>
                </figure>
            }
        })
        .collect();
    let title = brief.title.clone();
    let end = format!("{} {}", brief.sender, brief.day);
    view! {
        <section>
            <h2>{locale.brief_preview()}</h2>
            <div class="official" lang="zh-CN">
                <p class="official-title">{title}</p>
                {paragraphs}
                {(!photos.is_empty()).then(|| view! { <div class="brief-photos">{photos}</div> })}
                <p class="official-end">{end}</p>
            </div>
            <div class="form">
                <CopyText id="brief-text" label=locale.brief_text() hint=locale.brief_text_hint() text=brief.text()/>
                <div><a class="button primary" href=file>{locale.brief_document()}</a></div>
            </div>
        </section>
    }
}

/// Whoever is not logged in is asked to.
fn log_in() -> Response {
    Redirect::to("/login").into_response()
}

/// `GET /activities/{id}/brief.docx`
async fn activity_document(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(log_in());
    }
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let texts = action::of_activity(&ctx, id).await?;
    let document = action::document(&ctx, &texts.brief, texts.photos).await?;
    document::answer(document.docx()?, &document.title, &format!("brief-{id}"))
}

/// `GET /campaigns/{key}/brief.docx`
async fn campaign_document(ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(log_in());
    }
    let (campaign, brief, photos) = action::of_campaign(&ctx, &key).await?;
    let document = action::document(&ctx, &brief, photos).await?;
    document::answer(document.docx()?, &document.title, &format!("brief-{}", campaign.key))
}
