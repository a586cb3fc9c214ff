//! One campaign: its figures against what was planned, its events, and what can be done with them.

use super::{
    action,
    countdown::{task_store, task_view},
    event_store,
    figures::{self, Figures},
    overlap_store::{self, Shared},
    store::PAGE_LIMIT,
    view::{draft_tag, event_action, period_text, share_bar, state_tag, time_text, total_text, type_text},
};
use crate::{
    catalogue,
    domain::{access::Scope, campaign::Campaign, catalogue::Catalogue, countdown::Task, event::Event, unit::Unit},
    error::Result,
    server::{context::Ctx, db::Conn},
    ui::{
        field::{Form, Problems},
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::BTreeMap;

/// How many activities that belong to several campaigns a campaign's page names.
const SHARED_SHOWN: i64 = 20;

/// The units at which the actor may plan events of a campaign.
pub(super) async fn plannable(ctx: &Ctx, conn: &mut Conn, campaign: &Campaign) -> Result<Vec<Unit>> {
    let actor = ctx.actor()?;
    let mut units = unit::store::all(conn, &ctx.scope()?).await?;
    units.retain(|unit| {
        actor.may_manage(unit)
            && (campaign.goes_to(&unit.path) || unit.id == campaign.unit.id)
            && unit.is_active(ctx.today.max(campaign.period.from).min(campaign.period.to))
    });
    Ok(units)
}

/// A campaign's themes as tags.
pub(super) fn themes(ctx: &Ctx, campaign: &Campaign) -> impl IntoView {
    let locale = ctx.locale;
    campaign
        .themes
        .iter()
        .map(|theme| view! { <span class="tag">{locale.name(&theme.name, theme.name_en.as_deref()).to_owned()}</span>" " })
        .collect_view()
}

/// All that a campaign's page shows.
struct Shown {
    campaign: Campaign,
    events: Vec<Event>,
    figures: Figures,
    shared_count: i64,
    shared: Vec<Shared>,
    /// Every word there is, for the figures of units below.
    words: Catalogue,
    may_manage: bool,
    /// Where the reader may plan events.
    units: Vec<Unit>,
    tasks: Vec<Task>,
}

/// One campaign.
pub fn campaign() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let scope = ctx.scope()?;
        let mut conn = ctx.db.read().await?;
        let campaign = action::find(&mut conn, &scope, &key).await?;
        let owner = unit::store::by_id(&mut conn, &Scope::everything(), campaign.unit.id).await?;
        let filter = event_store::Filter {
            campaign_id: Some(campaign.id),
            drafts: Some(ctx.actor()?.planning_scope()),
            ..event_store::Filter::default()
        };
        let units = match campaign.cancelled {
            true => Vec::new(),
            false => plannable(&ctx, &mut conn, &campaign).await?,
        };
        let shown = Shown {
            events: event_store::list(&mut conn, &scope, &filter, None, PAGE_LIMIT).await?,
            figures: figures::of_campaigns(&mut conn, &scope, Some(campaign.id)).await?,
            shared_count: overlap_store::count(&mut conn, &scope, campaign.id).await?,
            shared: overlap_store::latest(&mut conn, &scope, campaign.id, SHARED_SHOWN).await?,
            words: catalogue::store::everything(&mut conn).await?,
            may_manage: ctx.actor()?.may_manage(&owner),
            units,
            tasks: task_store::tasks(&mut conn, campaign.id).await?,
            campaign,
        };
        let title = shown.campaign.title.clone();
        Ok(Page::new("/campaigns", title, show(&ctx, shown)))
    })
}

