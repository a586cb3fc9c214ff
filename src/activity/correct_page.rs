//! `/activities/:id/correct`: the form of a correction, and what is shown when two people corrected the same version.

use super::{
    action, form, log_page,
    store::{self, Entry},
    version_view::{self, NOW, Names, PICK},
};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        activity::{Draft, Status},
        catalogue::Catalogue,
        version,
    },
    error::{Error, Result},
    server::{
        context::Ctx,
        db::Conn,
        form::{Done, FormData},
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// What a form wants an entry to be, and what its author saw when they opened it.
struct Typed {
    draft: Draft,
    base: Draft,
}

/// Reads the form. Where its author had to choose, what they took of the version that stood then is taken.
async fn typed(conn: &mut Conn, ctx: &Ctx, form: &FormData, entry: &Entry, catalogue: &Catalogue) -> Result<Typed> {
    let kind = catalogue.activity_type_by_id(entry.type_id).ok_or(Error::NotFound)?;
    let draft = form::draft_of(form, kind, catalogue, ctx.locale)?;
    let mut draft = Draft { id: entry.draft.id, event: entry.draft.event, ..draft };
    let seen = form.get("version").parse().unwrap_or(entry.version);
    let base = match seen == entry.version {
        true => None,
        false => store::history(conn, entry.draft.id).await?.into_iter().find(|one| one.version == seen),
    };
    let base = base.map_or_else(|| entry.draft.clone(), |former| former.body);
    for part in version::changed(&base, &draft) {
        if form.get(&format!("{PICK}{}", part.name())) == NOW {
            version::take(&mut draft, &part, &base);
        }
    }
    Ok(Typed { draft, base })
}

/// The page.
pub fn correct() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
        let unit = unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
        if !ctx.actor()?.may_log(&unit) {
            return Err(Error::Forbidden);
        }
        let seen = ctx.refused.as_ref().and_then(|refused| refused.form.get("version").parse::<i64>().ok());
        // Somebody else was first: both are shown, and nothing typed is lost.
        if let (Some(refused), Some(_)) = (&ctx.refused, seen.filter(|seen| *seen != entry.version))
            && entry.status != Status::Withdrawn
        {
            let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
            if let Ok(typed) = typed(&mut conn, &ctx, &refused.form, &entry, &catalogue).await
                && let Some(last) = store::history(&mut conn, id).await?.first()
            {
                let units = version_view::unit_names(&mut conn, &ctx).await?;
                let names = Names { locale, catalogue: &catalogue, units: &units };
                let form = version_view::choose(&ctx, &names, &typed.base, &entry, last, &typed.draft);
                return Ok(Page::new("/activities", locale.conflict_title(), view! { <Problems/>{form} }));
            }
        }
        // A form that is shown again still builds on what its author saw.
        let version = seen.unwrap_or(entry.version);
        let kind = entry.draft.kind.clone().unwrap_or_default();
        let loaded = log_page::load(&ctx, &mut conn, &kind, Some(entry)).await?;
        let fields = log_page::fields(&ctx, loaded, id, true);
        let body = view! {
            <Problems/>
            <Form class="form log">
                <input type="hidden" name="version" value=version/>
                {fields}
            </Form>
        };
        Ok(Page::new("/activities", locale.entry_correct(), body).with_islands())
    })
}

/// POST `/activities/:id/correct`.
pub async fn submit(ctx: Ctx, form: FormData) -> Result<Done> {
    let locale = ctx.locale;
    let id: Uuid = ctx.path.split('/').nth(2).and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
    let unit = unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
    let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
    let draft = typed(&mut conn, &ctx, &form, &entry, &catalogue).await?.draft;
    drop(conn);
    let version = form.get("version").parse().ok();
    let was_reviewed = matches!(entry.status, Status::Accepted | Status::Returned);
    let said = if was_reviewed { locale.review_resubmitted() } else { locale.entry_corrected() };
    match action::correct(&ctx, id, draft.clone(), version, form.get("reason")).await {
        Ok(_) => Ok(Done::to(format!("/activities/{id}")).say(said)),
        Err(Error::Stale) => Err(Error::Conflict { code: "stale", message: locale.entry_stale(entry.version) }),
        Err(other) => Err(form::to_fields(other, &draft)),
    }
}
