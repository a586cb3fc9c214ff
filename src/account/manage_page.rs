//! `/accounts` and `/accounts/{name}`: who works here, and what they may do.

use super::{
    manage::{self, Draft, Managed},
    me_page::role_name,
    once::{self, Once},
    page::last_part,
    rule,
};
use crate::{
    domain::{
        access::{Role, Scope},
        unit::{Unit, UnitKind},
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
        field::{Choices, Field, Form, Problems},
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;

/// The address of an account's page.
fn address(name: &str) -> String {
    format!("/accounts/{}", form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>())
}

/// The roles that the one who asks may give at this unit, for a form.
fn roles_to_give(ctx: &Ctx, unit: &Unit) -> Result<Vec<(String, String)>> {
    let actor = ctx.actor()?;
    let roles = Role::ALL.iter().filter(|role| rule::may_give(actor, **role, &unit.path));
    Ok(roles.map(|role| (role.key().to_owned(), role_name(ctx.locale, *role).to_owned())).collect())
}

/// The unit itself and those right below it, for ticking: (code, name).
async fn units_to_tick(ctx: &Ctx, conn: &mut Conn, unit: &Unit) -> Result<Vec<(String, String)>> {
    let mut units = vec![unit.clone()];
    units.extend(unit::store::children(conn, unit).await?);
    units.retain(|unit| unit.is_active(ctx.today));
    Ok(units.into_iter().map(|unit| (unit.code, unit.short_name)).collect())
}

/// The unit named in the address (`?unit=`), else `fallback`, else the topmost one managed.
async fn selected(ctx: &Ctx, conn: &mut Conn, scope: &Scope, fallback: Option<i64>) -> Result<Unit> {
    if let Some(code) = ctx.query.filled("unit") {
        return unit::store::by_code(conn, scope, code).await;
    }
    let home = rule::as_manager(ctx.actor()?).home_unit_id();
    if let Some(id) = fallback
        && let Ok(unit) = unit::store::by_id(conn, scope, id).await
    {
        return Ok(unit);
    }
    unit::store::by_id(conn, scope, home.ok_or(Error::Forbidden)?).await
}

/// The units that have others below them, to choose from: (code, name indented by depth).
async fn parents(conn: &mut Conn, scope: &Scope) -> Result<Vec<(String, String)>> {
    let mut units = unit::store::all(conn, scope).await?;
    units.retain(|unit| matches!(unit.kind, UnitKind::County | UnitKind::Town));
    units.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(units.into_iter().map(|unit| (unit.code, unit.short_name)).collect())
}

/// `/accounts`.
pub fn accounts() -> impl IntoView {
    page(|ctx| async move {
        let scope = manage::scope(&ctx)?;
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = selected(&ctx, &mut conn, &scope, None).await?;
        let mut list = manage::list(&ctx, &mut conn, &unit).await?;
        let choices = parents(&mut conn, &scope).await?;
        let ticks = units_to_tick(&ctx, &mut conn, &unit).await?;
        drop(conn);
        let roles = roles_to_give(&ctx, &unit)?;
        let show_closed = ctx.query.has("closed");
        let closed = list.iter().filter(|managed| managed.account.closed_at.is_some()).count();
        if !show_closed {
            list.retain(|managed| managed.account.closed_at.is_none());
        }
        let open = ctx.refused.is_some();
        let closed_address = format!("/accounts?{}", ctx.query.with("closed", Some("1")));
        let body = view! {
            {(choices.len() > 1).then(|| view! {
                <form class="filters" method="get">
                    <label>{locale.accounts_below()}" "{unit_select(choices, &unit.code)}</label>
                    <button class="button">{locale.show()}</button>
                </form>
            })}
            <Problems/>
            {list_view(locale, &unit, list)}
            {(closed > 0 && !show_closed).then(|| view! { <p><a href=closed_address>{locale.accounts_show_closed(closed)}</a></p> })}
            <details open=open>
                <summary class="button">{locale.account_add()}</summary>
                <Form action="add">
                    <Field name="name" label=locale.account_name() hint=locale.account_name_hint() required=true/>
                    <Field name="display_name" label=locale.account_display_name() hint=locale.account_display_name_hint() required=true/>
                    <Choices name="role" label=locale.account_role() options=roles single=true hint=locale.account_role_hint()/>
                    <Choices name="at" label=locale.account_units() options=ticks hint=locale.account_units_hint(unit.short_name)/>
                    <p><button class="button primary">{locale.account_add_do()}</button></p>
                </Form>
            </details>
        };
        Ok(Page::new("/settings", locale.accounts_title(), body))
    })
}

/// Apart from the fields of a form: a refused one must not change the filter.
fn unit_select(options: Vec<(String, String)>, chosen: &str) -> impl IntoView + use<> {
    let options = options
        .into_iter()
        .map(|(code, name)| {
            let selected = code == chosen;
            view! { <option value=code selected=selected>{name}</option> }
        })
        .collect_view();
    view! { <select name="unit">{options}</select> }
}

fn list_view(locale: Locale, unit: &Unit, list: Vec<Managed>) -> AnyView {
    if list.is_empty() {
        return view! { <div class="empty"><p>{locale.accounts_empty()}</p></div> }.into_any();
    }
    let rows = list
        .into_iter()
        .map(|Managed { account, held, .. }| {
            let roles = held
                .into_iter()
                .map(|held| view! { <li>{held.short_name}" · "{role_name(locale, held.role)}</li> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row"><a href=address(&account.name)>{account.display_name}</a></th>
                    <td>{account.name}</td>
                    <td><ul class="plain">{roles}</ul></td>
                    <td>{state(locale, account.closed_at.is_some(), account.password_hash.is_some())}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll"><table class="table">
            <caption>{locale.accounts_caption(unit.short_name.clone())}</caption>
            <thead><tr>
                <th scope="col">{locale.account_display_name()}</th><th scope="col">{locale.account_name()}</th>
                <th scope="col">{locale.account_roles()}</th><th scope="col">{locale.account_state()}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}

fn state(locale: Locale, closed: bool, has_password: bool) -> impl IntoView {
    match (closed, has_password) {
        (true, _) => view! { <span class="tag quiet">{locale.account_closed()}</span> }.into_any(),
        (false, true) => view! { <span class="tag good">{locale.account_in_use()}</span> }.into_any(),
        (false, false) => view! { <span class="tag warn">{locale.account_waiting()}</span> }.into_any(),
    }
}

/// `POST /accounts`.
pub(super) async fn post_add(ctx: Ctx, data: FormData) -> Result<Done> {
    let draft = Draft {
        name: data.get("name").to_owned(),
        display_name: data.get("display_name").to_owned(),
        role: Role::from_key(data.get("role")),
        units: data.all("at").into_iter().map(str::to_owned).collect(),
    };
    let page = address(&rule::tidy_name(&draft.name));
    let secret = manage::add(&ctx, draft).await?;
    Ok(Done::to(page.clone()).say(ctx.locale.account_added()).cookie(once::cookie(&ctx.settings, &page, &secret)))
}

/// `/accounts/{name}`.
pub fn account() -> impl IntoView {
    page(|ctx| async move {
        let scope = manage::scope(&ctx)?;
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let managed = manage::one(&ctx, &mut conn, &last_part(&ctx.path)).await?;
        let first = managed.held.iter().find(|held| scope.contains(&held.path)).map(|held| held.unit_id);
        let unit = selected(&ctx, &mut conn, &scope, first).await?;
        // Whoever works in a village may come to work in the next one: offer its siblings too.
        let unit = match unit.parent_id {
            Some(parent) if !matches!(unit.kind, UnitKind::County | UnitKind::Town) => {
                unit::store::by_id(&mut conn, &scope, parent).await.unwrap_or(unit)
            }
            _ => unit,
        };
        let ticks = units_to_tick(&ctx, &mut conn, &unit).await?;
        drop(conn);
        let roles = roles_to_give(&ctx, &unit)?;
        let secret = once::take(&ctx.path);
        let account = managed.account.clone();
        // What somebody does in another town is not told here.
        let facts = managed
            .held
            .iter()
            .filter(|held| scope.contains(&held.path))
            .map(|held| view! { <dd>{held.short_name.clone()}" · "{role_name(locale, held.role)}</dd> })
            .collect_view();
        let forms = managed.may_change.then(|| forms_view(&ctx, managed, &unit, roles, ticks));
        let body = view! {
            {secret.map(|secret| view! {
                <Once label=locale.link_once() hint=locale.link_once_hint(account.display_name.clone()) secret=format!("{}/link/{secret}", ctx.origin)/>
            })}
            <Problems/>
            <dl class="meta">
                <dt>{locale.account_name()}</dt><dd>{account.name.clone()}</dd>
                <dt>{locale.account_roles()}</dt>{facts}
                <dt>{locale.account_state()}</dt>
                <dd>{state(locale, account.closed_at.is_some(), account.password_hash.is_some())}</dd>
                <dt>{locale.account_since()}</dt><dd>{clock::minute(account.created_at)}</dd>
            </dl>
            {forms}
            <p><a href="/accounts">{locale.accounts_back()}</a></p>
        };
        Ok(Page::new("/settings", account.display_name, body))
    })
}

/// What may be done with an account.
fn forms_view(
    ctx: &Ctx,
    managed: Managed,
    unit: &Unit,
    roles: Vec<(String, String)>,
    ticks: Vec<(String, String)>,
) -> AnyView {
    let locale = ctx.locale;
    if managed.account.closed_at.is_some() {
        return view! {
            <Form action="reopen"><p><button class="button">{locale.account_reopen()}</button></p></Form>
        }
        .into_any();
    }
    let kept: Vec<(String, String)> = managed
        .held
        .iter()
        .map(|held| {
            (format!("{}:{}", held.role, held.code), format!("{} · {}", held.short_name, role_name(locale, held.role)))
        })
        .collect();
    let all_kept = kept.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    // A refused form stands alone: the others would show its values, which are none of theirs.
    let refused = ctx.refused.as_ref().map(|refused| refused.form.get("do").to_owned());
    let shown = |form: &str| refused.as_ref().is_none_or(|refused| refused == form);
    let open = refused.is_some();
    let name = managed.account.display_name.clone();
    let below = unit.short_name.clone();
    view! {
        <div class="stack">
            {shown("link").then(|| view! { <section>
                <h2>{locale.link_give_title()}</h2>
                <p class="hint">{locale.link_give_hint()}</p>
                <Form action="link"><p><button class="button primary">{locale.link_give()}</button></p></Form>
            </section> })}
            {shown("roles").then(|| view! { <details open=open>
                <summary>{locale.account_change_roles()}</summary>
                <Form action="roles">
                    <Choices name="keep" label=locale.account_roles_keep() options=kept chosen=all_kept/>
                    <Choices name="role" label=locale.account_roles_add() options=roles single=true/>
                    <Choices name="at" label=locale.account_units() options=ticks hint=locale.account_units_hint(below)/>
                    <p><button class="button primary">{locale.save()}</button></p>
                </Form>
            </details> })}
            {shown("hand_over").then(|| view! { <details open=open>
                <summary>{locale.hand_over_title()}</summary>
                <p class="hint">{locale.hand_over_hint(name)}</p>
                <Form action="hand_over">
                    <Field name="new_name" label=locale.hand_over_name() required=true/>
                    <p><button class="button danger">{locale.hand_over_do()}</button></p>
                </Form>
            </details> })}
            {shown("close").then(|| view! { <details open=open>
                <summary>{locale.account_close_title()}</summary>
                <p class="hint">{locale.account_close_hint()}</p>
                <Form action="close">
                    <Field name="reason" label=locale.account_close_reason()/>
                    <p><button class="button danger">{locale.account_close_do()}</button></p>
                </Form>
            </details> })}
        </div>
    }
    .into_any()
}

/// `POST /accounts/{name}`.
pub(super) async fn post_account(ctx: Ctx, data: FormData) -> Result<Done> {
    let locale = ctx.locale;
    let name = last_part(&ctx.path);
    let here = Done::to(ctx.path.clone());
    match data.get("do") {
        "link" => {
            let secret = manage::give_link(&ctx, &name).await?;
            Ok(here.cookie(once::cookie(&ctx.settings, &ctx.path, &secret)))
        }
        "roles" => {
            let owned = |name: &str| data.all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
            manage::set_roles(&ctx, &name, &owned("keep"), Role::from_key(data.get("role")), &owned("at")).await?;
            Ok(here.say(locale.saved()))
        }
        "hand_over" => {
            let secret = manage::hand_over(&ctx, &name, data.get("new_name")).await?;
            Ok(here.say(locale.hand_over_done()).cookie(once::cookie(&ctx.settings, &ctx.path, &secret)))
        }
        "close" => {
            manage::close(&ctx, &name, data.get("reason")).await?;
            Ok(here.say(locale.account_close_done()))
        }
        "reopen" => {
            manage::reopen(&ctx, &name).await?;
            Ok(here.say(locale.account_reopened()))
        }
        _ => Err(Error::NotFound),
    }
}
