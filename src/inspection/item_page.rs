//! `/inspection/:id/items/:item`: one item of a scheme, what it asks for, what the unit says of itself, what shows it.

use super::{
    action, gather,
    page::{item_draft, number},
    show_page::item_fields,
    store::{Item, Scheme},
    words::{self, State},
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

/// How many files of a group are seen unfolded.
const FEW: usize = 6;

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
        let one = gather::one(&ctx, &mut conn, &scheme, &unit, item.clone()).await?;
        let edits = ctx.actor()?.may_manage(&unit) && scheme.closed_at.is_none();
        let offered = match edits {
            true => offered(&ctx, &mut conn, &scheme, &unit, &item).await?,
            false => Vec::new(),
        };
        drop(conn);
        let groups = one
            .groups
            .iter()
            .map(|group| {
                let files = group.files.iter().map(|file| view! { <li>{file_line(locale, file)}</li> }).collect_view();
                let what = group.what.map(|what| format!("{} · ", words::proof(locale, what)));
                let count = group.files.len();
                // Many are folded away; what they come to is said.
                let files = match count {
                    0 => ().into_any(),
                    _ => view! {
                        <details open=count <= FEW>
                            <summary>{locale.inspection_files(count)}</summary>
                            <ul class="documents">{files}</ul>
                        </details>
                    }
                    .into_any(),
                };
                view! {
                    <section>
                        <h2><a href=group.address.clone()>{group.title.clone()}</a></h2>
                        <p class="muted">{what}{words::group(locale, group)}</p>
                        {files}
                    </section>
                }
            })
            .collect_view();
        let gaps = words::gaps(locale, &one).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        let manage = edits.then(|| manage(&ctx, &one.item, offered));
        let closed = scheme.closed_at.map(|_| view! { <p class="hint">{locale.inspection_closed_stays()}</p> });
        // What is missing is told line by line below.
        let done = (State::of(locale, &one) == State::Complete)
            .then(|| view! { <span class="tag good">{locale.inspection_complete()}</span>" " });
        let title = words::item(&item.number, &item.name);
        let back = format!("/inspection/{id}");
        let documents = format!("/inspection/{id}/items/{item_id}/evidence");
        let body = view! {
            <p class="toolbar">
                <a class="button" href=back>{scheme.title.clone()}</a>
                <a class="button" href=documents>{locale.inspection_own_documents()}</a>
            </p>
            <Problems/>
            {closed}
            {words::asks(locale, &item).map(|text| view! { <p class="lead">{text}</p> })}
            <p>{done}<span class="muted">{words::there(locale, &one)}</span></p>
            <ul class="lacking">{gaps}</ul>
            {groups}
            {manage}
        };
        Ok(Page::new("/report", title, body))
    })
}

/// A file with the way to it; of a draft that it is one.
fn file_line(locale: Locale, file: &gather::File) -> impl IntoView + use<> {
    let kind = words::material(locale, file.material);
    let kind = if file.is_draft { format!("{} {kind}", locale.inspection_draft()) } else { kind.to_owned() };
    let name = match file.id {
        Some(id) => view! { <a href=format!("/evidence/{id}/uses")>{file.name.clone()}</a> }.into_any(),
        None => view! { {file.name.clone()} }.into_any(),
    };
    view! { <span class="muted">{kind}</span>" "{name} }
}

