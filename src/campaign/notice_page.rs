//! The notice of a campaign: what to send to the villages' group, and the document.

use super::{
    action,
    countdown::task_store,
    notice::{self, Notice},
};
use crate::{
    domain::{
        access::Scope,
        campaign::Campaign,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    server::context::Ctx,
    ui::page::{Page, page},
    unit,
};
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// A campaign's notice and the units that it goes to. Who: the officers and administrators of its owner.
async fn load(ctx: &Ctx, key: &str) -> Result<(Campaign, Vec<Unit>, Notice)> {
    let mut conn = ctx.db.read().await?;
    let campaign = action::find(&mut conn, &ctx.scope()?, key).await?;
    let owner = unit::store::by_id(&mut conn, &Scope::everything(), campaign.unit.id).await?;
    if !ctx.actor()?.may_manage(&owner) {
        return Err(Error::Forbidden);
    }
    let mut units = unit::store::at_and_below(&mut conn, &owner).await?;
    units.retain(|unit| {
        let is_place = matches!(unit.kind, UnitKind::Village | UnitKind::Community | UnitKind::School);
        is_place && campaign.goes_to(&unit.path) && unit.is_active(campaign.period.from)
    });
    let tasks = task_store::tasks(&mut conn, campaign.id).await?;
    let notice = notice::of(&campaign, &units, &tasks, ctx.today);
    Ok((campaign, units, notice))
}

/// `/campaigns/:key/notice`
pub fn notice() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let (campaign, units, notice) = load(&ctx, &key).await?;
        let message = notice.message(&campaign, &units, &ctx.origin);
        let rows = message.lines().count().clamp(8, 40).to_string();
        // As `ui::field::TextArea`: the first line break inside a textarea is dropped by browsers.
        let text = format!("\n{}", crate::ui::escaped(&message));
        let document = format!("/campaigns/{}/notice.docx", campaign.key);
        let back = format!("/campaigns/{}", campaign.key);
        let body = view! {
            <p><a href=back>{campaign.title.clone()}</a></p>
            <div class="toolbar"><a class="button primary" href=document>{locale.notice_document()}</a></div>
            <div class="field">
                <label for="notice-text">{locale.notice_message()}</label>
                <p class="hint">{locale.notice_hint()}</p>
                <textarea id="notice-text" readonly=true rows=rows inner_html=text></textarea>
            </div>
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
    let (campaign, _, notice) = load(&ctx, &key).await?;
    let mut response = notice.docx()?.into_response();
    let headers = response.headers_mut();
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let disposition = format!("attachment; filename=\"notice-{}.docx\"", campaign.key);
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Error::internal)?);
    Ok(response)
}
