//! One event: to read, to move, to cancel.

use super::{
    bulk_page, calendar,
    clash_action::{self, Warning, mark},
    event_action::{self, Change},
    event_store, series_action,
    show_page::type_options,
    store,
    view::{dated_text, day_text, draft_tag, log_address, may_log_at, period_text, state_tag, time_text, type_text},
};
pub use super::{bulk_page::plan_events, calendar::calendar};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        event::{Event, State},
        period::Period,
        series::Reach,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Field, Form, Problems, Select},
        page::{Page, page},
    },
    unit,
};
use axum::Router;
use chrono::NaiveTime;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/events/{id}", form(posted))
        .route("/events/new", bulk_page::form())
        .route("/calendar", calendar::form())
}

/// What somebody did on an event's page.
async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = ctx.path.trim_start_matches("/events/").parse().map_err(|_| Error::NotFound)?;
    let here = Done::to(ctx.path.clone());
    let reason = form.get("reason").to_owned();
    let reach = Reach::from_key(form.get("reach")).unwrap_or(Reach::This);
    match form.get("do") {
        "cancel" => {
            let change = Change { cancelled: Some(true), reason, ..Change::default() };
            let changed = series_action::change(&ctx, id, change, reach).await?;
            Ok(here.say(ctx.locale.event_cancelled_said(changed.len())))
        }
        "release" => {
            let change = Change { draft: Some(false), ..Change::default() };
            let changed = series_action::change(&ctx, id, change, reach).await?;
            Ok(here.say(ctx.locale.event_released(changed.len())))
        }
        "reopen" => {
            let change = Change { cancelled: Some(false), reason, ..Change::default() };
            event_action::change(&ctx, id, change).await?;
            Ok(here.say(ctx.locale.event_reopened()))
        }
        "day" => {
            let moved = event_action::move_to_day(&ctx, id, form.get("day")).await.map_err(in_form)?;
            let said = ctx.locale.event_moved(day_text(ctx.locale, moved.day), time_text(&moved));
            // The calendar comes back to where the event was taken up.
            let back = Some(form.get("back")).filter(|back| back.starts_with("/calendar?"));
            Ok(back.map_or(here, Done::to).say(said))
        }
        _ => {
            let time = |name: &str| format!("{}T{}", form.get("day"), form.get(name));
            let change = Change {
                starts_at: Some(time("starts")),
                ends_at: Some(time("ends")),
                lead: Some(form.get("lead").to_owned()),
                place: form.has("place").then(|| form.get("place").to_owned()),
                activity_type: Some(form.get("type").to_owned()),
                reason,
                ..Change::default()
            };
            let changed = series_action::change(&ctx, id, change, reach).await.map_err(in_form)?;
            let said = match changed.as_slice() {
                [moved] => ctx.locale.event_moved(day_text(ctx.locale, moved.day), time_text(moved)),
                many => ctx.locale.series_changed(many.len()),
            };
            Ok(here.say(said))
        }
    }
}

/// The form has a day and two times where the API has two instants.
fn in_form(error: Error) -> Error {
    let Error::Invalid(mut problems) = error else { return error };
    for problem in &mut problems {
        match problem.field.as_str() {
            "starts_at" => problem.field = "day".into(),
            "ends_at" => problem.field = "ends".into(),
            _ => {}
        }
    }
    problems.dedup();
    Error::Invalid(problems)
}

/// One event.
pub fn event() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let scope = ctx.scope()?;
        let planning = ctx.actor()?.planning_scope();
        let event = event_store::of_id(&mut conn, &scope, Some(&planning), id).await?;
        let unit = unit::store::by_id(&mut conn, &scope, event.unit.id).await?;
        let campaign = store::by_id(&mut conn, &Scope::everything(), event.campaign_id).await?;
        let types = type_options(&ctx, &catalogue::store::visible(&mut conn, &unit).await?);
        let title = ctx.locale.event_title(&event.campaign_title, &event.unit.short_name);
        let plans = planning.contains(&event.unit.path);
        let warnings = match plans && matches!(event.state(ctx.today), State::Planned) {
            true => clash_action::of_event(&ctx, &mut conn, &event).await?,
            false => Vec::new(),
        };
        let body = view! { {warning_list(&ctx, &warnings)} {show(&ctx, event, &unit, campaign.period, types)?} };
        Ok(Page::new("/calendar", title, body))
    })
}

/// What speaks against an event, in words; nothing forbids it.
pub(super) fn warning_list(ctx: &Ctx, warnings: &[Warning]) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let items = warnings
        .iter()
        .map(|warning| {
            let words = warning.message.clone();
            let words = match warning.event {
                Some(id) => view! { <a href=format!("/events/{id}")>{words}</a> }.into_any(),
                None => words.into_any(),
            };
            view! { <li><span class="clash">"▲ "{mark(locale, warning.kind)}</span>" "{words}</li> }
        })
        .collect_view();
    (!warnings.is_empty()).then(|| view! { <ul class="clashes">{items}</ul> })
}

