//! Views that the pages of campaigns and events share.

use crate::{
    domain::{
        access::Actor,
        campaign::UnitName,
        event::{Event, State, in_china},
        period::{Day, Month, Period},
        unit::{Unit, UnitKind},
    },
    locale::Locale,
    server::{context::Ctx, form::FormData},
    ui::field::Select,
};
use chrono::{DateTime, Datelike, Utc};
use leptos::prelude::*;

/// More units of one kind than this are folded away.
const FOLD: usize = 40;

/// 6月24日 周三 · Wed 24 Jun.
pub fn day_text(locale: Locale, day: Day) -> String {
    match locale {
        Locale::Zh => format!("{}月{}日 {}", day.month(), day.day(), weekday(locale, day)),
        Locale::En => day.format("%a %-d %b").to_string(),
    }
}

/// 2021年6月24日 周四 · Thu 24 Jun 2021.
pub fn dated_text(locale: Locale, day: Day) -> String {
    match locale {
        Locale::Zh => format!("{}年{}", day.year(), day_text(locale, day)),
        Locale::En => day.format("%a %-d %b %Y").to_string(),
    }
}

/// 周三 · Wed.
pub fn weekday(locale: Locale, day: Day) -> &'static str {
    weekdays(locale)[day.weekday().num_days_from_monday() as usize]
}

/// The names of the days of the week, Monday first.
pub fn weekdays(locale: Locale) -> [&'static str; 7] {
    [
        locale.calendar_monday(),
        locale.calendar_tuesday(),
        locale.calendar_wednesday(),
        locale.calendar_thursday(),
        locale.calendar_friday(),
        locale.calendar_saturday(),
        locale.calendar_sunday(),
    ]
}

/// 2026-06-01 至 2026-06-30; one day alone where both are the same.
pub fn period_text(locale: Locale, period: Period) -> String {
    if period.from == period.to {
        return period.from.to_string();
    }
    locale.campaign_period_text(period.from, period.to)
}

/// 2026年6月 · June 2026.
pub fn month_text(locale: Locale, month: Month) -> String {
    match locale {
        Locale::Zh => format!("{}年{}月", month.year(), month.number()),
        Locale::En => month.first().format("%B %Y").to_string(),
    }
}

/// A filter by unit, as a form that works without script; `kept` are the other fields of the address.
pub fn unit_filter(
    ctx: &Ctx,
    address: &'static str,
    kept: Vec<(&'static str, String)>,
    units: Vec<Unit>,
    unit: Option<Unit>,
) -> impl IntoView {
    let locale = ctx.locale;
    let mut options = vec![(String::new(), locale.all().to_owned())];
    options.extend(units.into_iter().map(|unit| (unit.code, unit.short_name)));
    let kept =
        kept.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone()/> }).collect_view();
    view! {
        <form method="get" action=address class="filters">
            {kept}
            <Select name="unit" label=locale.event_unit() options value=unit.map(|unit| unit.code).unwrap_or_default()/>
            <button type="submit">{locale.show()}</button>
        </form>
    }
}

/// 09:00–11:00.
pub fn time_text(event: &Event) -> String {
    span_text(event.starts_at, event.ends_at)
}

/// 09:00–11:00, in UTC+8.
pub fn span_text(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> String {
    format!("{}–{}", in_china(starts_at).format("%H:%M"), in_china(ends_at).format("%H:%M"))
}

/// The tag of an event that is not released yet.
pub fn draft_tag(locale: Locale) -> impl IntoView {
    view! { <span class="tag quiet draft-tag">{locale.event_draft()}</span> }
}

/// The state of an event in words.
pub fn state_text(locale: Locale, state: State) -> &'static str {
    match state {
        State::Planned => locale.event_planned(),
        State::Done => locale.event_done(),
        State::Cancelled => locale.event_cancelled(),
        State::Missed => locale.event_missed(),
    }
}

