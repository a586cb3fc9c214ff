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
    server::{context::Ctx, document},
    ui::{
        copy::{CopyText, InWeChat},
        page::{Page, page},
    },
    unit,
};
use axum::{
    extract::Path,
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
    let (campaign, _, notice) = load(&ctx, &key).await?;
    document::answer(notice.docx()?, &format!("notice-{}", campaign.key))
}
