//! `/evidence/:id/uses`: one piece, what it supports, and what can be done with it.

use super::{
    piece_action,
    store::{self, OtherUse, Piece, Use},
    view::{bytes, figure, shown_name},
};
use crate::{
    activity, campaign,
    domain::{
        access::{Actor, Scope},
        evidence::{Kind, caption},
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        clock,
        context::Ctx,
        db::Conn,
        form::{Done, FormData},
    },
    ui::{
        field::{Form, Problems, Select},
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many entries are offered for another use.
const OFFERED: i64 = 40;

/// `/evidence/:id/uses`.
pub fn piece() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let scope = ctx.scope()?;
        let mut conn = ctx.db.read().await?;
        let piece = store::readable(&mut conn, &scope, id).await?;
        let uses = store::uses(&mut conn, &scope, id).await?;
        let others = seen_others(&ctx, &mut conn, id).await?;
        let may_change = piece_action::may_change(&ctx, &mut conn, id).await?;
        let may_say = may_change && (!piece.children || piece_action::may_clear_children(&ctx, &mut conn, id).await?);
        let mut units = BTreeMap::new();
        for one in &uses {
            let unit = unit::store::by_code(&mut conn, &Scope::everything(), &one.unit_code).await?;
            units.insert(one.unit_code.clone(), unit);
        }
        let offered = if may_change { offered(&ctx, &mut conn, &uses).await? } else { Vec::new() };
        drop(conn);
        let actor = ctx.actor()?;
        let body = view! {
            <Problems/>
            <div class="two">
                <div>{shown(locale, &piece, uses.first())}</div>
                <div>
                    {facts(locale, &piece)}
                    {(!uses.is_empty()).then(|| entries(locale, actor, &uses, &units))}
                    {(!others.is_empty()).then(|| documents(locale, &others))}
                    {(!offered.is_empty()).then(|| attach_form(locale, offered))}
                    {(may_say && piece.kind == Kind::Photo).then(|| children_form(locale, piece.children))}
                </div>
            </div>
        };
        Ok(Page::new("/activities", shown_name(locale, &piece), body))
    })
}

/// The campaigns and indicators in the reader's sight that a piece supports, and whether it may be taken back from them.
async fn seen_others(ctx: &Ctx, conn: &mut Conn, id: Uuid) -> Result<Vec<(OtherUse, bool)>> {
    let scope = ctx.scope()?;
    let mut seen = Vec::new();
    for one in store::other_uses(conn, id).await? {
        let reads = match one.campaign_id {
            Some(campaign) => !campaign::store::by_ids(conn, &scope, &[campaign]).await?.is_empty(),
            None => scope.contains(&one.owner_path),
        };
        if reads {
            let may = piece_action::may_unlink_other(ctx, conn, &one).await?;
            seen.push((one, may));
        }
    }
    Ok(seen)
}

/// The latest entries at which the reader may log and that the piece does not support yet: (id, words).
async fn offered(ctx: &Ctx, conn: &mut Conn, uses: &[Use]) -> Result<Vec<(String, String)>> {
    let home = ctx.actor()?.home_unit_id().ok_or(Error::NotFound)?;
    let home = unit::store::by_id(conn, &ctx.scope()?, home).await?;
    let filter = activity::store::Filter { scope: Some(ctx.scope()?), ..activity::store::Filter::default() };
    let entries = activity::store::page(conn, &home, &filter, None, OFFERED).await?;
    let mut units: BTreeMap<i64, bool> = BTreeMap::new();
    let mut offered = Vec::new();
    for entry in entries {
        if uses.iter().any(|one| one.activity == entry.draft.id) {
            continue;
        }
        let may = match units.get(&entry.unit_id) {
            Some(may) => *may,
            None => {
                let unit = unit::store::by_id(conn, &Scope::everything(), entry.unit_id).await?;
                let may = ctx.actor()?.may_log(&unit);
                units.insert(entry.unit_id, may);
                may
            }
        };
        if may {
            let words = caption(entry.draft.date, &entry.draft.place, &entry.unit_name, ctx.locale);
            offered.push((entry.draft.id.to_string(), words));
        }
    }
    Ok(offered)
}

fn shown(locale: Locale, piece: &Piece, first: Option<&Use>) -> impl IntoView + use<> {
    let address = format!("/evidence/{}", piece.id);
    match piece.kind {
        Kind::Photo => {
            let words = match first {
                Some(one) => caption(one.day, &one.place, &one.unit_name, locale),
                None => shown_name(locale, piece),
            };
            view! {
                <div class="gallery one">{figure(locale, piece, words, true)}</div>
                <p><a href=address>{locale.evidence_open_full()}</a></p>
            }
            .into_any()
        }
        Kind::Document => view! { <p><a class="button" href=address>{locale.evidence_download()}</a></p> }.into_any(),
    }
}