/// The state of an event as a tag.
pub fn state_tag(locale: Locale, state: State) -> impl IntoView {
    let class = match state {
        State::Planned => "tag",
        State::Done => "tag good",
        State::Cancelled => "tag quiet",
        State::Missed => "tag bad",
    };
    view! { <span class=class>{state_text(locale, state)}</span> }
}

/// The name of an event's type, or what it is called without one.
pub fn type_text(locale: Locale, event: &Event) -> String {
    match &event.activity_type {
        Some(own) => locale.name(&own.name, own.name_en.as_deref()).to_owned(),
        None => locale.event_any_type().to_owned(),
    }
}

/// Where an event is logged.
pub fn log_address(event: &Event) -> String {
    match &event.activity_type {
        Some(own) => format!("/log/{}?event={}", own.key, event.id),
        None => format!("/log?event={}", event.id),
    }
}

/// Whether the actor completes events at this unit by logging.
pub fn may_log_at(actor: &Actor, unit: &UnitName) -> bool {
    use crate::domain::access::Role;
    actor.grants.iter().any(|grant| grant.role != Role::Leader && unit.path.starts_with(grant.path.as_str()))
}

/// The one action that an event offers: log it, or see what was logged.
pub fn event_action(ctx: &Ctx, event: &Event) -> Option<AnyView> {
    let actor = ctx.someone.as_deref()?;
    let locale = ctx.locale;
    match event.activity {
        Some(activity) => {
            Some(view! { <a href=format!("/activities/{activity}")>{locale.event_show_entry()}</a> }.into_any())
        }
        None if event.cancelled || !may_log_at(actor, &event.unit) => None,
        None => {
            let label = format!("{} {}", event.unit.short_name, type_text(locale, event));
            Some(
                view! {
                    <a class="button" href=log_address(event)>
                        {locale.event_log()}<span class="visually-hidden">" "{label}</span>
                    </a>
                }
                .into_any(),
            )
        }
    }
}

/// The groups in which units are offered, in order: a heading's kind and the kinds that belong to it.
const GROUPS: [UnitKind; 4] = [UnitKind::Town, UnitKind::Village, UnitKind::School, UnitKind::Department];

fn group_text(locale: Locale, kind: UnitKind) -> (&'static str, &'static str) {
    match kind {
        UnitKind::Village | UnitKind::Community => (locale.boxes_villages(), locale.boxes_every_village()),
        UnitKind::School => (locale.boxes_schools(), locale.boxes_every_school()),
        UnitKind::Department => (locale.boxes_departments(), locale.boxes_every_department()),
        UnitKind::Town | UnitKind::County => (locale.boxes_towns(), locale.boxes_every_town()),
    }
}

/// The codes ticked in [`UnitBoxes`]: the single ones, and all of a kind that was ticked as a whole.
pub fn ticked_units(units: &[Unit], form: &FormData) -> Vec<String> {
    let every: Vec<UnitKind> = form.all("every_unit").into_iter().filter_map(UnitKind::from_key).collect();
    let mut codes: Vec<String> = form.all("units").into_iter().map(str::to_owned).collect();
    for unit in units {
        if every.iter().any(|kind| unit.kind.answers_to(*kind)) && !codes.contains(&unit.code) {
            codes.push(unit.code.clone());
        }
    }
    codes
}