fn show(ctx: &Ctx, shown: Shown) -> impl IntoView {
    let locale = ctx.locale;
    let campaign = &shown.campaign;
    let edit = format!("/campaigns/{}/edit", campaign.key);
    let goes_to = match campaign.units.is_empty() {
        true => locale.campaign_goes_to_all(&campaign.unit.short_name),
        false => {
            let names: Vec<&str> = campaign.units.iter().map(|unit| unit.short_name.as_str()).collect();
            names.join(locale.campaign_comma())
        }
    };
    let may_plan = !shown.units.is_empty();
    let plan = format!("/events/new?campaign={}", campaign.key);
    let no_lead = campaign.lead.is_empty();
    view! {
        <Problems/>
        {campaign.cancelled.then(|| view! { <p><span class="tag quiet">{locale.event_cancelled()}</span></p> })}
        <div class="toolbar">
            {shown.may_manage.then(|| view! { <a class="button" href=edit>{locale.edit()}</a> })}
            {may_plan.then(|| view! { <a class="button primary" href=plan>{locale.events_plan()}</a> })}
            <a class="button" href=format!("/activities?campaign={}", campaign.key)>{locale.campaign_entries()}</a>
            <a class="button" href=format!("/campaigns/{}/materials", campaign.key)>{locale.materials_link()}</a>
            <a class="button" href=format!("/campaigns/{}/brief", campaign.key)>{locale.brief_preview()}</a>
            <a class="button" href=format!("/campaigns/{}/evidence", campaign.key)>{locale.evidence_documents()}</a>
            {shown.may_manage.then(|| view! {
                <a class="button" href=format!("/campaigns/{}/notice", campaign.key)>{locale.notice_title()}</a>
            })}
        </div>
        <dl class="meta">
            <dt>{locale.campaign_period()}</dt><dd>{period_text(locale, campaign.period)}</dd>
            <dt>{locale.campaign_themes()}</dt><dd>{themes(ctx, campaign)}</dd>
            <dt>{locale.campaign_owner()}</dt><dd>{campaign.unit.short_name.clone()}</dd>
            {(!no_lead).then(|| view! { <dt>{locale.campaign_lead()}</dt><dd>{campaign.lead.clone()}</dd> })}
            <dt>{locale.campaign_units()}</dt><dd>{goes_to}</dd>
            {(!campaign.note.is_empty()).then(|| view! { <dt>{locale.campaign_note()}</dt><dd>{campaign.note.clone()}</dd> })}
        </dl>
        {figures_section(ctx, &shown)}
        {shared_section(ctx, &shown)}
        {task_view::section(ctx, campaign, &shown.tasks, shown.may_manage)}
        {events_section(ctx, &shown)}
        {shown.may_manage.then(|| cancel_form(ctx, campaign))}
    }
}

/// A line of the table of figures.
struct FigureLine {
    measure: String,
    name: String,
    word: String,
    planned: Option<i64>,
}