fn facts(locale: Locale, piece: &Piece) -> impl IntoView + use<> {
    let kind = match piece.kind {
        Kind::Photo => locale.evidence_kind_photo(),
        Kind::Document => locale.evidence_kind_document(),
    };
    let size = match (piece.width, piece.height) {
        (Some(width), Some(height)) => format!("{width} × {height}, {}", bytes(piece.full_size)),
        _ => bytes(piece.size),
    };
    view! {
        <dl class="meta">
            <dt>{locale.evidence_kind()}</dt><dd>{kind}" · "{size}</dd>
            {piece.taken_at.map(|at| view! { <dt>{locale.evidence_taken()}</dt><dd>{clock::minute(at)}</dd> })}
            <dt>{locale.evidence_added()}</dt>
            <dd>{locale.evidence_added_by(clock::minute(piece.linked_at), &piece.linked_by_name)}</dd>
        </dl>
    }
}

fn unlink_form(locale: Locale, link: i64) -> impl IntoView {
    view! {
        <details>
            <summary>{locale.evidence_unlink()}</summary>
            <form method="post" class="form row" novalidate=true>
                <input type="hidden" name="do" value="unlink"/>
                <input type="hidden" name="link" value=link/>
                <div class="field">
                    <label for=format!("f-reason-{link}")>{locale.entry_reason()}</label>
                    <p class="hint">{locale.evidence_unlink_hint()}</p>
                    <input id=format!("f-reason-{link}") name="reason" type="text"/>
                </div>
                <button type="submit" class="danger">{locale.evidence_unlink()}</button>
            </form>
        </details>
    }
}

fn entries(locale: Locale, actor: &Actor, uses: &[Use], units: &BTreeMap<String, Unit>) -> impl IntoView + use<> {
    let items = uses
        .iter()
        .map(|one| {
            let may = units.get(&one.unit_code).is_some_and(|unit| actor.may_log(unit));
            let words = caption(one.day, &one.place, &one.unit_name, locale);
            view! {
                <li>
                    <a href=format!("/activities/{}", one.activity)>{words}</a>
                    {may.then(|| unlink_form(locale, one.link_id))}
                </li>
            }
        })
        .collect_view();
    view! { <section><h2>{locale.evidence_supports()}</h2><ul>{items}</ul></section> }
}

fn documents(locale: Locale, others: &[(OtherUse, bool)]) -> impl IntoView + use<> {
    let items = others
        .iter()
        .map(|(one, may)| {
            let roster = one.roster_kind.as_ref().zip(one.roster_entry_id);
            let address = match (&one.campaign_key, &one.indicator_key, roster) {
                (Some(key), ..) => format!("/campaigns/{key}/evidence"),
                (None, Some(key), _) => format!("/indicators/{key}/evidence?unit={}", one.owner_code),
                (None, None, Some((kind, id))) => format!("/rosters/{kind}/{id}/evidence"),
                (None, None, None) => match one.inspection_id.zip(one.inspection_item_id) {
                    Some((id, item)) => format!("/inspection/{id}/items/{item}/evidence"),
                    None => "/evidence".into(),
                },
            };
            view! {
                <li>
                    <a href=address>{one.title.clone()}</a>" "<span class="muted">{one.owner_name.clone()}</span>
                    {may.then(|| unlink_form(locale, one.link_id))}
                </li>
            }
        })
        .collect_view();
    view! { <section><h2>{locale.evidence_supports_other()}</h2><ul>{items}</ul></section> }
}

fn attach_form(locale: Locale, offered: Vec<(String, String)>) -> impl IntoView {
    let mut options = vec![(String::new(), String::new())];
    options.extend(offered);
    view! {
        <details>
            <summary>{locale.evidence_attach()}</summary>
            <Form action="attach">
                <Select name="activity" label=locale.evidence_attach_choose() options=options/>
                <div><button type="submit">{locale.evidence_attach_do()}</button></div>
            </Form>
        </details>
    }
}

fn children_form(locale: Locale, children: bool) -> impl IntoView {
    let (value, words) = match children {
        true => ("0", locale.evidence_children_clear()),
        false => ("1", locale.evidence_children_set()),
    };
    view! {
        <Form action="children" class="inline">
            <input type="hidden" name="children" value=value/>
            <button type="submit" class="quiet">{words}</button>
        </Form>
    }
}

/// POST `/evidence/:id/uses`.
pub async fn submit(ctx: Ctx, form: FormData) -> Result<Done> {
    ctx.actor()?;
    let id: Uuid = ctx.path.split('/').nth(2).and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    let here = ctx.path.clone();
    match (form.get("do"), form.get("children")) {
        ("unlink", _) => {
            let link = form.get("link").parse().map_err(|_| Error::NotFound)?;
            piece_action::unlink(&ctx, id, link, form.get("reason")).await?;
            // Where that was the last thing that it supported in the reader's sight, the page is there no more.
            let is_seen = store::readable(&mut ctx.db.read().await?, &ctx.scope()?, id).await.is_ok();
            Ok(Done::to(if is_seen { here } else { "/evidence".into() }).say(ctx.locale.evidence_unlinked()))
        }
        ("attach", _) => {
            piece_action::attach(&ctx, id, form.get("activity")).await?;
            Ok(Done::to(here).say(ctx.locale.evidence_attached()))
        }
        ("children", said @ ("0" | "1")) => {
            piece_action::set_children(&ctx, id, said == "1").await?;
            Ok(Done::to(here).say(ctx.locale.saved()))
        }
        _ => Err(Error::NotFound),
    }
}