/// Units as check boxes, grouped by kind, each group with a box for all of it. Read them with [`ticked_units`].
#[component]
pub fn UnitBoxes(
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: String,
    units: Vec<Unit>,
    #[prop(optional)] chosen: Vec<String>,
) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let locale = ctx.locale;
    let (chosen, every, problem) = match &ctx.refused {
        Some(refused) => (
            refused.form.all("units").into_iter().map(str::to_owned).collect(),
            refused.form.all("every_unit").into_iter().map(str::to_owned).collect(),
            refused.problem("units").map(str::to_owned),
        ),
        None => (chosen, Vec::new(), None),
    };
    let wrong = problem.is_some();
    let groups =
        GROUPS
            .into_iter()
            .filter_map(|kind| {
                let own: Vec<Unit> = units.iter().filter(|unit| unit.kind.answers_to(kind)).cloned().collect();
                if own.is_empty() {
                    return None;
                }
                let count = own.len();
                let (heading, all) = group_text(locale, kind);
                let all_id = format!("f-every-{kind}");
                let checked = every.contains(&kind.key().to_owned());
                let open = own.len() <= FOLD || own.iter().any(|unit| chosen.contains(&unit.code));
                let boxes = own
                    .into_iter()
                    .map(|unit| {
                        let id = format!("f-units-{}", unit.code);
                        let checked = chosen.contains(&unit.code);
                        view! {
                            <span class="chip">
                                <input type="checkbox" id=id.clone() name="units" value=unit.code checked=checked/>
                                <label for=id>{unit.short_name}</label>
                            </span>
                        }
                    })
                    .collect_view();
                let whole = (count > 1).then(|| view! {
                <span class="chip every">
                    <input type="checkbox" id=all_id.clone() name="every_unit" value=kind.key() checked=checked/>
                    <label for=all_id>{all}</label>
                </span>
            });
                Some(view! {
                    <details class="unit-group" open=open>
                        <summary>{heading}</summary>
                        <div class="chips">
                            {whole}
                            {boxes}
                        </div>
                    </details>
                })
            })
            .collect_view();
    view! {
        <fieldset class="choices" class:wrong=wrong id="f-units" aria-describedby=wrong.then_some("f-units-problem")>
            <legend>{label}</legend>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            {groups}
            {problem.map(|text| view! { <p class="problem" id="f-units-problem">{text}</p> })}
        </fieldset>
    }
}

/// Where a period lies in a year, as a small bar; the words stand beside it.
pub fn period_bar(period: Period, year: i32) -> Option<impl IntoView> {
    let whole = Period::year(year);
    let shown = whole.intersection(period)?;
    let share = |days: i64| 100.0 * days as f64 / whole.days() as f64;
    let style =
        format!("--from:{:.2}%;--length:{:.2}%", share((shown.from - whole.from).num_days()), share(shown.days()));
    Some(view! { <span class="period-bar" aria-hidden="true"><span style=style></span></span> })
}

/// How much is done of what was planned, as a bar.
pub fn share_bar(done: i64, planned: i64) -> impl IntoView {
    let share = if planned > 0 { (done as f64 / planned as f64).clamp(0.0, 1.0) } else { 0.0 };
    view! { <span class="bar" aria-hidden="true"><span style=format!("--share:{share:.3}")></span></span> }
}

/// A total with its parts that are not exact: 170（以上 50，约 20）.
pub fn total_text(locale: Locale, total: crate::domain::measure::Total) -> String {
    let mut parts = Vec::new();
    if total.at_least > 0 {
        parts.push(locale.campaign_part_at_least(total.at_least));
    }
    if total.estimate > 0 {
        parts.push(locale.campaign_part_estimate(total.estimate));
    }
    match parts.is_empty() {
        true => total.total().to_string(),
        false => locale.campaign_total_parts(parts.join(locale.campaign_comma()), total.total()),
    }
}

/// An event in a list, with its one action.
pub fn event_task(ctx: &Ctx, event: &Event) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let state = event.state(ctx.today);
    let today = (event.day == ctx.today && state == State::Planned)
        .then(|| view! { <span class="tag warn">{locale.calendar_today()}</span> });
    let other = (state != State::Planned).then(|| state_tag(locale, state));
    view! {
        <li class="task">
            <p class="when">
                <time datetime=event.starts().to_rfc3339()>{day_text(locale, event.day)}" "{time_text(event)}</time>
                " "{today}{other}
            </p>
            <p class="what">
                <a href=format!("/events/{}", event.id)>{event.unit.short_name.clone()}" · "{type_text(locale, event)}</a>
                " "<span class="muted">{event.campaign_title.clone()}</span>
            </p>
            <p class="action">{event_action(ctx, event)}</p>
        </li>
    }
}
