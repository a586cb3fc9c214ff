//! `/settings`, the hub of what an administrator and an officer set; and `/feedback`.

use super::{action, store};
use crate::{
    domain::access::Role,
    error::{Error, Result},
    locale::Locale,
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Form, Problems, TextArea},
        page::{Page, page},
    },
};
use axum::{Router, http::request::Parts};
use leptos::prelude::*;

pub use super::audit_page::audit;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new().route("/feedback", form(post_feedback))
}

/// `/settings`.
pub fn settings() -> impl IntoView {
    page(|ctx| async move {
        action::managed(&ctx)?;
        let locale = ctx.locale;
        let facts = store::facts(&mut ctx.db.read().await?).await?;
        let is_admin = ctx.actor()?.is_any(&[Role::Admin]);
        let cards = [
            ("/units", locale.settings_units(), locale.settings_units_hint()),
            ("/accounts", locale.accounts_title(), locale.settings_accounts_hint()),
            ("/catalogue", locale.settings_catalogue(), locale.settings_catalogue_hint()),
            ("/key-dates", locale.key_dates_title(), locale.key_dates_hint()),
            ("/holidays", locale.holidays_title(), locale.holidays_hint()),
            ("/blackouts", locale.blackouts_title(), locale.blackouts_hint()),
            ("/plans", locale.settings_plans(), locale.settings_plans_hint()),
            ("/indicators", locale.settings_indicators(), locale.settings_indicators_hint()),
            ("/rosters", locale.rosters_title(), locale.rosters_hint()),
            ("/stocks", locale.settings_stocks(), locale.settings_stocks_hint()),
            ("/import", locale.import_title(), locale.import_hint()),
            ("/closing", locale.closing_title(), locale.closing_hint()),
            ("/inspection", locale.inspections_title(), locale.inspections_hint()),
            ("/evidence", locale.evidence_title(), locale.settings_evidence_hint()),
            ("/audit", locale.audit_title(), locale.settings_audit_hint()),
            ("/feedback", locale.feedback(), locale.settings_feedback_hint()),
            ("/me", locale.nav_me(), locale.settings_me_hint()),
        ];
        let cards = cards
            .into_iter()
            .map(|(address, title, hint)| {
                view! { <li class="card"><h2><a href=address>{title}</a></h2><p class="muted">{hint}</p></li> }
            })
            .collect_view();
        let body = view! {
            <ul class="cards">{cards}</ul>
            {is_admin.then(|| health_view(locale, facts))}
        };
        Ok(Page::new("/settings", locale.nav_settings(), body))
    })
}

fn health_view(locale: Locale, facts: store::Facts) -> impl IntoView {
    let backup = match facts.last_backup {
        Some(at) => view! { {clock::minute(at)} }.into_any(),
        None => view! { <span class="tag warn">{locale.health_no_backup()}</span> }.into_any(),
    };
    view! {
        <section>
            <h2>{locale.health_title()}</h2>
            <dl class="meta">
                <dt>{locale.health_version()}</dt><dd>{env!("CARGO_PKG_VERSION")}</dd>
                <dt>{locale.health_database()}</dt><dd>{facts.engine}</dd>
                <dt>{locale.health_size()}</dt><dd>{size(facts.size)}</dd>
                <dt>{locale.health_backup()}</dt><dd>{backup}</dd>
            </dl>
            <p class="hint">{locale.health_backup_hint()}" "<code>"pufa backup pufa.db.bak"</code></p>
        </section>
    }
}

/// Bytes as people say them.
fn size(bytes: i64) -> String {
    const KB: i64 = 1024;
    const MB: i64 = KB * KB;
    if bytes >= MB { format!("{}.{} MB", bytes / MB, bytes % MB * 10 / MB) } else { format!("{} KB", bytes / KB) }
}

