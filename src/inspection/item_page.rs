//! `/inspection/:id/items/:item`: one item of a scheme, what it asks for, what the unit says of itself, what shows it.

use super::{
    action,
    gather::{self, Children},
    page::{item_draft, number},
    show_page::item_fields,
    store::Scheme,
    words,
};
use crate::{
    campaign, catalogue,
    domain::{
        inspection::{ItemDraft, Proof},
        roster::Kind as Roster,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    plan, roster,
    server::{
        context::Ctx,
        db::Conn,
        form::{Done, FormData},
    },
    ui::{
        field::{Choices, Form, Problems},
        page::{Page, page},
    },
};
use leptos::{context::Provider, prelude::*};
use leptos_router::hooks::use_params_map;

/// How many are seen at once of what may show an item.
const FIRST: usize = 12;

/// What may show an item, as (key, name).
type Offered = Vec<(Proof, Vec<(String, String)>)>;

/// One item.
pub fn item() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let (id, item) = (params.get("id").unwrap_or_default(), params.get("item").unwrap_or_default());
    page(|ctx| async move {
        let locale = ctx.locale;
        let (id, item_id): (i64, i64) =
            (id.parse().map_err(|_| Error::NotFound)?, item.parse().map_err(|_| Error::NotFound)?);
        let mut conn = ctx.db.read().await?;
        let (scheme, unit) = action::to_read(&ctx, &mut conn, id).await?;
        let item = action::item(&mut conn, &scheme, item_id).await?;
        let filled = gather::all(&ctx, &mut conn, &scheme, &unit, Children::Out).await?;
        let one = filled.into_iter().find(|one| one.item.id == item_id).ok_or(Error::NotFound)?;
        let manages = ctx.actor()?.may_manage(&unit);
        let offered = match manages {
            true => offered(&ctx, &mut conn, &scheme, &unit).await?,
            false => Vec::new(),
        };
        drop(conn);
        let groups = one
            .groups
            .iter()
            .map(|group| {
                let files = group.files.iter().map(|file| view! { <li>{file_line(locale, file)}</li> }).collect_view();
                view! {
                    <section>
                        <h3><a href=group.address.clone()>{group.title.clone()}</a></h3>
                        <p class="muted">{group.what.map(|what| format!("{} · ", words::proof(locale, what)))}{words::group(locale, group)}</p>
                        <ul class="documents">{files}</ul>
                    </section>
                }
            })
            .collect_view();
        let gaps = words::gaps(locale, &one).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        let manage = manages.then(|| manage(&ctx, &one.item, offered));
        let title = words::item(&item.number, &item.name);
        let back = format!("/inspection/{id}");
        let documents = format!("/inspection/{id}/items/{item_id}/evidence");
        let body = view! {
            <p class="toolbar">
                <a class="button" href=back>{scheme.title.clone()}</a>
                <a class="button" href=documents>{locale.inspection_own_documents()}</a>
            </p>
            <Problems/>
            <p class="lead">{locale.inspection_asks(words::materials(locale, &item.materials))}</p>
            <ul>{gaps}</ul>
            {groups}
            {manage}
        };
        Ok(Page::new("/report", title, body))
    })
}

/// A file with the way to it.
pub(super) fn file_line(locale: Locale, file: &gather::File) -> impl IntoView + use<> {
    let kind = words::material(locale, file.material);
    let name = match file.id {
        Some(id) => view! { <a href=format!("/evidence/{id}/uses")>{file.name.clone()}</a> }.into_any(),
        None => view! { {file.name.clone()} }.into_any(),
    };
    view! { <span class="tag quiet">{kind}</span>" "{name} }
}

