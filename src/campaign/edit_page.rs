//! The form with which a campaign is planned or changed.

use super::{
    action::{self, Change, own_unit_id},
    store,
    view::{UnitBoxes, ticked_units},
};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        campaign::{Campaign, Draft, DraftQuantity},
        catalogue::Catalogue,
        measure::Measure,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    server::{
        context::Ctx,
        db::Conn,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Choices, Field, Form, NamedField, Problems, Select, TextArea},
        page::{Page, page},
    },
    unit,
};
use axum::routing::MethodRouter;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The measures whose planned quantity is asked for at once; the others are folded away.
const USUAL: [&str; 8] =
    ["banner", "leaflet", "village_visit", "lecture", "broadcast", "led", "consultation", "attendance"];

/// The form's fields as a draft.
fn draft(units: &[Unit], form: &FormData) -> Draft {
    Draft {
        key: String::new(),
        unit: form.get("unit").to_owned(),
        title: form.get("title").to_owned(),
        themes: form.all("themes").into_iter().map(str::to_owned).collect(),
        from: form.get("from").to_owned(),
        to: form.get("to").to_owned(),
        lead: form.get("lead").to_owned(),
        units: ticked_units(units, form),
        quantities: quantities(form),
        note: form.get("note").to_owned(),
        key_date: key_date(form),
    }
}

/// The key date and the year for which a campaign is planned, as the form or its address names them.
fn key_date(form: &FormData) -> Option<(String, i32)> {
    Some((form.filled("key_date")?.to_owned(), form.get("key_date_year").parse().ok()?))
}

/// The planned quantities of an address or a form: `value.banner=30`.
fn quantities(form: &FormData) -> Vec<DraftQuantity> {
    form.with_prefix("value.")
        .filter(|(_, value)| !value.is_empty())
        .map(|(measure, value)| DraftQuantity {
            measure: measure.to_owned(),
            value: value.parse().ok(),
            measure_field: format!("value.{measure}"),
            value_field: format!("value.{measure}"),
        })
        .collect()
}

/// The units that a campaign of this owner can go to.
async fn below(ctx: &Ctx, conn: &mut Conn, owner: &Unit) -> Result<Vec<Unit>> {
    let mut units = unit::store::at_and_below(conn, owner).await?;
    units.retain(|unit| unit.id != owner.id && unit.is_active(ctx.today));
    Ok(units)
}

/// The owner that a new campaign has: the one named, else the actor's own unit.
async fn new_owner(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<Unit> {
    let actor = ctx.actor()?;
    let scope = ctx.scope()?;
    let unit = match code {
        "" => unit::store::by_id(conn, &scope, own_unit_id(actor).ok_or(Error::Forbidden)?).await?,
        code => unit::store::by_code(conn, &scope, code).await?,
    };
    if !actor.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    Ok(unit)
}

/// The stored campaign and its owner, for somebody who may change it.
async fn old(ctx: &Ctx, conn: &mut Conn, key: &str) -> Result<(Campaign, Unit)> {
    let campaign = store::by_key(conn, &ctx.scope()?, key).await?;
    let owner = unit::store::by_id(conn, &Scope::everything(), campaign.unit.id).await?;
    if !ctx.actor()?.may_manage(&owner) {
        return Err(Error::Forbidden);
    }
    Ok((campaign, owner))
}

/// GET and POST of the form for a new campaign.
pub(super) fn new_form() -> MethodRouter<AppState> {
    form(|ctx, form| async move {
        let mut conn = ctx.db.read().await?;
        let owner = new_owner(&ctx, &mut conn, form.get("unit")).await?;
        let units = below(&ctx, &mut conn, &owner).await?;
        drop(conn);
        let campaign = action::create(&ctx, draft(&units, &form)).await?;
        Ok(Done::to(format!("/campaigns/{}", campaign.key)).say(ctx.locale.campaign_saved(&campaign.title)))
    })
}

/// GET and POST of the form that changes a campaign.
pub(super) fn edit_form() -> MethodRouter<AppState> {
    form(|ctx, form| async move {
        let key = ctx.path.trim_start_matches("/campaigns/").trim_end_matches("/edit").to_owned();
        let mut conn = ctx.db.read().await?;
        let (campaign, owner) = old(&ctx, &mut conn, &key).await?;
        let units = below(&ctx, &mut conn, &owner).await?;
        drop(conn);
        let Draft { title, themes, from, to, lead, units, quantities, note, .. } = draft(&units, &form);
        let change = Change {
            title: Some(title),
            themes: Some(themes),
            from: Some(from),
            to: Some(to),
            lead: Some(lead),
            units: Some(units),
            quantities: Some(quantities),
            note: Some(note),
            cancelled: None,
        };
        let campaign = action::change(&ctx, &campaign.key, change).await?;
        Ok(Done::to(format!("/campaigns/{}", campaign.key)).say(ctx.locale.campaign_saved(&campaign.title)))
    })
}

/// A new campaign. `?title=&from=&to=&themes=&lead=&value.banner=&key_date=&key_date_year=` fill the form beforehand.
pub fn new_campaign() -> impl IntoView {
    page(|ctx| async move {
        let mut conn = ctx.db.read().await?;
        let actor = ctx.actor()?;
        let asked = ctx.refused.as_ref().map_or(&ctx.query, |refused| &refused.form);
        let owner = new_owner(&ctx, &mut conn, asked.get("unit")).await?;
        let mut owners = unit::store::all(&mut conn, &ctx.scope()?).await?;
        owners.retain(|unit| {
            actor.may_manage(unit)
                && unit.is_active(ctx.today)
                && (matches!(unit.kind, UnitKind::County | UnitKind::Town) || unit.id == owner.id)
        });
        let draft = Draft {
            unit: owner.code.clone(),
            title: ctx.query.get("title").to_owned(),
            themes: ctx.query.all("themes").into_iter().map(str::to_owned).collect(),
            from: ctx.query.get("from").to_owned(),
            to: ctx.query.get("to").to_owned(),
            lead: ctx.query.get("lead").to_owned(),
            quantities: quantities(&ctx.query),
            key_date: key_date(&ctx.query),
            ..Draft::default()
        };
        let asking = Asking {
            units: below(&ctx, &mut conn, &owner).await?,
            catalogue: catalogue::store::visible(&mut conn, &owner).await?,
            owners,
            draft,
        };
        Ok(Page::new("/campaigns", ctx.locale.campaign_new(), fields(&ctx, asking)))
    })
}

/// A stored campaign, to be changed.
pub fn edit_campaign() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let mut conn = ctx.db.read().await?;
        let (campaign, owner) = old(&ctx, &mut conn, &key).await?;
        let asking = Asking {
            units: below(&ctx, &mut conn, &owner).await?,
            catalogue: catalogue::store::visible(&mut conn, &owner).await?,
            owners: Vec::new(),
            draft: Draft::of(&campaign),
        };
        Ok(Page::new("/campaigns", ctx.locale.campaign_edit(&campaign.title), fields(&ctx, asking)))
    })
}

