//! The ways out of a list, and what to do where a browser saves no files.

use super::address;
use crate::server::context::Ctx;
use leptos::prelude::*;

/// Links to the exports of what the address asks for.
pub fn links(ctx: &Ctx, path: &str) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let excel = address::same(&format!("{path}.xlsx"), &ctx.query);
    let text = address::same(&format!("{path}.csv"), &ctx.query);
    view! {
        <a class="button" href=excel download="">{locale.ledger_xlsx()}</a>
        <a class="button" href=text download="">{locale.ledger_csv()}</a>
    }
}

/// WeChat's browser saves no files; the line says how to go on.
pub fn in_browser(ctx: &Ctx) -> Option<impl IntoView + use<>> {
    ctx.agent.contains("MicroMessenger").then(|| view! { <p class="hint">{ctx.locale.ledger_in_browser()}</p> })
}
