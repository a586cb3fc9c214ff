//! Campaigns: the year's list, and what the forms of a campaign's page do.

use super::{
    action::{self, Change},
    countdown::{task_view, template_page},
    draft_view, draft_year_page, edit_page, event_action,
    event_count_store::{self, Counts},
    figures::{self, Figures},
    notice_page,
    show_page::themes,
    store::{self, Filter, PAGE_LIMIT},
    view::{period_bar, period_text, share_bar, unit_filter},
};
pub use super::{
    countdown::template_page::countdown,
    draft_year_page::draft_year,
    edit_page::{edit_campaign, new_campaign},
    notice_page::notice,
    show_page::campaign,
};
use crate::{
    domain::{access::Role, campaign::Campaign, period::Period},
    error::{Error, Result},
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::Problems,
        page::{Page, page},
    },
    unit,
};
use axum::{Router, routing::get};
use chrono::Datelike;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/campaigns", form(draft_view::posted))
        .route("/countdowns/{key}", form(template_page::posted))
        .route("/campaigns/year", form(draft_year_page::posted))
        .route("/campaigns/new", edit_page::new_form())
        .route("/campaigns/{key}/notice.docx", get(notice_page::document))
        .route("/campaigns/{key}/edit", edit_page::edit_form())
        .route("/campaigns/{key}", form(posted))
}

/// What somebody did on a campaign's page.
async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let key = ctx.path.trim_start_matches("/campaigns/").to_owned();
    let here = format!("/campaigns/{key}");
    let locale = ctx.locale;
    match form.get("do") {
        "release" => {
            let count = event_action::release(&ctx, Some(&key), None).await?;
            Ok(Done::to(format!("{here}#events")).say(locale.event_released(count)))
        }
        what if what.starts_with("task_") => {
            task_view::posted(&ctx, &key, &form).await?;
            Ok(Done::to(format!("{here}#tasks")).say(locale.saved()))
        }
        "reopen" => {
            action::change(&ctx, &key, Change { cancelled: Some(false), ..Change::default() }).await?;
            Ok(Done::to(here).say(locale.campaign_reopened()))
        }
        "cancel" => {
            action::change(&ctx, &key, Change { cancelled: Some(true), ..Change::default() }).await?;
            Ok(Done::to(here).say(locale.campaign_cancelled_said()))
        }
        _ => Err(Error::NotFound),
    }
}