/// Planned against logged; each figure leads to the entries it is the sum of.
fn figures_section(ctx: &Ctx, shown: &Shown) -> impl IntoView {
    let locale = ctx.locale;
    let campaign = &shown.campaign;
    let mut rows: BTreeMap<(i64, i64), FigureLine> = BTreeMap::new();
    for planned in &campaign.quantities {
        let place = shown.words.measure_by_id(planned.measure_id).map_or(0, |measure| measure.position);
        let name = locale.name(&planned.name, planned.name_en.as_deref()).to_owned();
        let word = locale.name(&planned.unit_word, planned.unit_word_en.as_deref()).to_owned();
        let line = FigureLine { measure: planned.measure.clone(), name, word, planned: Some(planned.value) };
        rows.insert((place, planned.measure_id), line);
    }
    for (_, measure_id) in shown.figures.keys().filter(|(_, measure_id)| *measure_id != 0) {
        if let Some(measure) = shown.words.measure_by_id(*measure_id) {
            let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
            let word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
            let line = FigureLine { measure: measure.key.clone(), name, word, planned: None };
            rows.entry((measure.position, *measure_id)).or_insert(line);
        }
    }
    let activities = shown.figures.get(&(campaign.id, 0)).copied().unwrap_or_default().activities;
    let lines = rows
        .into_iter()
        .map(|((_, id), FigureLine { measure: key, name, word, planned })| {
            let total = shown.figures.get(&(campaign.id, id)).copied().unwrap_or_default();
            let address = format!("/activities?campaign={}&measure={key}", campaign.key);
            let left = planned.map(|planned| (planned - total.total()).max(0));
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num">{planned.map_or("–".into(), |planned| planned.to_string())}</td>
                    <td class="num"><a href=address>{total_text(locale, total)}</a></td>
                    <td class="num">{left.map_or("–".into(), |left| left.to_string())}</td>
                    <td>{word}</td>
                    <td class="share">{planned.map(|planned| share_bar(total.total(), planned))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section id="figures">
            <h2>{locale.campaign_figures()}</h2>
            <p>
                <a href=format!("/activities?campaign={}", campaign.key)>
                    <strong class="figure">{activities}<small>{locale.campaign_activities()}</small></strong>
                </a>
            </p>
            <div class="scroll">
                <table class="table">
                    <caption>{locale.campaign_figures_caption()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{locale.campaign_measure()}</th>
                            <th scope="col" class="num">{locale.campaign_planned()}</th>
                            <th scope="col" class="num">{locale.campaign_logged()}</th>
                            <th scope="col" class="num">{locale.campaign_left()}</th>
                            <th scope="col">{locale.campaign_unit_word()}</th>
                            <th scope="col">{locale.campaign_share()}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </section>
    }
}

/// What this campaign shares with others.
fn shared_section(ctx: &Ctx, shown: &Shown) -> Option<impl IntoView> {
    let locale = ctx.locale;
    (shown.shared_count > 0).then(|| {
        let items = shown
            .shared
            .iter()
            .map(|shared| {
                let name = locale.name(&shared.type_name, shared.type_name_en.as_deref()).to_owned();
                let text = format!("{} {} {name}", shared.day, shared.unit_name);
                view! { <li><a href=format!("/activities/{}", shared.id)>{text}</a></li> }
            })
            .collect_view();
        view! {
            <details class="shared">
                <summary>{locale.campaign_shared(shown.shared_count)}</summary>
                <p class="hint">{locale.campaign_shared_hint()}</p>
                <ul>{items}</ul>
            </details>
        }
    })
}

fn events_section(ctx: &Ctx, shown: &Shown) -> impl IntoView {
    let locale = ctx.locale;
    let list = match shown.events.is_empty() {
        true => view! { <p class="empty">{locale.campaign_no_events()}</p> }.into_any(),
        false => events_table(ctx, &shown.events, false).into_any(),
    };
    let release = release_form(ctx, shown);
    view! { <section id="events"><h2>{locale.events_title()}</h2>{release}{list}</section> }
}

/// Events as a table, by time.
pub(super) fn events_table(ctx: &Ctx, events: &[Event], with_campaign: bool) -> impl IntoView {
    let locale = ctx.locale;
    let rows = events
        .iter()
        .map(|event| {
            let address = format!("/events/{}", event.id);
            let when = format!("{} {}", event.day, time_text(event));
            view! {
                <tr>
                    <th scope="row"><a href=address>{when}</a></th>
                    <td>{event.unit.short_name.clone()}</td>
                    {with_campaign.then(|| view! {
                        <td><a href=format!("/campaigns/{}", event.campaign)>{event.campaign_title.clone()}</a></td>
                    })}
                    <td>{type_text(locale, event)}</td>
                    <td>{event.lead.clone()}</td>
                    <td>{event.draft.then(|| draft_tag(locale))}" "{(!event.draft || event.cancelled).then(|| state_tag(locale, event.state(ctx.today)))}</td>
                    <td>{event_action(ctx, event)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table events">
                <caption>{locale.events_caption()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{locale.event_when()}</th>
                        <th scope="col">{locale.event_unit()}</th>
                        {with_campaign.then(|| view! { <th scope="col">{locale.event_campaign()}</th> })}
                        <th scope="col">{locale.event_type()}</th>
                        <th scope="col">{locale.event_lead()}</th>
                        <th scope="col">{locale.event_state()}</th>
                        <th scope="col">{locale.event_what_next()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The types of activity an event may ask for, "any" first.
pub(super) fn type_options(ctx: &Ctx, catalogue: &Catalogue) -> Vec<(String, String)> {
    let locale = ctx.locale;
    let mut options = vec![(String::new(), locale.event_any_type().to_owned())];
    options.extend(
        catalogue
            .active_types()
            .map(|own| (own.key.clone(), locale.name(&own.name, own.name_en.as_deref()).to_owned())),
    );
    options
}

/// What is not released yet, and its release.
fn release_form(ctx: &Ctx, shown: &Shown) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let drafts = shown.events.iter().filter(|event| event.draft && !event.cancelled).count();
    (drafts > 0).then(|| {
        view! {
            <Form action="release" class="form row">
                <p>{locale.event_drafts_wait(drafts)}</p>
                <button class="primary" type="submit">{locale.event_release_all(drafts)}</button>
            </Form>
        }
    })
}

fn cancel_form(ctx: &Ctx, campaign: &Campaign) -> impl IntoView {
    let locale = ctx.locale;
    match campaign.cancelled {
        true => view! {
            <Form action="reopen"><div><button type="submit">{locale.campaign_reopen()}</button></div></Form>
        }
        .into_any(),
        false => view! {
            <details>
                <summary>{locale.campaign_cancel()}</summary>
                <Form action="cancel">
                    <p>{locale.campaign_cancel_hint()}</p>
                    <div><button class="danger" type="submit">{locale.campaign_cancel()}</button></div>
                </Form>
            </details>
        }
        .into_any(),
    }
}
