//! `/me`: one's own account: password, sessions, tokens, language, log out.

use super::{action, once, once::Once, session_store, store};
use crate::{
    error::{Error, Result},
    locale::Locale,
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems},
        page::{Page, page},
    },
};
use leptos::prelude::*;

/// What a role is called.
pub(super) fn role_name(locale: Locale, role: crate::domain::access::Role) -> &'static str {
    use crate::domain::access::Role;
    match role {
        Role::Admin => locale.account_role_admin(),
        Role::Officer => locale.account_role_officer(),
        Role::Cadre => locale.account_role_cadre(),
        Role::Leader => locale.account_role_leader(),
    }
}

/// Browser and system in two words, from the browser's own many.
fn device(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("HuaweiBrowser", "华为浏览器"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("HarmonyOS", "HarmonyOS"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

/// `/me`.
pub fn me() -> impl IntoView {
    page(|ctx| async move {
        let actor = ctx.actor()?.clone();
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let held = store::held(&mut conn, actor.account_id).await?;
        let sessions = session_store::sessions(&mut conn, actor.account_id, ctx.now).await?;
        let tokens = session_store::tokens(&mut conn, actor.account_id).await?;
        drop(conn);
        let secret = once::take("/me");
        let roles = held
            .iter()
            .map(|held| view! { <dd>{role_name(locale, held.role)}" · "{held.short_name.clone()}</dd> })
            .collect_view();
        let manages = super::manage::scope(&ctx).is_ok();
        let body = view! {
            {secret.map(|secret| view! { <Once label=locale.token_once() hint=locale.token_once_hint() secret=secret/> })}
            <Problems/>
            <dl class="meta">
                <dt>{locale.account_display_name()}</dt><dd>{actor.display_name.clone()}</dd>
                <dt>{locale.account_name()}</dt><dd>{actor.name.clone()}</dd>
                <dt>{locale.account_roles()}</dt>{roles}
                <dt>{locale.account_language()}</dt>
                <dd>
                    <a href="/me?lang=zh-CN" lang="zh-CN" aria-current=(locale == Locale::Zh).then_some("true")>"中文"</a>" · "
                    <a href="/me?lang=en" lang="en" aria-current=(locale == Locale::En).then_some("true")>"English"</a>
                </dd>
            </dl>
            <div class="toolbar">
                <Form action="log_out" class="inline"><button class="button">{locale.log_out()}</button></Form>
                <a class="button" href="/statement">{locale.ledger_statement()}</a>
                <a class="button" href="/feeds">{locale.feeds_title()}</a>
                {manages.then(|| view! { <a class="button" href="/accounts">{locale.accounts_title()}</a> })}
            </div>
            <div class="two">
                <section>
                    <h2>{locale.account_change_password()}</h2>
                    <Form action="password">
                        <input type="hidden" name="username" value=actor.name.clone() autocomplete="username"/>
                        <Field name="old" label=locale.account_old_password() kind="password" autocomplete="current-password" required=true/>
                        <Field name="password" label=locale.account_new_password() kind="password" hint=locale.account_password_hint() autocomplete="new-password" required=true/>
                        <Field name="again" label=locale.account_password_again() kind="password" autocomplete="new-password" required=true/>
                        <p><button class="button primary">{locale.account_change_password()}</button></p>
                    </Form>
                </section>
                <section>
                    <h2>{locale.sessions_title()}</h2>
                    {sessions_view(&ctx, sessions)}
                </section>
            </div>
            <section>
                <h2>{locale.tokens_title()}</h2>
                <p class="hint">{locale.tokens_hint()}</p>
                {tokens_view(locale, tokens)}
                <Form action="token">
                    <Field name="label" label=locale.token_label() hint=locale.token_label_hint()/>
                    <p><button class="button">{locale.token_do()}</button></p>
                </Form>
            </section>
        };
        Ok(Page::new("/me", locale.nav_me(), body))
    })
}

fn sessions_view(ctx: &Ctx, sessions: Vec<session_store::Session>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let here = ctx.session_id;
    let others = sessions.iter().any(|session| Some(session.id) != here);
    let rows = sessions
        .into_iter()
        .map(|session| {
            let name = device(&session.agent);
            let label = locale.session_end_of(&name);
            view! {
                <tr>
                    <th scope="row">{name}" "{(Some(session.id) == here).then(|| view! { <span class="tag good">{locale.session_here()}</span> })}</th>
                    <td>{clock::minute(session.created_at)}</td>
                    <td>{clock::minute(session.expires_at)}</td>
                    <td>
                        <Form action="end_session" class="inline">
                            <input type="hidden" name="id" value=session.id/>
                            <button class="button" aria-label=label>{locale.session_end()}</button>
                        </Form>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll"><table class="table">
            <caption>{locale.sessions_caption()}</caption>
            <thead><tr>
                <th scope="col">{locale.session_device()}</th><th scope="col">{locale.session_since()}</th>
                <th scope="col">{locale.session_until()}</th><td></td>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
        {others.then(|| view! {
            <Form action="end_others" class="inline"><button class="button">{locale.session_end_others()}</button></Form>
        })}
    }
}

fn tokens_view(locale: Locale, tokens: Vec<session_store::Token>) -> impl IntoView {
    if tokens.is_empty() {
        return ().into_any();
    }
    let rows = tokens
        .into_iter()
        .map(|token| {
            let label = locale.token_revoke_of(&token.label);
            view! {
                <tr>
                    <th scope="row">{if token.label.is_empty() { "—".to_owned() } else { token.label }}</th>
                    <td>{clock::minute(token.created_at)}</td>
                    <td>{token.used_at.map_or("—".to_owned(), clock::minute)}</td>
                    <td>
                        <Form action="revoke_token" class="inline">
                            <input type="hidden" name="id" value=token.id/>
                            <button class="button danger" aria-label=label>{locale.token_revoke()}</button>
                        </Form>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll"><table class="table">
            <caption>{locale.tokens_caption()}</caption>
            <thead><tr>
                <th scope="col">{locale.token_label()}</th><th scope="col">{locale.token_since()}</th>
                <th scope="col">{locale.token_used()}</th><td></td>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}

/// The forms of `/me`.
pub(super) async fn post(ctx: Ctx, data: FormData) -> Result<Done> {
    let locale = ctx.locale;
    let id = || data.get("id").parse::<i64>().map_err(|_| Error::NotFound);
    let here = || Done::to("/me");
    match data.get("do") {
        "log_out" => {
            action::log_out(&ctx).await?;
            Ok(Done::to("/login").say(locale.logged_out()).cookie(action::cookie(&ctx.settings, None)))
        }
        "password" => {
            action::change_password(&ctx, data.raw("old"), data.raw("password"), data.raw("again")).await?;
            Ok(here().say(locale.account_password_changed()))
        }
        "end_session" => {
            action::end_session(&ctx, id()?).await?;
            Ok(here().say(locale.session_ended()))
        }
        "end_others" => {
            action::end_other_sessions(&ctx).await?;
            Ok(here().say(locale.session_ended()))
        }
        "token" => {
            let token = action::create_token(&ctx, data.get("label")).await?;
            Ok(here().cookie(once::cookie(&ctx.settings, "/me", &token)))
        }
        "revoke_token" => {
            action::revoke_token(&ctx, id()?).await?;
            Ok(here().say(locale.token_revoked()))
        }
        _ => Err(Error::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_is_named_in_two_words() {
        let agent = "Mozilla/5.0 (Linux; Android 13; V2203A) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 \
                     MicroMessenger/8.0.42";
        assert_eq!(device(agent), "微信 · Android");
        assert_eq!(
            device("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/115.0"),
            "Firefox · Windows"
        );
        assert_eq!(device("script"), "script");
    }
}
