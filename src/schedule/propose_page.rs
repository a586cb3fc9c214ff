//! A schedule proposed from the gaps: `/schedule/propose?unit=&indicator=&from=&to=…`. The question is the address, so that
//! it can be asked again and passed on.

use super::{
    accept_action::{self, Accept},
    action::{self, Wish},
    proposal_view,
};
use crate::{
    campaign::{self, store::PAGE_LIMIT},
    catalogue,
    domain::{
        indicator::Indicator,
        period::{Day, Period},
        unit::Unit,
    },
    error::{Error, Result},
    plan::{
        self,
        action::read_unit,
        need::is_held,
        view::{filter_select, managed_options},
    },
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::page::{Page, page},
    unit,
};
use chrono::{Datelike, Days};
use leptos::prelude::*;

/// The question and, once it was asked, the proposal.
pub fn propose() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        if !ctx.actor()?.may_manage(&unit) {
            return Err(Error::Forbidden);
        }
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let mut indicators = plan::store::indicators(&mut conn, &unit, false).await?;
        indicators.retain(|one| !one.retired && is_held(one.kind));
        drop(conn);
        let asked = ctx.query.has("from");
        let wish = wish(&ctx.query, &unit);
        let period = asked_period(&ctx.query);
        let mut conn = ctx.db.read().await?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        let filter = campaign::store::Filter { unit: Some(unit.clone()), period, theme: None };
        let mut campaigns = campaign::store::list(&mut conn, &ctx.scope()?, &filter, None, PAGE_LIMIT).await?;
        campaigns.retain(|campaign| !campaign.cancelled);
        drop(conn);
        // A refused form shows what was typed; the proposal is not made again over it.
        let refused = ctx
            .refused
            .clone()
            .zip(period)
            .map(|(refused, period)| proposal_view::refused(&ctx, &refused.form, period, &campaigns, &catalogue));
        let (proposal, problems) = match asked && refused.is_none() {
            false => (None, Vec::new()),
            true => match action::propose(&ctx, &wish).await {
                Ok(proposal) => (Some(proposal), Vec::new()),
                Err(Error::Invalid(problems)) => (None, problems.into_iter().map(|one| one.message).collect()),
                Err(other) => return Err(other),
            },
        };
        let question = question(&ctx, &unit, &units, &indicators, &wish, asked, problems);
        let answer = proposal.map(|proposal| proposal_view::answer(&ctx, proposal, &campaigns, &catalogue));
        Ok(Page::new("/goals", locale.schedule_title(&unit.short_name), view! { {question} {refused} {answer} }))
    })
}

/// The sessions that were kept become draft events.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let accept = Accept {
        campaign: form.get("campaign").to_owned(),
        asked: asked_period(&ctx.query),
        unit: ctx.query.get("unit").to_owned(),
        title: form.get("title").to_owned(),
        themes: form.all("themes").into_iter().map(str::to_owned).collect(),
        starts: form.get("starts").to_owned(),
        ends: form.get("ends").to_owned(),
        sessions: proposal_view::kept(&form),
    };
    let (key, count) = accept_action::accept(&ctx, accept).await?;
    Ok(Done::to(format!("/campaigns/{key}#events")).say(ctx.locale.schedule_accepted(count)))
}

/// The days that the address asks about.
fn asked_period(query: &FormData) -> Option<Period> {
    let day = |name: &str| query.get(name).parse::<Day>().ok();
    day("from").zip(day("to")).and_then(|(from, to)| Period::new(from, to))
}

/// What the address asks. Days and numbers that cannot be read are missing, and the answer says so.
fn wish(query: &FormData, unit: &Unit) -> Wish {
    let number = |name: &str| query.filled(name).map(|text| text.parse().unwrap_or(-1));
    let day = |text: &str| text.trim().parse::<Day>().ok();
    let list = |name: &str| -> Vec<String> {
        let parts = query.get(name).split(['、', ',', '，', ' ', '\n', ';', '；']);
        parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    };
    let mut indicators: Vec<String> = query.all("indicator").into_iter().map(str::to_owned).collect();
    indicators.dedup();
    Wish {
        unit: unit.code.clone(),
        from: day(query.get("from")),
        to: day(query.get("to")),
        indicators,
        per_day: number("per_day"),
        per_week: number("per_week"),
        avoid: list("avoid").iter().filter_map(|text| day(text)).collect(),
        holidays: query.has("holidays"),
        people: list("people"),
        together: query.has("together"),
    }
}

fn question(
    ctx: &Ctx,
    unit: &Unit,
    units: &[Unit],
    indicators: &[Indicator],
    wish: &Wish,
    asked: bool,
    problems: Vec<String>,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let year = Period::year(ctx.today.year());
    let from = wish.from.unwrap_or(ctx.today + Days::new(1)).to_string();
    let to = wish.to.unwrap_or(year.to.max(ctx.today + Days::new(31))).to_string();
    let field = |name: &'static str, label: &'static str, kind: &'static str, value: String, hint: &'static str| {
        let id = format!("filter-{name}");
        let hint_id = format!("{id}-hint");
        let described = (!hint.is_empty()).then(|| hint_id.clone());
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
                <input id=id name=name type=kind value=value aria-describedby=described
                    min=(kind == "number").then_some("1")/>
            </div>
        }
    };
    let tick = |name: &'static str, label: &'static str, checked: bool| {
        let id = format!("filter-{name}");
        view! {
            <span class="chip"><input type="checkbox" id=id.clone() name=name value="1" checked=checked/>
            <label for=id>{label}</label></span>
        }
    };
    let choices = indicators
        .iter()
        .map(|one| {
            let id = format!("indicator-{}", one.key);
            let checked = wish.indicators.contains(&one.key);
            let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
            view! {
                <span class="chip">
                    <input type="checkbox" id=id.clone() name="indicator" value=one.key.clone() checked=checked/>
                    <label for=id>{name}</label>
                </span>
            }
        })
        .collect_view();
    let written = |name: &str| ctx.query.get(name).to_owned();
    let wrong = !problems.is_empty();
    let problems = problems.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    view! {
        {wrong.then(|| view! { <div class="problems" role="alert"><ul>{problems}</ul></div> })}
        <form method="get" class="form">
            <div class="two">
                {filter_select("unit", locale.goals_unit(), managed_options(ctx, units), unit.code.clone())}
                <fieldset class="choices"><legend>{locale.schedule_indicators()}</legend><div class="chips">{choices}</div></fieldset>
            </div>
            <div class="two">
                {field("from", locale.schedule_from(), "date", from, "")}
                {field("to", locale.schedule_to(), "date", to, "")}
            </div>
            <div class="two">
                {field("per_day", locale.schedule_per_day(), "number", written("per_day"), "")}
                {field("per_week", locale.schedule_per_week(), "number", written("per_week"), "")}
            </div>
            <details open=asked && (wish.holidays || wish.together || !wish.people.is_empty() || !wish.avoid.is_empty())>
                <summary>{locale.more()}</summary>
                {field("people", locale.schedule_people(), "text", written("people"), locale.schedule_people_hint())}
                {field("avoid", locale.schedule_avoid(), "text", written("avoid"), locale.schedule_avoid_hint())}
                <div class="chips">
                    {tick("together", locale.schedule_together(), wish.together)}
                    {tick("holidays", locale.schedule_holidays(), wish.holidays)}
                </div>
            </details>
            <div><button class="primary" type="submit">{locale.schedule_ask()}</button></div>
        </form>
    }
}
