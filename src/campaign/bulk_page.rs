//! Many events at once: what is wanted, then what it comes to, to be changed or dropped before it is stored.
//!
//! What is wanted stands in the address, so that a preview can be gone back from, and needs no script.

use super::{
    bulk_action::{self, Accepted, How, Kept, Layout, Wish},
    event_page::warning_list,
    show_page::type_options,
    store,
    view::{UnitBoxes, day_text, period_text, ticked_units, weekday},
};
use crate::{
    catalogue,
    domain::{
        access::{Actor, Role},
        campaign::Campaign,
        period::Period,
        series::{Kind, Rule},
        unit::Unit,
    },
    error::{Error, Result},
    server::{
        context::Ctx,
        db::Conn,
        form::{self, Done, FormData, Refused},
        state::AppState,
    },
    ui::{
        field::{Choices, Field, NamedField, Problems, Select},
        page::{Page, page},
    },
    unit,
};
use axum::routing::MethodRouter;
use chrono::Months;
use leptos::prelude::*;
use std::sync::Arc;

/// The most campaigns to choose from.
const CAMPAIGNS: i64 = 200;

/// The page's form.
pub fn form() -> MethodRouter<AppState> {
    form::form(posted)
}

/// The units where the actor plans.
async fn own_units(ctx: &Ctx, conn: &mut Conn, actor: &Actor) -> Result<Vec<Unit>> {
    if !actor.is_any(&[Role::Admin, Role::Officer]) {
        return Err(Error::Forbidden);
    }
    let mut units = unit::store::all(conn, &actor.planning_scope()).await?;
    units.retain(|unit| unit.is_active(ctx.today));
    Ok(units)
}

/// The rule behind `repeat`, `first` and `every`; none without one.
fn rule(form: &FormData) -> Option<Rule> {
    let every = form.get("every").parse().unwrap_or(1);
    Some(Rule::from_first(Kind::from_key(form.get("repeat"))?, form.get("first").parse().ok()?, every))
}

/// The preview is accepted.
async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    if !ctx.actor()?.is_any(&[Role::Admin, Role::Officer]) {
        return Err(Error::Forbidden);
    }
    if !["draft", "release"].contains(&form.get("do")) {
        return Err(Error::NotFound);
    }
    let campaign = form.get("campaign").to_owned();
    let mut numbers: Vec<usize> =
        form.with_prefix("row.").filter_map(|(rest, _)| rest.strip_suffix(".unit")?.parse().ok()).collect();
    numbers.sort_unstable();
    let kept = |number: &usize| form.get(&format!("row.{number}.keep")) == "1";
    let row = |number: usize| {
        let field = |name: &str| form.get(&format!("row.{number}.{name}")).to_owned();
        Kept { number, unit: field("unit"), day: field("day"), lead: field("lead") }
    };
    let accepted = Accepted {
        activity_type: form.get("type").into(),
        place: form.get("place").into(),
        starts: form.get("starts").into(),
        ends: form.get("ends").into(),
        draft: form.get("do") == "draft",
        rule: rule(&form),
        rows: numbers.into_iter().filter(kept).map(row).collect(),
        campaign: campaign.clone(),
    };
    let is_draft = accepted.draft;
    let count = bulk_action::store(&ctx, accepted).await?;
    let said = if is_draft { ctx.locale.events_drafted(count) } else { ctx.locale.events_planned(count) };
    Ok(Done::to(format!("/campaigns/{campaign}#events")).say(said))
}

/// What is wanted, or what it comes to.
pub fn plan_events() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let actor = ctx.actor()?;
        let mut conn = ctx.db.read().await?;
        let units = own_units(&ctx, &mut conn, actor).await?;
        let chosen = ticked_units(&units, &ctx.query);
        let is_asked = ctx.query.has("starts");
        if is_asked && !ctx.query.has("change") {
            let wanted = units.iter().filter(|unit| chosen.contains(&unit.code)).cloned().collect();
            let laid = match bulk_action::read(&ctx, &mut conn, &ctx.query, wanted).await {
                Ok(wish) => bulk_action::lay_out(&ctx, &mut conn, &wish).await.map(|layout| (wish, layout)),
                Err(error) => Err(error),
            };
            match laid {
                Ok((wish, layout)) => {
                    let title = locale.bulk_preview(layout.rows.len());
                    return Ok(Page::new("/calendar", title, preview(&ctx, &wish, layout)));
                }
                Err(Error::Invalid(problems)) => {
                    let refused = Refused { form: ctx.query.clone(), problems };
                    provide_context(Ctx { refused: Some(Arc::new(refused)), ..ctx.clone() });
                }
                Err(error) => return Err(error),
            }
        } else if is_asked {
            let refused = Refused { form: ctx.query.clone(), problems: Vec::new() };
            provide_context(Ctx { refused: Some(Arc::new(refused)), ..ctx.clone() });
        }
        let campaigns = campaigns(&ctx, &mut conn).await?;
        let home = units.first().cloned().ok_or(Error::Forbidden)?;
        let catalogue = catalogue::store::visible(&mut conn, &home).await?;
        let types = type_options(&ctx, &catalogue);
        let body = wanted(&ctx, campaigns, units, types, chosen);
        Ok(Page::new("/calendar", locale.bulk_title(), body))
    })
}

