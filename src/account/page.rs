//! The pages before somebody is logged in: set up, log in, one-time link; and the forms of all account pages.

use super::{action, manage_page, me_page, set_up, set_up::SetUp};
use crate::{
    error::{Error, Result},
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        page::set_status,
        state::AppState,
    },
    ui::{
        field::{Choices, Field, Form, Problems},
        page::{Page, page},
    },
};
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
};
use leptos::prelude::*;

pub use manage_page::{account, accounts};
pub use me_page::me;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/setup", form(post_set_up))
        .route("/login", form(post_log_in))
        .route("/link/{secret}", form(post_link))
        .route("/me", form(me_page::post))
        .route("/accounts", form(manage_page::post_add))
        .route("/accounts/{name}", form(manage_page::post_account))
}

/// Sends the reader elsewhere instead of showing a page.
fn redirect(to: &str) -> Result<Page> {
    leptos_axum::redirect(to);
    set_status(StatusCode::SEE_OTHER);
    Ok(Page::new("", "", ()))
}

/// The last part of the address, as it was written before it was encoded.
pub(super) fn last_part(path: &str) -> String {
    let part = path.rsplit('/').next().unwrap_or_default().replace('+', "%2B");
    form_urlencoded::parse(part.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

/// The box to tick on one's own phone.
#[component]
fn OwnPhone() -> impl IntoView {
    let locale = expect_context::<Ctx>().locale;
    view! {
        <Choices
            name="long"
            label=locale.account_device()
            options=vec![("1".to_owned(), locale.account_own_phone().to_owned())]
            hint=locale.account_own_phone_hint()
        />
    }
}

/// `/setup`: the administrator and the first town, while there is no account.
pub fn setup() -> impl IntoView {
    page(|ctx| async move {
        if !set_up::is_open(&ctx).await? {
            return redirect("/login");
        }
        let locale = ctx.locale;
        let body = view! {
            <p class="lead">{locale.setup_lead()}</p>
            <Problems/>
            <Form>
                <fieldset>
                    <legend>{locale.setup_unit()}</legend>
                    <Field name="unit_code" label=locale.setup_unit_code() hint=locale.setup_unit_code_hint() required=true/>
                    <Field name="unit_name" label=locale.setup_unit_name() required=true/>
                    <details open=ctx.refused.as_ref().is_some_and(|refused| refused.form.filled("county_code").is_some())>
                        <summary>{locale.setup_county()}</summary>
                        <Field name="county_code" label=locale.setup_county_code()/>
                        <Field name="county_name" label=locale.setup_county_name()/>
                    </details>
                </fieldset>
                <fieldset>
                    <legend>{locale.setup_admin()}</legend>
                    <Field name="name" label=locale.account_name() hint=locale.account_name_hint() autocomplete="username" required=true/>
                    <Field name="display_name" label=locale.account_display_name() autocomplete="name" required=true/>
                    <Field name="password" label=locale.account_password() kind="password" hint=locale.account_password_hint() autocomplete="new-password" required=true/>
                    <Field name="again" label=locale.account_password_again() kind="password" autocomplete="new-password" required=true/>
                </fieldset>
                <p><button class="button primary">{locale.setup_do()}</button></p>
            </Form>
        };
        Ok(Page::new("", locale.setup_title(), body))
    })
}

async fn post_set_up(ctx: Ctx, data: FormData) -> Result<Done> {
    let text = |name: &str| data.get(name).to_owned();
    let draft = SetUp {
        name: text("name"),
        display_name: text("display_name"),
        password: data.raw("password").to_owned(),
        again: data.raw("again").to_owned(),
        unit_code: text("unit_code"),
        unit_name: text("unit_name"),
        county_code: text("county_code"),
        county_name: text("county_name"),
    };
    let secret = set_up::set_up(&ctx, draft).await?;
    let cookie = action::cookie(&ctx.settings, Some((&secret, false)));
    Ok(Done::to("/settings").say(ctx.locale.setup_done()).cookie(cookie))
}

/// `/login`.
pub fn log_in() -> impl IntoView {
    page(|ctx| async move {
        if set_up::is_open(&ctx).await? {
            return redirect("/setup");
        }
        if ctx.someone.is_some() && ctx.refused.is_none() {
            return redirect(action::local(ctx.query.get("next")));
        }
        let locale = ctx.locale;
        let body = view! {
            <Problems/>
            <Form>
                <Field name="name" label=locale.account_name() autocomplete="username" required=true/>
                <Field name="password" label=locale.account_password() kind="password" autocomplete="current-password" required=true/>
                <OwnPhone/>
                <p><button class="button primary">{locale.log_in()}</button></p>
            </Form>
            <p class="hint">{locale.log_in_forgotten()}</p>
        };
        Ok(Page::new("", locale.log_in(), body))
    })
}

async fn post_log_in(ctx: Ctx, data: FormData) -> Result<Done> {
    let long = data.has("long");
    let secret = action::log_in(&ctx, data.get("name"), data.raw("password"), long).await?;
    let cookie = action::cookie(&ctx.settings, Some((&secret, long)));
    Ok(Done::to(action::local(ctx.query.get("next"))).cookie(cookie))
}

/// `/link/{secret}`: whoever was given the link chooses a password and is logged in. Looking at it uses nothing up:
/// chat programs open links to show what is behind them.
pub fn login_link() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            // The address is the secret: no other page and no cache hears of it.
            response.insert_header(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        let Some(account) = action::behind_link(&ctx, &last_part(&ctx.path)).await? else {
            set_status(StatusCode::GONE);
            let body = view! {
                <p class="lead">{locale.link_gone()}</p>
                <p><a class="button" href="/login">{locale.log_in()}</a></p>
            };
            return Ok(Page::new("", locale.link_gone_title(), body));
        };
        let body = view! {
            <p class="lead">{locale.link_lead(account.display_name, account.name.clone())}</p>
            <Problems/>
            <Form>
                <input type="hidden" name="username" value=account.name autocomplete="username"/>
                <Field name="password" label=locale.account_new_password() kind="password" hint=locale.account_password_hint() autocomplete="new-password" required=true/>
                <Field name="again" label=locale.account_password_again() kind="password" autocomplete="new-password" required=true/>
                <OwnPhone/>
                <p><button class="button primary">{locale.link_do()}</button></p>
            </Form>
        };
        Ok(Page::new("", locale.link_title(), body))
    })
}

async fn post_link(ctx: Ctx, data: FormData) -> Result<Done> {
    let long = data.has("long");
    let link = last_part(&ctx.path);
    match action::use_link(&ctx, &link, data.raw("password"), data.raw("again"), long).await {
        Ok(secret) => {
            let cookie = action::cookie(&ctx.settings, Some((&secret, long)));
            Ok(Done::to("/").say(ctx.locale.link_done()).cookie(cookie))
        }
        // The page itself says why, and what to do.
        Err(Error::NotFound) => Ok(Done::to(ctx.path.clone())),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::last_part;

    #[test]
    fn a_name_in_the_address_is_read_as_it_was_written() {
        assert_eq!(last_part("/accounts/%E5%AD%99%E4%B8%BD"), "孙丽");
        assert_eq!(last_part("/accounts/a+b"), "a+b");
        assert_eq!(last_part("/accounts/"), "");
    }
}
