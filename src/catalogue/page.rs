//! The pages of the catalogue and what their forms do.

use super::{
    action::{self, read_unit},
    entry_view,
    list_view::{self, anchor},
    order_view,
    view::{prefixed, read_measure, read_theme, read_type, read_wording},
};
use crate::{
    domain::catalogue::{EntryKind, Move},
    error::{Error, Result},
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::page::page,
};
use axum::Router;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/catalogue`.
pub fn catalogue() -> impl IntoView {
    page(list_view::list)
}

/// `/catalogue/{kind}`.
pub fn order() -> impl IntoView {
    let kind = use_params_map().get_untracked().get("kind").unwrap_or_default();
    page(|ctx| order_view::order(ctx, kind))
}

/// `/catalogue/{kind}/{key}`.
pub fn entry() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let part = |name| params.get(name).unwrap_or_default();
    let (kind, key) = (part("kind"), part("key"));
    page(|ctx| entry_view::entry(ctx, kind, key))
}

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/catalogue", form(add))
        .route("/catalogue/{kind}", form(arrange))
        .route("/catalogue/{kind}/{key}", form(change))
}

async fn add(ctx: Ctx, form: FormData) -> Result<Done> {
    let kind = EntryKind::from_key(form.get("do")).ok_or(Error::NotFound)?;
    let name = match kind {
        EntryKind::Measure => {
            let done = action::add_measure(&ctx, read_measure(&form, "m_")).await;
            done.map_err(|error| prefixed(error, "m_"))?.name
        }
        EntryKind::Type => {
            let done = action::add_type(&ctx, read_type(&form, "t_")).await;
            done.map_err(|error| prefixed(error, "t_"))?.name
        }
        EntryKind::Theme => {
            let done = action::add_theme(&ctx, read_theme(&form, "h_")).await;
            done.map_err(|error| prefixed(error, "h_"))?.name
        }
    };
    Ok(Done::to(format!("/catalogue#{}", anchor(kind))).say(ctx.locale.catalogue_added(name)))
}

async fn arrange(ctx: Ctx, form: FormData) -> Result<Done> {
    let kind = ctx.path.rsplit('/').next().and_then(EntryKind::from_key).ok_or(Error::NotFound)?;
    let seen = read_unit(&ctx, &mut ctx.db.read().await?, ctx.query.filled("unit")).await?;
    if form.get("do") == "as_above" {
        action::as_above(&ctx, &seen, kind).await?;
        return Ok(Done::to(ctx.here()).say(ctx.locale.saved()));
    }
    let how = Move::from_key(form.get("do")).ok_or(Error::NotFound)?;
    action::move_entry(&ctx, &seen, kind, form.get("key"), how).await?;
    Ok(Done::to(format!("{}{}", ctx.here(), order_view::place_of(form.get("key")))))
}

async fn change(ctx: Ctx, form: FormData) -> Result<Done> {
    let mut parts = ctx.path.rsplit('/');
    let key = parts.next().unwrap_or_default();
    let kind = parts.next().and_then(EntryKind::from_key).ok_or(Error::NotFound)?;
    let seen = read_unit(&ctx, &mut ctx.db.read().await?, ctx.query.filled("unit")).await?;
    let locale = ctx.locale;
    let said = match (form.get("do"), kind) {
        ("edit", EntryKind::Measure) => {
            action::change_measure(&ctx, &seen, key, read_measure(&form, "")).await?;
            locale.saved().to_owned()
        }
        ("edit", EntryKind::Type) => {
            let done = action::change_type(&ctx, &seen, key, read_type(&form, "")).await;
            done.map_err(|error| prefixed(error, ""))?;
            locale.saved().to_owned()
        }
        ("edit", EntryKind::Theme) => {
            action::change_theme(&ctx, &seen, key, read_theme(&form, "")).await?;
            locale.saved().to_owned()
        }
        ("retire", _) => {
            action::retire(&ctx, &seen, kind, key, true).await?;
            locale.catalogue_retired_done(key)
        }
        ("unretire", _) => {
            action::retire(&ctx, &seen, kind, key, false).await?;
            locale.catalogue_unretired_done(key)
        }
        ("word", EntryKind::Measure) => {
            action::word(&ctx, &seen, key, read_wording(&ctx, &form)?).await?;
            locale.saved().to_owned()
        }
        ("unword", EntryKind::Measure) => {
            action::unword(&ctx, &seen, key).await?;
            locale.saved().to_owned()
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Done::to(ctx.here()).say(said))
}