/// Everything that may show an item of the scheme: the unit's campaigns of the period, and what its catalogue has. What shows
/// it already stays among them, also when it would no longer be offered, and says why.
async fn offered(ctx: &Ctx, conn: &mut Conn, scheme: &Scheme, unit: &Unit, item: &Item) -> Result<Offered> {
    let locale = ctx.locale;
    let filter = campaign::store::Filter {
        unit: Some(unit.clone()),
        period: Some(scheme.period()),
        ..campaign::store::Filter::default()
    };
    let campaigns = campaign::store::outlines(conn, &ctx.scope()?, &filter, campaign::store::PAGE_LIMIT).await?;
    let catalogue = catalogue::store::everything_for(conn, unit).await?;
    let indicators = plan::store::indicators(conn, unit, true).await?;
    let named = |key: &str, name: &str, en: Option<&str>, retired: bool| One {
        key: key.to_owned(),
        name: locale.name(name, en).to_owned(),
        retired,
    };
    let all: Vec<(Proof, Vec<One>)> = vec![
        (
            Proof::Campaign,
            campaigns.into_iter().map(|one| One { key: one.key, name: one.title, retired: one.cancelled }).collect(),
        ),
        (
            Proof::Theme,
            catalogue
                .themes
                .iter()
                .map(|one| named(&one.key, &one.name, one.name_en.as_deref(), one.retired))
                .collect(),
        ),
        (
            Proof::Type,
            catalogue.types.iter().map(|one| named(&one.key, &one.name, one.name_en.as_deref(), one.retired)).collect(),
        ),
        (
            Proof::Measure,
            catalogue
                .measures
                .iter()
                .map(|one| named(&one.key, &one.name, one.name_en.as_deref(), one.retired || one.is_stock))
                .collect(),
        ),
        (
            Proof::Indicator,
            indicators.iter().map(|one| named(&one.key, &one.name, one.name_en.as_deref(), one.retired)).collect(),
        ),
        (
            Proof::Roster,
            Roster::ALL
                .iter()
                .map(|kind| named(kind.key(), roster::words::title(locale, *kind), None, false))
                .collect(),
        ),
    ];
    let mut offered = Offered::new();
    for (what, all) in all {
        let chosen: Vec<&String> = item.proofs.iter().filter(|(own, _)| *own == what).map(|(_, key)| key).collect();
        let mut options = Vec::new();
        for one in &all {
            match (one.retired, chosen.contains(&&one.key)) {
                (false, _) => options.push((one.key.clone(), one.name.clone())),
                (true, true) => options.push((one.key.clone(), locale.inspection_retired(&one.name))),
                (true, false) => {}
            }
        }
        for key in chosen.into_iter().filter(|key| all.iter().all(|one| one.key != **key)) {
            let name = match what {
                Proof::Campaign => match campaign::store::by_key(conn, &ctx.scope()?, key).await {
                    Ok(campaign) => locale.inspection_no_longer(&campaign.title),
                    Err(Error::NotFound) => locale.inspection_retired(key),
                    Err(other) => return Err(other),
                },
                _ => locale.inspection_retired(key),
            };
            options.push((key.clone(), name));
        }
        offered.push((what, options));
    }
    Ok(offered)
}

/// Something that may show an item.
struct One {
    key: String,
    name: String,
    /// No longer in use: offered where it is chosen already.
    retired: bool,
}

/// The request as one of the page's forms sees it.
fn only_refused(ctx: &Ctx, action: &str) -> Ctx {
    let refused = ctx.refused.clone().filter(|refused| refused.form.get("do") == action);
    Ctx { refused, ..ctx.clone() }
}

fn manage(ctx: &Ctx, item: &Item, offered: Offered) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let draft = ItemDraft {
        number: item.number.clone(),
        name: item.name.clone(),
        points: item.points.map(|points| points.to_string()).unwrap_or_default(),
        own_points: item.own_points.map(|points| points.to_string()).unwrap_or_default(),
        reason: item.reason.clone(),
        materials: item.materials.iter().map(|one| one.key().to_owned()).collect(),
        others: item.others.join("、"),
    };
    let refused = only_refused(ctx, "prove");
    let choices = offered
        .into_iter()
        .filter(|(_, options)| !options.is_empty())
        .map(|(what, options)| {
            let chosen: Vec<String> =
                item.proofs.iter().filter(|(own, _)| *own == what).map(|(_, key)| key.clone()).collect();
            let said = match chosen.len() {
                0 => String::new(),
                count => locale.inspection_chosen(count),
            };
            let open =
                !chosen.is_empty() || refused.refused.as_ref().is_some_and(|refused| refused.form.has(what.key()));
            view! {
                <details open=open>
                    <summary>{words::proof(locale, what)}" "<span class="muted">{said}</span></summary>
                    <Choices name=what.key() label=words::proof(locale, what) options chosen/>
                </details>
            }
        })
        .collect_view();
    view! {
        <section id="proofs" class="inspection-manage">
            <h2>{locale.inspection_proofs()}</h2>
            <Provider value=refused>
                <Form action="prove">
                    <p class="hint">{locale.inspection_proofs_hint()}</p>
                    <div class="sources">{choices}</div>
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