/// What the form offers and what stands in it.
struct Asking {
    draft: Draft,
    units: Vec<Unit>,
    /// Where the owner can be chosen: the choices.
    owners: Vec<Unit>,
    catalogue: Catalogue,
}

fn fields(ctx: &Ctx, asking: Asking) -> impl IntoView {
    let locale = ctx.locale;
    let Asking { draft, units, owners, catalogue } = asking;
    let themes: Vec<(String, String)> = catalogue
        .themes
        .iter()
        .filter(|theme| !theme.retired || draft.themes.contains(&theme.key))
        .map(|theme| (theme.key.clone(), locale.name(&theme.name, theme.name_en.as_deref()).to_owned()))
        .collect();
    let value_of = |key: &str| {
        let planned = draft.quantities.iter().find(|planned| planned.measure == key)?;
        planned.value.map(|value| value.to_string())
    };
    let (usual, other): (Vec<&Measure>, Vec<&Measure>) = catalogue
        .measures
        .iter()
        .filter(|measure| value_of(&measure.key).is_some() || !measure.retired && !measure.is_stock)
        .partition(|measure| USUAL.contains(&measure.key.as_str()) || value_of(&measure.key).is_some());
    let quantity = |measure: &Measure| {
        let label = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
        let word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
        let value = value_of(&measure.key).unwrap_or_default();
        view! { <NamedField name=format!("value.{}", measure.key) label kind="number" value unit_word=word min="1"/> }
    };
    let usual = usual.into_iter().map(quantity).collect_view();
    let other = other.into_iter().map(quantity).collect_view();
    let owner = (owners.len() > 1).then(|| {
        let options = owners.into_iter().map(|unit| (unit.code, unit.short_name)).collect();
        view! { <Select name="unit" label=locale.campaign_owner() options value=draft.unit.clone()/> }
    });
    let key_date = draft.key_date.clone().map(|(key, year)| {
        view! {
            <input type="hidden" name="key_date" value=key/>
            <input type="hidden" name="key_date_year" value=year.to_string()/>
        }
    });
    view! {
        <Problems/>
        <Form>
            {key_date}
            <Field name="title" label=locale.campaign_title() value=draft.title required=true/>
            {owner}
            <Choices name="themes" label=locale.campaign_themes() options=themes chosen=draft.themes/>
            <div class="two">
                <Field name="from" kind="date" label=locale.campaign_from() value=draft.from required=true/>
                <Field name="to" kind="date" label=locale.campaign_to() value=draft.to required=true/>
            </div>
            <Field name="lead" label=locale.campaign_lead() value=draft.lead hint=locale.campaign_lead_hint()/>
            <UnitBoxes label=locale.campaign_units() hint=locale.campaign_units_hint() units chosen=draft.units/>
            <fieldset class="choices">
                <legend>{locale.campaign_quantities()}</legend>
                <p class="hint">{locale.campaign_quantities_hint()}</p>
                <div class="grid">{usual}</div>
                <details>
                    <summary>{locale.campaign_more_measures()}</summary>
                    <div class="grid">{other}</div>
                </details>
            </fieldset>
            <TextArea name="note" label=locale.campaign_note() value=draft.note/>
            <div class="savebar"><button class="primary" type="submit">{locale.campaign_save()}</button></div>
        </Form>
    }
}