/// Campaigns of which events can be planned: those not over, in a year and a half.
async fn campaigns(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Campaign>> {
    let ahead = ctx.today.checked_add_months(Months::new(18)).unwrap_or(ctx.today);
    let filter = store::Filter { unit: None, period: Period::new(ctx.today, ahead), theme: None };
    let mut campaigns = store::list(conn, &ctx.scope()?, &filter, None, CAMPAIGNS).await?;
    campaigns.retain(|campaign| !campaign.cancelled);
    if let Some(key) = ctx.query.filled("campaign")
        && !campaigns.iter().any(|campaign| campaign.key == key)
        && let Ok(campaign) = store::by_key(conn, &ctx.scope()?, key).await
    {
        campaigns.insert(0, campaign);
    }
    Ok(campaigns)
}

fn wanted(
    ctx: &Ctx,
    campaigns: Vec<Campaign>,
    units: Vec<Unit>,
    types: Vec<(String, String)>,
    chosen: Vec<String>,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let key = ctx.query.get("campaign").to_owned();
    let campaign = campaigns.iter().find(|campaign| campaign.key == key);
    let first = ctx.query.get("first").parse().unwrap_or(ctx.today);
    let first = campaign.map_or(first, |campaign| first.max(campaign.period.from).min(campaign.period.to));
    let none = campaigns.is_empty();
    let mut options = vec![(String::new(), locale.bulk_campaign_choose().to_owned())];
    options.extend(campaigns.into_iter().map(|campaign| {
        let text = format!("{}（{}）", campaign.title, period_text(locale, campaign.period));
        (campaign.key, text)
    }));
    let paces = vec![
        ("daily".to_owned(), locale.pace_daily().to_owned()),
        ("weekly".to_owned(), locale.pace_weekly().to_owned()),
        ("same_day".to_owned(), locale.spread_same_day().to_owned()),
    ];
    let skips = vec![
        ("weekends".to_owned(), locale.skip_weekends().to_owned()),
        ("holidays".to_owned(), locale.skip_holidays().to_owned()),
        ("blackouts".to_owned(), locale.skip_blackouts().to_owned()),
    ];
    let all_skips = skips.iter().map(|skip| skip.0.clone()).collect::<Vec<_>>();
    let repeats = vec![
        (String::new(), locale.repeat_none().to_owned()),
        ("weeks".to_owned(), locale.repeat_weeks().to_owned()),
        ("month_weekday".to_owned(), locale.repeat_month_weekday().to_owned()),
        ("year".to_owned(), locale.repeat_year().to_owned()),
        ("lunar_month".to_owned(), locale.repeat_lunar_month().to_owned()),
        ("lunar_year".to_owned(), locale.repeat_lunar_year().to_owned()),
    ];
    let repeats_open = !ctx.query.get("repeat").is_empty();
    let has_problems =
        use_context::<Ctx>().and_then(|ctx| ctx.refused).is_some_and(|refused| !refused.problems.is_empty());
    view! {
        {has_problems.then(|| view! { <Problems/> })}
        <p class="lead">{locale.bulk_lead()}</p>
        {none.then(|| view! {
            <div class="empty">
                <p>{locale.bulk_no_campaigns()}</p>
                <p><a class="button primary" href="/campaigns/new">{locale.campaign_new()}</a></p>
            </div>
        })}
        <form method="get" action="/events/new" class="form bulk">
            <Select name="campaign" label=locale.event_campaign() options value=key/>
            <Select name="type" label=locale.event_type() options=types/>
            <UnitBoxes label=locale.event_units() units chosen/>
            <Field name="first" kind="date" label=locale.event_first_day() value=first.to_string()/>
            <Choices name="pace" single=true label=locale.event_spread() options=paces chosen=vec!["daily".into()]/>
            <Field name="number" kind="number" label=locale.bulk_number() hint=locale.bulk_number_hint() value="1"
                unit_word=locale.calendar_events_word() min="1" max="50"/>
            <Choices name="skip" label=locale.bulk_skip() options=skips chosen=all_skips/>
            <div class="two">
                <Field name="starts" kind="time" label=locale.event_starts() value="09:00"/>
                <Field name="ends" kind="time" label=locale.event_ends() value="11:00"/>
            </div>
            <Field name="leads" label=locale.bulk_leads() hint=locale.bulk_leads_hint()/>
            <Field name="place" label=locale.event_place() hint=locale.event_place_hint()/>
            <details open=repeats_open>
                <summary>{locale.bulk_series()}</summary>
                <div class="form">
                    <p class="hint">{locale.bulk_series_hint()}</p>
                    <Select name="repeat" label=locale.repeat() options=repeats/>
                    <Field name="every" kind="number" label=locale.repeat_every() value="1"
                        unit_word=locale.repeat_week_word() min="1" max="52"/>
                    <Field name="until" kind="date" label=locale.repeat_until()/>
                    <Field name="times" kind="number" label=locale.repeat_times() unit_word=locale.calendar_events_word()
                        min="1" max="200"/>
                </div>
            </details>
            <div><button class="primary" type="submit">{locale.bulk_show()}</button></div>
        </form>
    }
}

/// What it comes to: a row for each event, to be moved, given to somebody else or dropped.
fn preview(ctx: &Ctx, wish: &Wish, layout: Layout) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let back = format!("/events/new?{}", ctx.query.with("change", Some("1")));
    let count = layout.rows.len();
    let refused = ctx.refused.is_some();
    let clashing = layout.warnings.len();
    let rows = layout
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let name = |field: &str| format!("row.{index}.{field}");
            // What was dropped before a refusal stays dropped.
            let keep = match &ctx.refused {
                Some(refused) => refused.form.has(&name("keep")),
                None => true,
            };
            let keep_id = format!("keep-{index}");
            let unit = row.unit.short_name.clone();
            let warnings = layout.warnings.get(&bulk_action::slot_id(index)).cloned().unwrap_or_default();
            let day_label = locale.bulk_day_of(&unit);
            let lead_label = locale.bulk_lead_of(&unit);
            view! {
                <li class="bulk-row" class:clashing=!warnings.is_empty()>
                    <input type="hidden" name=name("unit") value=row.unit.code.clone()/>
                    <span class="check">
                        <input type="checkbox" id=keep_id.clone() name=name("keep") value="1" checked=keep/>
                        <label for=keep_id>{unit}" "<span class="muted">{weekday(locale, row.day)}</span></label>
                    </span>
                    <NamedField name=name("day") kind="date" label=day_label value=row.day.to_string()/>
                    <NamedField name=name("lead") label=lead_label value=row.lead.clone()/>
                    {warning_list(ctx, &warnings)}
                </li>
            }
        })
        .collect_view();
    let unplaced = (!layout.unplaced.is_empty()).then(|| {
        let names: Vec<&str> = layout.unplaced.iter().map(|unit| unit.short_name.as_str()).collect();
        let words = locale.bulk_unplaced(names.len(), names.join(locale.campaign_comma()));
        view! { <p class="unplaced"><span class="tag warn">{locale.bulk_does_not_fit()}</span>" "{words}</p> }
    });
    let hidden = ["campaign", "type", "place", "starts", "ends", "repeat", "first", "every"]
        .into_iter()
        .map(|name| view! { <input type="hidden" name=name value=ctx.query.get(name).to_owned()/> })
        .collect_view();
    let what = match wish.how {
        How::Once(_) => locale.bulk_what_once(),
        How::Series(..) => locale.bulk_what_series(),
    };
    let time = format!("{}–{}", wish.starts.format("%H:%M"), wish.ends.format("%H:%M"));
    view! {
        {refused.then(|| view! { <Problems/> })}
        <p class="lead">
            {wish.campaign.title.clone()}" · "{day_text(locale, wish.first)}" · "{time}" · "{what}
        </p>
        {match clashing {
            0 => view! { <p class="muted">{locale.bulk_no_clash()}</p> }.into_any(),
            count => view! { <p><span class="clash">"▲ "{locale.bulk_clashing(count)}</span></p> }.into_any(),
        }}
        {unplaced}
        <form method="post" class="form bulk-preview" novalidate=true>
            {hidden}
            <ol class="bulk-rows" id="f-rows">{rows}</ol>
            <div class="savebar">
                <button class="primary" type="submit" name="do" value="release" disabled={count == 0}>{locale.bulk_publish()}</button>
                <button type="submit" name="do" value="draft" disabled={count == 0}>{locale.bulk_draft()}</button>
                <a class="button quiet" href=back>{locale.bulk_back()}</a>
            </div>
        </form>
    }
}
