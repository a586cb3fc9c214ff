//! `/rosters/erase`: for which purpose names are kept and how long, and the page that takes them out.

use super::{
    erase_action::{self, Retention},
    store, words,
};
use crate::{
    domain::{access::Role, roster::MOST_RETENTION_YEARS},
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
};
use leptos::{context::Provider, prelude::*};

/// The entries whose names are due.
pub fn erase() -> impl IntoView {
    page(|ctx| async move {
        managed(&ctx)?;
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let trees = erase_action::retentions(&ctx, &mut conn).await?;
        let kept: Vec<_> = trees.iter().map(|tree| (tree.root.path.clone(), tree.before)).collect();
        let scope = ctx.actor()?.planning_scope();
        let entries = store::erasable(&mut conn, &scope, &kept, erase_action::ERASABLE).await?;
        drop(conn);
        let several = trees.len() > 1;
        let leads = trees
            .iter()
            .map(|tree| {
                let name = several.then(|| locale.roster_erase_tree(&tree.root.short_name));
                view! { <p>{name}{locale.roster_erase_lead(tree.years)}</p> }
            })
            .collect_view();
        let before = trees.iter().map(|tree| tree.before).max().unwrap_or(ctx.today);
        let none = entries.is_empty();
        let rows = rows(locale, &entries);
        let heads = vec![
            Head::Text(locale.roster_choose()),
            Head::Text(locale.roster_person_name()),
            Head::Text(locale.roster_kind()),
            Head::Text(locale.roster_unit()),
            Head::Text(locale.roster_period()),
        ];
        let caption = locale.roster_erase_caption(entries.len());
        let settings: Vec<_> = trees.into_iter().filter(|tree| tree.may_set).collect();
        let setting = (!settings.is_empty()).then(|| {
            let forms = settings.into_iter().map(|tree| retention(&ctx, tree)).collect_view();
            view! { <section><h2>{locale.roster_retention()}</h2>{forms}</section> }
        });
        let body = view! {
            <p class="toolbar"><a class="button" href="/rosters">{locale.rosters_title()}</a></p>
            <p class="lead">{locale.roster_purpose()}</p>
            {leads}
            <Problems/>
            {match none {
                true => view! { <p class="empty">{locale.roster_erase_none(before)}</p> }.into_any(),
                false => view! {
                    <Form action="erase">
                        <Table caption heads>{rows}</Table>
                        <p class="hint">{locale.roster_erase_hint()}</p>
                        <div><button class="button danger">{locale.roster_erase_do()}</button></div>
                    </Form>
                }
                .into_any(),
            }}
            {setting}
        };
        Ok(Page::new("/goals", locale.roster_erase_title(), body))
    })
}

/// How long a tree of units keeps names.
fn retention(ctx: &Ctx, tree: Retention) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let refused = ctx.refused.clone().filter(|refused| {
        refused.form.get("do") == "years" && ["", tree.root.code.as_str()].contains(&refused.form.get("unit"))
    });
    view! {
        <Provider value=Ctx { refused, ..ctx.clone() }>
            <Form action="years">
                <input type="hidden" name="unit" value=tree.root.code.clone()/>
                <Field name="years" kind="number" label=locale.roster_retention_years() value=tree.years.to_string()
                    min="1" max=MOST_RETENTION_YEARS.to_string() hint=locale.roster_retention_hint(&tree.root.short_name)/>
                <div><button class="button">{locale.save()}</button></div>
            </Form>
        </Provider>
    }
}

fn rows(locale: Locale, entries: &[store::Entry]) -> impl IntoView + use<> {
    entries
        .iter()
        .map(|entry| {
            let id = format!("f-entry-{}", entry.id);
            let name = words::name(locale, entry);
            view! {
                <tr>
                    <td><input type="checkbox" id=id.clone() name="entry" value=entry.id checked=true aria-label=name.clone()/></td>
                    <th scope="row"><a href=format!("/rosters/{}/{}", entry.kind, entry.id)>{name}</a></th>
                    <td>{words::title(locale, entry.kind)}</td>
                    <td>{entry.unit_name.clone()}</td>
                    <td>{words::days(locale, entry)}</td>
                </tr>
            }
        })
        .collect_view()
}

/// The page is for those who keep rosters.
fn managed(ctx: &Ctx) -> Result<()> {
    match ctx.actor()?.is_any(&[Role::Admin, Role::Officer]) {
        true => Ok(()),
        false => Err(Error::Forbidden),
    }
}

/// POST `/rosters/erase`.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    managed(&ctx)?;
    let said = match form.get("do") {
        "years" => {
            erase_action::set_retention(&ctx, form.get("unit"), form.get("years")).await?;
            ctx.locale.roster_saved().to_owned()
        }
        "erase" => {
            let ids: Vec<i64> = form.all("entry").into_iter().filter_map(|id| id.parse().ok()).collect();
            words::erased(ctx.locale, erase_action::erase(&ctx, &ids).await?)
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Done::to(ctx.path.clone()).say(said))
}

/// Whether the reader is offered the page.
pub(super) fn link(ctx: &Ctx) -> Option<impl IntoView + use<>> {
    managed(ctx).is_ok().then(|| view! { <a href="/rosters/erase">{ctx.locale.roster_erase_title()}</a> })
}