/// Everything that may show an item of the scheme: the unit's campaigns of the period, and what its catalogue has.
async fn offered(ctx: &Ctx, conn: &mut Conn, scheme: &Scheme, unit: &Unit) -> Result<Offered> {
    let locale = ctx.locale;
    let filter = campaign::store::Filter {
        unit: Some(unit.clone()),
        period: Some(scheme.period()),
        ..campaign::store::Filter::default()
    };
    let campaigns = campaign::store::outlines(conn, &ctx.scope()?, &filter, campaign::store::PAGE_LIMIT).await?;
    let catalogue = catalogue::store::visible(conn, unit).await?;
    let indicators = plan::store::indicators(conn, unit, false).await?;
    let name = |name: &str, en: Option<&str>| locale.name(name, en).to_owned();
    Ok(vec![
        (Proof::Campaign, campaigns.into_iter().filter(|one| !one.cancelled).map(|one| (one.key, one.title)).collect()),
        (
            Proof::Theme,
            catalogue
                .themes
                .iter()
                .filter(|one| !one.retired)
                .map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref())))
                .collect(),
        ),
        (
            Proof::Type,
            catalogue
                .types
                .iter()
                .filter(|one| !one.retired)
                .map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref())))
                .collect(),
        ),
        (
            Proof::Measure,
            catalogue
                .measures
                .iter()
                .filter(|one| !one.retired && !one.is_stock)
                .map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref())))
                .collect(),
        ),
        (
            Proof::Indicator,
            indicators.iter().map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref()))).collect(),
        ),
        (
            Proof::Roster,
            Roster::ALL
                .iter()
                .map(|kind| (kind.key().to_owned(), roster::words::title(locale, *kind).to_owned()))
                .collect(),
        ),
    ])
}

/// The request as one of the page's forms sees it.
fn only_refused(ctx: &Ctx, action: &str) -> Ctx {
    let refused = ctx.refused.clone().filter(|refused| refused.form.get("do") == action);
    Ctx { refused, ..ctx.clone() }
}

fn manage(ctx: &Ctx, item: &super::store::Item, offered: Offered) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let draft = ItemDraft {
        number: item.number.clone(),
        name: item.name.clone(),
        points: item.points.map(|points| points.to_string()).unwrap_or_default(),
        own_points: item.own_points.map(|points| points.to_string()).unwrap_or_default(),
        reason: item.reason.clone(),
        materials: item.materials.iter().map(|one| one.key().to_owned()).collect(),
    };
    let proofs = item.proofs.clone();
    let choices = offered
        .into_iter()
        .filter(|(_, options)| !options.is_empty())
        .map(|(what, options)| {
            let chosen = proofs.iter().filter(|(own, _)| *own == what).map(|(_, key)| key.clone()).collect();
            view! { <Choices name=what.key() label=words::proof(locale, what) options chosen first=FIRST/> }
        })
        .collect_view();
    view! {
        <section id="proofs">
            <h2>{locale.inspection_proofs()}</h2>
            <Provider value=only_refused(ctx, "prove")>
                <Form action="prove">
                    <p class="hint">{locale.inspection_proofs_hint()}</p>
                    {choices}
                    <div><button class="primary" type="submit">{locale.save()}</button></div>
                </Form>
            </Provider>
        </section>
        <section>
            <h2>{locale.inspection_change_item()}</h2>
            <Provider value=only_refused(ctx, "change")>
                <Form action="change">
                    {item_fields(locale, draft)}
                    <div><button class="button" type="submit">{locale.save()}</button></div>
                </Form>
            </Provider>
            <Form action="remove" class="inline"><button class="button">{locale.inspection_remove()}</button></Form>
        </section>
    }
}

/// POST `/inspection/:id/items/:item`.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let (id, item_id) = (number(&ctx.path, 2)?, number(&ctx.path, 4)?);
    let locale = ctx.locale;
    match form.get("do") {
        "remove" => {
            action::remove_item(&ctx, id, item_id).await?;
            return Ok(Done::to(format!("/inspection/{id}")).say(locale.inspection_removed()));
        }
        "prove" => {
            let proofs: Vec<(Proof, String)> = Proof::ALL
                .iter()
                .flat_map(|what| form.all(what.key()).into_iter().map(|key| (*what, key.to_owned())))
                .collect();
            action::prove(&ctx, id, item_id, &proofs).await?;
        }
        _ => action::change_item(&ctx, id, item_id, &item_draft(&form)).await?,
    }
    Ok(Done::to(ctx.path.clone()).say(locale.inspection_saved()))
}
