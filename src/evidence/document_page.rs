//! `/campaigns/:key/evidence`, `/indicators/:key/evidence`, `/rosters/:kind/:id/evidence` and
//! `/inspection/:id/items/:item/evidence`: documents that belong to no activity, as red-head files, minutes, plans and letters of appointment. What an office files elsewhere later is another
//! column of `evidence_link` and another page like these.

use super::{
    page::{refused, sent},
    piece_action,
    store::{self, Piece},
    view,
    write_store::Target,
};
use crate::{
    campaign,
    domain::{access::Scope, roster::Kind},
    error::{Error, Result},
    inspection, plan, roster,
    server::{
        context::Ctx,
        form::{Done, FormData},
        multipart::Upload,
    },
    ui::{
        field::Problems,
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/campaigns/:key/evidence`.
pub fn campaign_documents() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let mut conn = ctx.db.read().await?;
        let campaign = campaign::action::find(&mut conn, &ctx.scope()?, &key).await?;
        let owner = unit::store::by_id(&mut conn, &Scope::everything(), campaign.unit.id).await?;
        let pieces = store::of_campaign(&mut conn, campaign.id).await?;
        drop(conn);
        let may_add = ctx.actor()?.may_manage(&owner);
        let back = format!("/campaigns/{key}");
        let body = body(&ctx, back, campaign.title.clone(), pieces, may_add);
        Ok(Page::new("/campaigns", ctx.locale.evidence_documents_of(&campaign.title), body))
    })
}

/// `/indicators/:key/evidence?unit=`: what a unit files for an indicator; those below it file their own.
pub fn indicator_documents() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = plan::action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let indicator = plan::indicator_action::seen_indicator(&mut conn, &unit, &key).await?;
        let pieces = store::of_indicator(&mut conn, &ctx.scope()?, indicator.id).await?;
        drop(conn);
        let name = locale.name(&indicator.name, indicator.name_en.as_deref()).to_owned();
        let may_add = ctx.actor()?.may_manage(&unit);
        let back = format!("/indicators/{key}?unit={}", unit.code);
        let title = format!("{name} · {}", unit.short_name);
        let body = body(&ctx, back, title.clone(), pieces, may_add);
        Ok(Page::new("/goals", locale.evidence_documents_of(&title), body))
    })
}

/// `/rosters/:kind/:id/evidence`: the letter of appointment, the contract, the plaque.
pub fn roster_documents() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let (kind, id) = (params.get("kind").unwrap_or_default(), params.get("id").unwrap_or_default());
    page(|ctx| async move {
        let locale = ctx.locale;
        let kind = Kind::from_key(&kind).ok_or(Error::NotFound)?;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let (entry, unit) = roster::action::to_read(&ctx, &mut conn, kind, id).await?;
        let pieces = store::of_roster(&mut conn, id).await?;
        drop(conn);
        let may_add = ctx.actor()?.may_manage(&unit) && entry.erased_at.is_none() && entry.withdrawn_at.is_none();
        let back = format!("/rosters/{kind}/{id}");
        let title = format!("{} · {}", roster::words::name(locale, &entry), unit.short_name);
        let body = body(&ctx, back, title.clone(), pieces, may_add);
        Ok(Page::new("/goals", locale.evidence_documents_of(&title), body))
    })
}

/// `/inspection/:id/items/:item/evidence`: what shows one item and belongs to no campaign.
pub fn inspection_documents() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let (id, item) = (params.get("id").unwrap_or_default(), params.get("item").unwrap_or_default());
    page(|ctx| async move {
        let (id, item) = (id.parse().map_err(|_| Error::NotFound)?, item.parse().map_err(|_| Error::NotFound)?);
        let mut conn = ctx.db.read().await?;
        let (scheme, unit) = inspection::action::to_read(&ctx, &mut conn, id).await?;
        let one = inspection::action::item(&mut conn, &scheme, item).await?;
        let pieces = store::of_inspection_item(&mut conn, item).await?;
        drop(conn);
        let may_add = ctx.actor()?.may_manage(&unit) && scheme.closed_at.is_none();
        let back = format!("/inspection/{id}/items/{item}");
        let body = body(&ctx, back, one.name.clone(), pieces, may_add);
        Ok(Page::new("/report", ctx.locale.evidence_documents_of(&one.name), body))
    })
}

fn body(ctx: &Ctx, back: String, caption: String, pieces: Vec<Piece>, may_add: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let children = ctx.refused.as_ref().is_some_and(|refused| refused.form.has("children"));
    view! {
        <Problems/>
        <div class="toolbar"><a class="button" href=back>{locale.back()}</a></div>
        {pieces.is_empty().then(|| view! { <p class="empty">{locale.evidence_none()}</p> })}
        {view::documents(locale, &pieces)}
        {view::gallery(locale, &pieces, &caption, false)}
        {may_add.then(|| view::upload_form(locale, ctx.here(), children, true))}
    }
}

/// POST `/campaigns/:key/evidence`.
pub async fn submit_campaign(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let key = ctx.path.split('/').nth(2).unwrap_or_default();
    let campaign = piece_action::campaign_to_add(&ctx, &mut ctx.db.read().await?, key).await?;
    store_all(&ctx, &form, &files, Target::Campaign(campaign.id), campaign.unit.id).await
}

/// POST `/indicators/:key/evidence?unit=`.
pub async fn submit_indicator(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let key = ctx.path.split('/').nth(2).unwrap_or_default();
    let mut conn = ctx.db.read().await?;
    let unit = plan::action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
    let (indicator, unit) = piece_action::indicator_to_add(&ctx, &mut conn, key, &unit.code).await?;
    drop(conn);
    store_all(&ctx, &form, &files, Target::Indicator(indicator.id, unit.id), unit.id).await
}

/// POST `/rosters/:kind/:id/evidence`.
pub async fn submit_roster(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let mut parts = ctx.path.split('/').skip(2);
    let kind = parts.next().and_then(Kind::from_key).ok_or(Error::NotFound)?;
    let id = parts.next().and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let (entry, unit) = roster::action::to_change(&ctx, &mut conn, kind, id).await?;
    drop(conn);
    roster::action::is_open(&ctx, &entry)?;
    store_all(&ctx, &form, &files, Target::Roster(id, unit.id), unit.id).await
}

/// POST `/inspection/:id/items/:item/evidence`.
pub async fn submit_inspection(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let number = |place: usize| ctx.path.split('/').nth(place).and_then(|id| id.parse().ok()).ok_or(Error::NotFound);
    let (id, item) = (number(2)?, number(4)?);
    let mut conn = ctx.db.read().await?;
    let (scheme, unit) = inspection::action::to_edit(&ctx, &mut conn, id).await?;
    inspection::action::item(&mut conn, &scheme, item).await?;
    drop(conn);
    store_all(&ctx, &form, &files, Target::Inspection(item, unit.id), unit.id).await
}

async fn store_all(ctx: &Ctx, form: &FormData, files: &[Upload], target: Target, unit_id: i64) -> Result<Done> {
    if files.is_empty() {
        return Err(Error::invalid("file", ctx.locale.evidence_missing_file()));
    }
    let (mut stored, mut problems) = (0, Vec::new());
    for file in files {
        let added = match sent(ctx, form, file).await {
            Ok(sent) => piece_action::add_document(ctx, target, unit_id, sent).await,
            Err(error) => Err(error),
        };
        match added {
            Ok(_) => stored += 1,
            Err(Error::Invalid(wrong)) => problems.push((file.name.clone(), wrong)),
            Err(other) => return Err(other),
        }
    }
    if !problems.is_empty() {
        return Err(refused(ctx, stored, problems));
    }
    Ok(Done::to(ctx.here()).say(ctx.locale.evidence_sent(stored)))
}
