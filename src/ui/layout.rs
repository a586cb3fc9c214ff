//! The frame of every page: brand, navigation by role, what was just done, the page, the foot.

use super::phone::{Phone, may_log};
use crate::{domain::access::Role, server::context::Ctx};
use axum::http::{HeaderName, HeaderValue};
use leptos::{nonce::use_nonce, prelude::*};

/// Sets the headers that keep foreign script out of the page.
pub fn protect() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<leptos_axum::ResponseOptions>()) else {
        return;
    };
    // wasm-unsafe-eval lets WebAssembly be compiled, and nothing else.
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.insert_header(HeaderName::from_static("content-security-policy"), value);
    }
}

/// Loads the islands' WebAssembly when the page is quiet. Only a page [`with islands`](super::page::Page::with_islands)
/// bears it: the others load no script at all.
#[component]
pub fn WakeIslands() -> impl IntoView {
    let folder = format!("pkg/{}", crate::server::asset::fingerprint());
    let options = LeptosOptions::builder().output_name("pufa").site_pkg_dir(folder).build();
    view! { <HydrationScripts options islands=true/> }
}

/// An entry of the navigation: address, text, and who is offered it.
fn navigation(ctx: &Ctx) -> Vec<(&'static str, &'static str)> {
    let Some(actor) = ctx.someone.as_deref() else { return Vec::new() };
    let locale = ctx.locale;
    let manages = actor.is_any(&[Role::Admin, Role::Officer]);
    let logs = manages || actor.is_any(&[Role::Cadre]);
    let mut entries = Vec::new();
    if !manages && logs {
        // A cadre's day: log, tasks, own ledger, own things.
        entries.push(("/log", locale.nav_log()));
        entries.push(("/tasks", locale.nav_tasks()));
        entries.push(("/activities", locale.nav_ledger()));
        entries.push(("/", locale.nav_village()));
        entries.push(("/me", locale.nav_me()));
        return entries;
    }
    entries.push(("/", locale.nav_home()));
    entries.push(("/campaigns", locale.nav_campaigns()));
    entries.push(("/calendar", locale.nav_calendar()));
    entries.push(("/activities", locale.nav_ledger()));
    entries.push(("/goals", locale.nav_goals()));
    entries.push(("/report", locale.nav_report()));
    if manages {
        entries.push(("/settings", locale.nav_settings()));
    } else {
        entries.push(("/me", locale.nav_me()));
    }
    entries
}

/// The frame. `section` is the address of the navigation's entry the page belongs to; with `is_demo` the foot says what
/// is invented.
#[component]
pub fn Layout(section: &'static str, title: String, is_demo: bool, children: Children) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let locale = ctx.locale;
    let entries = navigation(&ctx);
    let may_log = may_log(&ctx);
    let is_cadre = entries.first().is_some_and(|entry| entry.0 == "/log");
    let other = match locale {
        crate::locale::Locale::Zh => ("en", "English"),
        crate::locale::Locale::En => ("zh-CN", "中文"),
    };
    // Two strokes at the beginning would lead to another server.
    let other_address = format!("/{}?{}", ctx.path.trim_start_matches('/'), ctx.query.with("lang", Some(other.0)));
    let who = ctx.someone.as_deref().map(|actor| actor.display_name.clone());
    view! {
        <a class="skip" href="#main">{locale.skip_to_content()}</a>
        <header class="top" class:cadre=is_cadre>
            <a class="brand" href="/"><span class="seal" aria-hidden="true">"普"</span>{locale.product()}</a>
            {(!entries.is_empty()).then(|| view! {
                <nav class="main" aria-label=locale.navigation()>
                    <ul>
                        {entries.into_iter().map(|(address, text)| {
                            let current = (address == section).then_some("page");
                            view! { <li><a href=address aria-current=current>{text}</a></li> }
                        }).collect_view()}
                    </ul>
                </nav>
            })}
            <div class="who">
                {(may_log && !is_cadre).then(|| view! { <a class="button primary" href="/log">{locale.log_activity()}</a> })}
                {who.map(|name| view! { <a href="/me">{name}</a> })}
                <a href=other_address lang=other.0>{other.1}</a>
            </div>
        </header>
        <main id="main" tabindex="-1">
            {may_log.then(|| view! { <Phone section/> })}
            {ctx.said.clone().map(|said| view! { <p class="said" role="status">{said}</p> })}
            <h1>{title}</h1>
            {children()}
        </main>
        <footer class="foot">
            {is_demo.then(|| view! { <p class="invented">{locale.demo_invented()}</p> })}
            <p>{locale.product_line()}" · "<a href="/feedback">{locale.feedback()}</a></p>
        </footer>
    }
}

/// The frame of a page on a wall: the page itself, and what is invented.
#[component]
pub fn Wall(is_demo: bool, children: Children) -> impl IntoView {
    let locale = expect_context::<Ctx>().locale;
    view! {
        <main id="main" class="wall" tabindex="-1">{children()}</main>
        <footer class="foot wall-foot">
            {is_demo.then(|| view! { <p class="invented">{locale.demo_invented()}</p> })}
            <p>{locale.product_line()}</p>
        </footer>
    }
}
