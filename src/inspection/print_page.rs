//! `/inspection/:id/print`: all of it as one document to print, item by item, each photo with date, place and unit below
//! it. No picture with children on it goes into a document.

use super::{
    action,
    gather::{self, Children, File, Filled},
    store::Scheme,
    words,
};
use crate::{
    error::{Error, Result},
    ledger::export_view::in_browser,
    locale::Locale,
    server::context::Ctx,
    ui::page::{Page, page},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The most photos of an item that are printed; the folder has them all.
const PHOTOS: usize = 24;

/// The document.
pub fn print() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let (scheme, filled) = load(&ctx, id).await?;
        let title = locale.roster_title(&scheme.title, &scheme.unit_name);
        let items = filled.iter().map(|one| item(locale, one)).collect_view();
        let back = format!("/inspection/{id}");
        let body = view! {
            <p class="toolbar">
                <a class="button" href=back>{locale.back()}</a>
                <span class="hint">{locale.statement_print()}</span>
            </p>
            {in_browser(&ctx)}
            <article class="inspection-print">
                <p>{locale.inspection_period_of(scheme.from_day, scheme.to_day)}</p>
                {items}
                <p class="muted">{crate::ledger::sheet::made_by(&ctx)}</p>
            </article>
        };
        Ok(Page::new("/report", title, body))
    })
}

async fn load(ctx: &Ctx, id: i64) -> Result<(Scheme, Vec<Filled>)> {
    let mut conn = ctx.db.read().await?;
    let (scheme, unit) = action::to_read(ctx, &mut conn, id).await?;
    let filled = gather::all(ctx, &mut conn, &scheme, &unit, Children::Out).await?;
    Ok((scheme, filled))
}

fn item(locale: Locale, one: &Filled) -> impl IntoView + use<> {
    let groups = one
        .groups
        .iter()
        .map(|group| {
            let papers = group
                .files
                .iter()
                .filter(|file| !file.is_photo)
                .map(|file| {
                    let draft = file.is_draft.then(|| format!("{} ", locale.inspection_draft()));
                    view! { <li>{draft}{words::material(locale, file.material)}"："{file.name.clone()}</li> }
                })
                .collect_view();
            view! {
                <h3>{group.title.clone()}</h3>
                <p>{words::group(locale, group)}</p>
                <ul>{papers}</ul>
            }
        })
        .collect_view();
    // One photo may show several things and is printed once.
    let mut photos: Vec<&File> = Vec::new();
    for file in one.files().filter(|file| file.is_photo) {
        if photos.iter().all(|other| other.id != file.id) {
            photos.push(file);
        }
    }
    let left = photos.len().saturating_sub(PHOTOS);
    let figures =
        photos.into_iter().take(PHOTOS).filter_map(|file| Some(figure(locale, file.id?, file))).collect_view();
    let gaps = words::gaps(locale, one).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <section>
            <h2>{words::item(&one.item.number, &one.item.name)}</h2>
            {groups}
            <ul class="gallery large">{figures}</ul>
            {(left > 0).then(|| view! { <p class="muted">{locale.inspection_more_photos(left)}</p> })}
            <ul class="lacking">{gaps}</ul>
        </section>
    }
}

fn figure(locale: Locale, id: uuid::Uuid, file: &File) -> impl IntoView + use<> {
    view! {
        <li><figure>
            <img src=format!("/evidence/{id}") alt=words::material(locale, file.material)/>
            <figcaption>{file.caption.clone()}</figcaption>
        </figure></li>
    }
}
