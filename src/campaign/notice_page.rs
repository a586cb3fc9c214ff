//! The notice of a campaign: what to send to the villages' group, and the document.

use super::notice_action;
use crate::{
    error::Result,
    server::{context::Ctx, document},
    ui::{
        copy::{CopyText, InWeChat},
        page::{Page, page},
    },
};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/campaigns/:key/notice`
pub fn notice() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let (campaign, units, notice) = notice_action::of_campaign(&ctx, &key).await?;
        let message = notice.message(&campaign, &units, &ctx.origin);
        let file = format!("/campaigns/{}/notice.docx", campaign.key);
        let back = format!("/campaigns/{}", campaign.key);
        let body = view! {
            <p><a href=back>{campaign.title.clone()}</a></p>
            <div class="toolbar"><a class="button primary" href=file>{locale.notice_document()}</a></div>
            <InWeChat/>
            <CopyText id="notice-text" label=locale.notice_message() hint=locale.notice_hint() text=message/>
        };
        Ok(Page::new("/campaigns", locale.notice_of(&campaign.title), body))
    })
}

/// `GET /campaigns/{key}/notice.docx`. Whoever is not logged in is asked to.
///
/// # Errors
/// As the page's.
pub async fn document(ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login?next=%2Fcampaigns").into_response());
    }
    let (campaign, _, notice) = notice_action::of_campaign(&ctx, &key).await?;
    document::answer(notice.docx()?, &notice.title, &format!("notice-{}", campaign.key))
}