/// The campaigns of a year.
pub fn campaigns() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let scope = ctx.scope()?;
        let mut conn = ctx.db.read().await?;
        let periods = store::periods(&mut conn, &scope).await?;
        let years: BTreeSet<i32> = periods.iter().flat_map(|period| period.from.year()..=period.to.year()).collect();
        let this_year = ctx.today.year();
        let year = match ctx.query.get("year").parse() {
            Ok(year) if (1..=9999).contains(&year) => year,
            _ if years.contains(&this_year) => this_year,
            _ => years.last().copied().unwrap_or(this_year),
        };
        let unit = match ctx.query.filled("unit") {
            Some(code) => Some(unit::store::by_code(&mut conn, &scope, code).await?),
            None => None,
        };
        let units = unit::store::all(&mut conn, &scope).await?;
        let filter = Filter { unit: unit.clone(), period: Some(Period::year(year)), theme: None };
        let campaigns = store::list(&mut conn, &scope, &filter, None, PAGE_LIMIT).await?;
        let ids: Vec<i64> = campaigns.iter().map(|campaign| campaign.id).collect();
        let counts = event_count_store::counts(&mut conn, &scope, &ids, ctx.today).await?;
        let figures = figures::of_campaigns(&mut conn, &scope, None).await?;
        let may_plan = ctx.actor()?.is_any(&[Role::Admin, Role::Officer]);
        let drafts = draft_view::load(&ctx, &mut conn, unit.as_ref()).await?;
        let mut years = years;
        years.insert(this_year);
        let year_links = years
            .into_iter()
            .map(|own| {
                let address = format!("/campaigns?{}", ctx.query.with("year", Some(&own.to_string())));
                let current = (own == year).then_some("page");
                view! { <li><a class="button" href=address aria-current=current>{own}</a></li> }
            })
            .collect_view();
        let list = match campaigns.is_empty() {
            true => view! {
                <div class="empty">
                    <p>{locale.campaigns_empty(year)}</p>
                    {may_plan.then(|| view! {
                        <p><a class="button primary" href="/campaigns/new">{locale.campaign_new()}</a></p>
                    })}
                </div>
            }
            .into_any(),
            false => {
                let cards = campaigns
                    .into_iter()
                    .map(|campaign| {
                        let own = counts.get(&campaign.id).copied().unwrap_or_default();
                        card(&ctx, campaign, own, &figures, year)
                    })
                    .collect_view();
                view! { <ul class="campaigns">{cards}</ul> }.into_any()
            }
        };
        let title = locale.campaigns_title(year);
        let body = view! {
            <div class="toolbar">
                <nav class="years" aria-label=locale.campaigns_years()><ul>{year_links}</ul></nav>
                {may_plan.then(|| view! {
                    <a class="button primary" href="/campaigns/new">{locale.campaign_new()}</a>
                })}
                <a class="button" href=format!("/campaigns/year?year={year}")>{locale.draft_year_link()}</a>
                <a class="button" href="/calendar">{locale.nav_calendar()}</a>
                <a class="button" href="/tasks">{locale.nav_tasks()}</a>
                <a class="button" href="/responsibilities">{locale.responsibility_link()}</a>
            </div>
            {(units.len() > 1).then(|| unit_filter(&ctx, "/campaigns", vec![("year", year.to_string())], units, unit))}
            <Problems/>
            {drafts.map(|drafts| draft_view::section(&ctx, drafts))}
            {list}
        };
        Ok(Page::new("/campaigns", title, body))
    })
}

/// A campaign in the year's list.
fn card(ctx: &Ctx, campaign: Campaign, counts: Counts, figures: &Figures, year: i32) -> impl IntoView {
    let locale = ctx.locale;
    let quantities = campaign
        .quantities
        .iter()
        .map(|planned| {
            let done = figures.get(&(campaign.id, planned.measure_id)).copied().unwrap_or_default().total();
            let name = locale.name(&planned.name, planned.name_en.as_deref()).to_owned();
            let word = locale.name(&planned.unit_word, planned.unit_word_en.as_deref()).to_owned();
            view! {
                <li>
                    <span>{name}</span>" "
                    <span class="num">{locale.campaign_done_of(done, planned.value)}" "<small>{word}</small></span>
                    {share_bar(done, planned.value)}
                </li>
            }
        })
        .collect_view();
    let events = match counts.held_or_to_hold() {
        0 => locale.campaign_no_events().to_owned(),
        all => locale.campaign_events_done(counts.done, all),
    };
    let missed = (counts.missed > 0)
        .then(|| view! { " "<span class="tag bad">{locale.campaign_events_missed(counts.missed)}</span> });
    view! {
        <li class="campaign" class:cancelled=campaign.cancelled>
            <h2><a href=format!("/campaigns/{}", campaign.key)>{campaign.title.clone()}</a></h2>
            <p class="when">
                <span>{period_text(locale, campaign.period)}</span>
                {period_bar(campaign.period, year)}
            </p>
            <p class="what">
                {themes(ctx, &campaign)}
                {campaign.cancelled.then(|| view! { <span class="tag quiet">{locale.event_cancelled()}</span> })}
            </p>
            <p class="muted">{campaign.unit.short_name.clone()}{(!campaign.lead.is_empty()).then(|| format!(" · {}", campaign.lead))}</p>
            <p class="events">{events}{missed}</p>
            {(!campaign.quantities.is_empty()).then(|| view! { <ul class="quantities">{quantities}</ul> })}
        </li>
    }
}
