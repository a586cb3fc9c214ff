//! `/log/message`: paste, check, confirm. Two steps of one plain form; what was pasted and typed is never lost.

use super::{action, form, view};
use crate::{
    activity::log_page,
    domain::access::Role,
    error::{Error, Result},
    server::{
        context::Ctx,
        form::{Done, FormData, Refused, form as form_page},
        state::AppState,
    },
    ui::page::{Page, page},
};
use axum::Router;
use leptos::prelude::*;
use std::sync::Arc;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new().route("/log/message", form_page(submit))
}

/// `/log/message`.
pub fn message() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        // Who may log nowhere is told so before they paste.
        log_page::loggable(&mut conn, &ctx).await?;
        let refused = ctx.refused.clone();
        // The drafts are those of the text that was read, whatever became of the text field meanwhile.
        let text = match &refused {
            Some(refused) if refused.form.get("do") == "save" => refused.form.raw("read"),
            Some(refused) => refused.form.raw("text"),
            None => "",
        };
        if text.is_empty() {
            return Ok(Page::new("/log", locale.message_title(), view::paste(locale)));
        }
        match action::read(&ctx, &mut conn, text).await {
            Ok(read) => {
                let is_first = refused.as_ref().is_none_or(|refused| refused.form.get("do") != "save");
                if is_first {
                    let shown = Refused { form: form::filled(&read), problems: Vec::new() };
                    provide_context(Ctx { refused: Some(Arc::new(shown)), ..ctx.clone() });
                }
                let form = match (is_first, refused) {
                    (false, Some(refused)) => refused.form.clone(),
                    _ => form::filled(&read),
                };
                let title = locale.message_check(form::indexes(&form).len());
                Ok(Page::new("/log", title, view::drafts(&ctx, &read, &form)))
            }
            Err(Error::Invalid(_)) => Ok(Page::new("/log", locale.message_title(), view::paste(locale))),
            Err(other) => Err(other),
        }
    })
}

/// POST `/log/message`: read the text, or store what was confirmed.
async fn submit(ctx: Ctx, form: FormData) -> Result<Done> {
    let locale = ctx.locale;
    if !ctx.actor()?.is_any(&[Role::Admin, Role::Officer, Role::Cadre]) {
        return Err(Error::Forbidden);
    }
    match form.get("do") {
        "read" => {
            action::read(&ctx, &mut ctx.db.read().await?, form.raw("text")).await?;
            Ok(Done::again())
        }
        "save" => {
            let confirmed = form::confirmed(&form, action::MOST, locale)?;
            let outcome = action::store(&ctx, &confirmed).await?;
            let said = match (outcome.saved.len(), outcome.before.len()) {
                (0, _) => locale.message_known().to_owned(),
                (saved, 0) => locale.message_saved(saved),
                (saved, before) => locale.message_saved_some(before, saved),
            };
            let all: Vec<_> = outcome.saved.iter().chain(&outcome.before).collect();
            let address = match all[..] {
                [only] => format!("/activities/{only}"),
                _ => "/activities".into(),
            };
            Ok(Done::to(address).say(said))
        }
        _ => Err(Error::NotFound),
    }
}