fn show(ctx: &Ctx, event: Event, unit: &Unit, period: Period, types: Vec<(String, String)>) -> Result<impl IntoView> {
    let locale = ctx.locale;
    let actor = ctx.actor()?;
    let state = event.state(ctx.today);
    let waits = matches!(state, State::Planned | State::Missed);
    let may_manage = actor.may_manage(unit);
    let log = (waits && !event.draft && may_log_at(actor, &event.unit))
        .then(|| view! { <p><a class="button primary" href=log_address(&event)>{locale.event_log()}</a></p> });
    let done = event.activity.map(|activity| {
        view! {
            <dt>{locale.event_done_by()}</dt>
            <dd><a href=format!("/activities/{activity}")>{locale.event_show_entry()}</a></dd>
        }
    });
    let manage = (may_manage && state != State::Done).then(|| manage_forms(ctx, &event, period, types));
    Ok(view! {
        <Problems/>
        <p>
            {event.draft.then(|| draft_tag(locale))}" "
            {(!event.draft || event.cancelled).then(|| state_tag(locale, state))}
        </p>
        {log}
        <dl class="meta">
            <dt>{locale.event_when()}</dt>
            <dd>{dated_text(locale, event.day)}" "{time_text(&event)}</dd>
            <dt>{locale.event_unit()}</dt><dd>{event.unit.short_name.clone()}</dd>
            <dt>{locale.event_campaign()}</dt>
            <dd>
                <a href=format!("/campaigns/{}", event.campaign)>{event.campaign_title.clone()}</a>
                " "<span class="muted">{period_text(locale, period)}</span>
            </dd>
            <dt>{locale.event_type()}</dt><dd>{type_text(locale, &event)}</dd>
            {(!event.lead.is_empty()).then(|| view! { <dt>{locale.event_lead()}</dt><dd>{event.lead.clone()}</dd> })}
            {(!event.place.is_empty()).then(|| view! { <dt>{locale.event_place()}</dt><dd>{event.place.clone()}</dd> })}
            {event.series_id.map(|_| view! { <dt>{locale.event_series()}</dt><dd>{locale.event_in_series()}</dd> })}
            {done}
        </dl>
        <p><a href=format!("/events/{}/sheet", event.id)>{locale.sheet_link()}</a></p>
        {manage}
    })
}

/// Move, cancel, take the cancellation back.
fn manage_forms(ctx: &Ctx, event: &Event, period: Period, types: Vec<(String, String)>) -> impl IntoView {
    let locale = ctx.locale;
    let type_key = event.activity_type.as_ref().map(|own| own.key.clone()).unwrap_or_default();
    let time = |time: NaiveTime| time.format("%H:%M").to_string();
    if event.cancelled {
        return view! {
            <Form action="reopen"><div><button type="submit">{locale.event_reopen()}</button></div></Form>
        }
        .into_any();
    }
    let (day, starts, ends) = (event.day.to_string(), time(event.starts().time()), time(event.ends().time()));
    let (min, max, lead) = (period.from.to_string(), period.to.to_string(), event.lead.clone());
    let place = event.place.clone();
    let in_series = event.series_id.is_some();
    let reach = {
        let options = vec![
            ("this".to_owned(), locale.reach_this().to_owned()),
            ("following".to_owned(), locale.reach_following().to_owned()),
            ("all".to_owned(), locale.reach_all().to_owned()),
        ];
        in_series.then(|| view! { <Select name="reach" label=locale.reach() options value="this"/> })
    };
    let release = event.draft.then(|| {
        view! {
            <Form action="release" class="form row">
                <button class="primary" type="submit">{locale.event_release()}</button>
                <p class="hint">{locale.event_draft_hint()}</p>
            </Form>
        }
    });
    view! {
        {release}
        <section>
            <h2>{locale.event_move()}</h2>
            <Form action="move">
                <Field name="day" kind="date" label=locale.event_day() value=day min max/>
                <div class="two">
                    <Field name="starts" kind="time" label=locale.event_starts() value=starts/>
                    <Field name="ends" kind="time" label=locale.event_ends() value=ends/>
                </div>
                <Select name="type" label=locale.event_type() options=types value=type_key/>
                <Field name="lead" label=locale.event_lead() value=lead/>
                <Field name="place" label=locale.event_place() value=place/>
                {reach}
                <div><button class="primary" type="submit">{locale.event_move_save()}</button></div>
            </Form>
            <details>
                <summary>{locale.event_cancel()}</summary>
                <Form action="cancel">
                    <Field name="reason" label=locale.event_cancel_reason()/>
                    {in_series.then(|| view! {
                        <fieldset class="choices">
                            <legend>{locale.reach()}</legend>
                            <div class="chips">{reach_chips(locale)}</div>
                        </fieldset>
                    })}
                    <div><button class="danger" type="submit">{locale.event_cancel()}</button></div>
                </Form>
            </details>
        </section>
    }
    .into_any()
}

/// Which events of the series a cancellation is meant for; this one unless said otherwise.
fn reach_chips(locale: Locale) -> impl IntoView {
    let texts = [locale.reach_this(), locale.reach_following(), locale.reach_all()];
    Reach::ALL
        .iter()
        .zip(texts)
        .map(|(reach, text)| {
            let id = format!("f-cancel-{reach}");
            let checked = *reach == Reach::This;
            view! {
                <span class="chip">
                    <input type="radio" id=id.clone() name="reach" value=reach.key() checked=checked/>
                    <label for=id>{text}</label>
                </span>
            }
        })
        .collect_view()
}
