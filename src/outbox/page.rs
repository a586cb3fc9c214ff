//! The list of what waits on the device.

use super::worker;
use crate::{
    error::Error,
    server::state::AppState,
    ui::{
        asset,
        page::{Page, page},
        phone::may_log,
    },
};
use axum::{Router, routing::get};
use leptos::prelude::*;

/// What is not a page but an address of its own: the service worker.
pub fn forms() -> Router<AppState> {
    Router::new().route("/sw.js", get(worker::serve))
}

/// `/outbox`: what waits on this device. The browser fills it in; the server knows nothing of it.
pub fn outbox() -> impl IntoView {
    page(|ctx| async move {
        ctx.actor()?;
        if !may_log(&ctx) {
            return Err(Error::Forbidden);
        }
        let locale = ctx.locale;
        let body = view! {
            <div id="waiting"><p class="empty">{locale.outbox_needs_script()}</p></div>
            <div id="tools" hidden=true>
                <p class="toolbar"><button type="button" id="send" class="primary">{locale.outbox_send()}</button></p>
                <h2>{locale.outbox_export()}</h2>
                <p class="hint">{locale.outbox_export_hint()}</p>
                <p class="toolbar"><button type="button" id="export">{locale.outbox_export()}</button></p>
                <div class="field">
                    <label for="import">{locale.outbox_import()}</label>
                    <input type="file" id="import" accept="application/json,.json"/>
                    <p id="import-said" role="status"></p>
                </div>
            </div>
            <script src=asset("waiting.js") defer=true></script>
        };
        Ok(Page::new("/log", locale.outbox_title(), body))
    })
}
