//! The part of a page that moves, and the line that says how new it is.

use crate::{locale::Locale, server::context::Ctx, ui::asset};
use leptos::prelude::*;
use serde_json::json;

/// Where `live.js` says how new the figures are; empty without script.
#[component]
pub fn LiveLine() -> impl IntoView {
    let locale = expect_context::<Ctx>().locale;
    view! { <p id="live-line" class="live-line" data-words=words(locale)></p> }
}

/// What is fetched again when something concerning the unit was written. A page has one, and one [`LiveLine`]. `steady`:
/// nobody sits before it, so that it is also fetched from time to time whatever is heard.
#[component]
pub fn Live(#[prop(into)] unit: String, #[prop(optional)] steady: bool, children: Children) -> impl IntoView {
    let now = expect_context::<Ctx>().now.timestamp_millis().to_string();
    view! {
        <div id="live" data-unit=unit data-now=now data-steady=steady.then_some("1")>{children()}</div>
        <script src=asset("live.js") defer=true></script>
    }
}

fn words(locale: Locale) -> String {
    json!({
        "live": locale.live_line("{time}"),
        "away": locale.live_away("{time}"),
        "ended": locale.live_ended(),
        "login": locale.log_in(),
    })
    .to_string()
}