/// `/feedback`: anybody writes, administrators read.
pub fn feedback() -> impl IntoView {
    page(|ctx| async move {
        let actor = ctx.actor()?.clone();
        let locale = ctx.locale;
        let list = action::feedback(&ctx).await?;
        let from = came_from(&ctx);
        let is_empty = list.is_empty();
        let items = list
            .into_iter()
            .map(|item| {
                let who = (item.account_id != actor.account_id).then_some(item.display_name);
                view! {
                    <li class="card">
                        <p class="words">{item.text}</p>
                        <p class="muted">
                            {who.map(|who| format!("{who} · "))}{clock::minute(item.created_at)}
                            {(!item.page.is_empty()).then(|| format!(" · {}", item.page))}
                        </p>
                    </li>
                }
            })
            .collect_view();
        let body = view! {
            <p class="lead">{locale.feedback_lead()}</p>
            <Problems/>
            <Form>
                <input type="hidden" name="page" value=from/>
                <TextArea name="text" label=locale.feedback_text() hint=locale.feedback_hint() rows=5/>
                <p><button class="button primary">{locale.feedback_do()}</button></p>
            </Form>
            {(!is_empty).then(|| view! { <section><h2>{locale.feedback_given()}</h2><ul class="cards">{items}</ul></section> })}
        };
        Ok(Page::new("", locale.feedback(), body))
    })
}

/// The path of the page that led here.
fn came_from(ctx: &Ctx) -> String {
    if let Some(refused) = &ctx.refused {
        return refused.form.get("page").to_owned();
    }
    let Some(parts) = use_context::<Parts>() else { return String::new() };
    let referer = parts.headers.get("referer").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = referer.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
    if path.starts_with("/feedback") { String::new() } else { path }
}

async fn post_feedback(ctx: Ctx, data: FormData) -> Result<Done> {
    ctx.actor().map_err(|_| Error::LoggedOut)?;
    action::give_feedback(&ctx, data.get("text"), data.get("page")).await?;
    Ok(Done::to("/feedback").say(ctx.locale.feedback_done()))
}

#[cfg(test)]
mod tests {
    use super::size;
    use crate::server::testing::{World, each_engine};
    use axum::http::StatusCode;

    #[test]
    fn sizes_are_said_in_short() {
        assert_eq!((size(262_144).as_str(), size(13_107_200).as_str()), ("256 KB", "12.5 MB"));
    }

    #[tokio::test]
    async fn anybody_gives_feedback_and_the_administrator_reads_it() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let given = world.submit("sun", "/feedback", &[("text", "登记页面的字太小"), ("page", "/log")]).await;
            assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
            let empty = world.submit("sun", "/feedback", &[("text", " ")]).await;
            assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(world.get("zhao", "/feedback").await.text.contains("登记页面的字太小"));
            assert!(world.get("sun", "/feedback").await.text.contains("登记页面的字太小"), "one's own");
            for who in ["li", "qian", "zhou"] {
                assert!(!world.get(who, "/feedback").await.text.contains("登记页面的字太小"), "{who}");
            }
            assert_eq!(world.get("", "/feedback").await.status, StatusCode::SEE_OTHER, "to the log-in page");
        })
        .await;
    }

    #[tokio::test]
    async fn settings_and_audit_are_for_those_who_manage() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let close = world.submit("qian", "/accounts/sun", &[("do", "close"), ("reason", "调离")]).await;
            assert_eq!(close.status, StatusCode::SEE_OTHER);
            for who in ["li", "zhou"] {
                assert_eq!(world.get(who, "/settings").await.status, StatusCode::FORBIDDEN);
                assert_eq!(world.get(who, "/audit").await.status, StatusCode::FORBIDDEN);
            }
            for who in ["zhao", "qian"] {
                assert_eq!(world.get(who, "/settings").await.status, StatusCode::OK);
                let trail = world.get(who, "/audit").await;
                assert!(trail.text.contains("调离") && trail.text.contains("停用账号"), "{}", trail.text);
            }
            let one = async |query: &str| world.get("zhao", &format!("/audit?{query}")).await.text.contains("调离");
            assert!(one("who=qian&action=account&from=2020-01-01").await);
            assert!(!one("who=zhao").await && !one("action=activity").await && !one("to=2020-01-01").await);
        })
        .await;
    }
}
