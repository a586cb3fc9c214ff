//! The pages of holidays and market days, and of the days on which a unit cannot be visited.

use super::{
    action,
    day_store::{self, BlackoutRow, HolidayRow},
    page::unit_code,
    view::{filters, market_text, neighbours, span_text, weekday, year},
};
use crate::{
    domain::{
        day_mark::{Calendar, HolidayKind},
        period::Period,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    plan::action::read_unit,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Choices, Field, Form, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use chrono::Datelike;
use leptos::prelude::*;

fn kind_text(locale: Locale, kind: HolidayKind) -> &'static str {
    match kind {
        HolidayKind::Rest => locale.holiday_rest(),
        HolidayKind::Work => locale.holiday_work(),
        HolidayKind::Ordinary => locale.holiday_ordinary(),
    }
}

pub(super) async fn post_holidays(ctx: Ctx, form: FormData) -> Result<Done> {
    let code = unit_code(&ctx).await?;
    match form.get("do") {
        "holiday" => {
            let days = (form.get("from"), form.get("to"));
            action::put_holidays(&ctx, &code, days, form.get("kind"), form.get("name")).await?;
        }
        "market" => action::put_market(&ctx, &code, form.get("calendar"), &form.all("digits")).await?,
        _ => return Err(Error::NotFound),
    }
    Ok(Done::to(ctx.here()).say(ctx.locale.saved()))
}

pub(super) async fn post_blackouts(ctx: Ctx, form: FormData) -> Result<Done> {
    match form.get("do") {
        "add" => {
            let days = (form.get("from"), form.get("to"));
            action::add_blackout(&ctx, form.get("at"), days, form.get("reason")).await?;
        }
        "withdraw" => action::withdraw_blackout(&ctx, form.get("id").parse().map_err(|_| Error::NotFound)?).await?,
        _ => return Err(Error::NotFound),
    }
    Ok(Done::to(ctx.here()).say(ctx.locale.saved()))
}

/// `/holidays?unit=&year=`
pub fn holidays() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let year = year(&ctx);
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let rows = day_store::holidays(&mut conn, &unit, Period::year(year)).await?;
        let markets = day_store::markets(&mut conn, &unit).await?;
        drop(conn);
        let may = ctx.actor()?.may_manage(&unit);
        let list = match rows.is_empty() {
            true => view! { <p class="empty">{locale.holidays_none(year)}</p> }.into_any(),
            false => holiday_table(locale, year, &rows).into_any(),
        };
        let known = markets
            .iter()
            .map(|market| {
                let name = units.iter().find(|unit| unit.path == market.path).map(|unit| unit.short_name.clone());
                let text = market_text(locale, market.calendar, &market.digits);
                // What stands above the reader's units is named by the level alone.
                view! { <li>{name.unwrap_or_else(|| locale.market_from_above().to_owned())}" "{text}</li> }
            })
            .collect_view();
        let none = markets.is_empty().then(|| view! { <p class="muted">{locale.market_none()}</p> });
        let own = markets.iter().find(|market| market.path == unit.path);
        let own = own.map(|market| (market.calendar, market.digits.clone()));
        let body = view! {
            {filters(&ctx, &units, &unit, year)}
            <Problems/>
            {list}
            {may.then(|| holiday_form(&ctx))}
            <section id="market">
                <h2>{locale.market_title()}</h2>
                <ul>{known}</ul>
                {none}
                {may.then(|| market_form(&ctx, &unit, own))}
            </section>
            {neighbours(&ctx, &unit, year)}
        };
        Ok(Page::new("/calendar", locale.holidays_of(year), body))
    })
}

fn holiday_table(locale: Locale, year: i32, rows: &[HolidayRow]) -> impl IntoView + use<> {
    let rows = rows
        .iter()
        .map(|row| {
            let name = locale.name(&row.name, row.name_en.as_deref()).to_owned();
            let class = match row.kind {
                HolidayKind::Rest => "tag good",
                HolidayKind::Work => "tag warn",
                HolidayKind::Ordinary => "tag quiet",
            };
            let own = if row.unit_id.is_some() { locale.holiday_entered() } else { locale.holiday_built_in() };
            view! {
                <tr>
                    <th scope="row" class="num">{row.day.to_string()}</th>
                    <td>{weekday(locale, row.day.weekday().number_from_monday())}</td>
                    <td><span class=class>{kind_text(locale, row.kind)}</span></td>
                    <td>{name}</td>
                    <td class="muted">{own}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.holiday_day()),
        Head::Text(locale.rule_weekday()),
        Head::Text(locale.holiday_kind()),
        Head::Text(locale.key_date_name()),
        Head::Text(locale.holiday_source()),
    ];
    view! { <Table caption=locale.holidays_of(year) heads>{rows}</Table> }
}

fn holiday_form(ctx: &Ctx) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let kinds =
        HolidayKind::ALL.iter().map(|kind| (kind.key().to_owned(), kind_text(locale, *kind).to_owned())).collect();
    view! {
        <details open=ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == "holiday")>
            <summary class="button">{locale.holiday_add()}</summary>
            <Form action="holiday">
                <p class="hint">{locale.holiday_hint()}</p>
                <div class="two">
                    <Field name="from" kind="date" label=locale.campaign_from() required=true/>
                    <Field name="to" kind="date" label=locale.campaign_to()/>
                </div>
                <Choices name="kind" single=true label=locale.holiday_kind() options=kinds chosen=vec!["rest".into()]/>
                <Field name="name" label=locale.key_date_name()/>
                <p><button class="button primary" type="submit">{locale.holiday_add()}</button></p>
            </Form>
        </details>
    }
}

fn market_form(ctx: &Ctx, unit: &Unit, own: Option<(Calendar, Vec<u32>)>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let (calendar, digits) = own.unwrap_or((Calendar::Solar, Vec::new()));
    let calendars = vec![
        (Calendar::Solar.key().to_owned(), locale.market_solar().to_owned()),
        (Calendar::Lunar.key().to_owned(), locale.market_lunar().to_owned()),
    ];
    let options = (0..=9).map(|digit| (digit.to_string(), digit.to_string())).collect();
    let chosen = digits.iter().map(u32::to_string).collect();
    let save = locale.market_save(&unit.short_name);
    view! {
        <Form action="market">
            <Choices name="calendar" single=true label=locale.market_calendar() options=calendars chosen=vec![calendar.key().into()]/>
            <Choices name="digits" label=locale.market_digits() hint=locale.market_hint() options chosen/>
            <p><button class="button" type="submit">{save}</button></p>
        </Form>
    }
}

/// `/blackouts?unit=&year=`
pub fn blackouts() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let year = year(&ctx);
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let rows = day_store::blackouts(&mut conn, &unit, Period::year(year)).await?;
        drop(conn);
        let actor = ctx.actor()?;
        let managed: Vec<(String, String)> = units
            .iter()
            .filter(|own| actor.may_manage(own) && own.path.starts_with(&unit.path))
            .map(|own| (own.code.clone(), own.short_name.clone()))
            .collect();
        let may = |row: &BlackoutRow| units.iter().any(|own| own.id == row.unit_id && actor.may_manage(own));
        let list = match rows.is_empty() {
            true => view! { <p class="empty">{locale.blackouts_none(year)}</p> }.into_any(),
            false => {
                let rows = rows.iter().map(|row| blackout_row(locale, row, may(row))).collect_view();
                let heads = vec![
                    Head::Text(locale.event_unit()),
                    Head::Text(locale.key_date_days()),
                    Head::Text(locale.blackout_reason()),
                    Head::Text(locale.event_what_next()),
                ];
                view! { <Table caption=locale.blackouts_title() heads>{rows}</Table> }.into_any()
            }
        };
        let code = unit.code.clone();
        let form = (!managed.is_empty()).then(|| {
            view! {
                <section>
                    <h2>{locale.blackout_add()}</h2>
                    <Form action="add">
                        <p class="hint">{locale.blackout_hint()}</p>
                        <Select name="at" label=locale.event_unit() options=managed value=code/>
                        <div class="two">
                            <Field name="from" kind="date" label=locale.campaign_from() required=true/>
                            <Field name="to" kind="date" label=locale.campaign_to() required=true/>
                        </div>
                        <Field name="reason" label=locale.blackout_reason() required=true/>
                        <p><button class="button primary" type="submit">{locale.blackout_add()}</button></p>
                    </Form>
                </section>
            }
        });
        let body = view! {
            {filters(&ctx, &units, &unit, year)}
            <Problems/>
            {list}
            {form}
            {neighbours(&ctx, &unit, year)}
        };
        Ok(Page::new("/calendar", locale.blackouts_title(), body))
    })
}

fn blackout_row(locale: Locale, row: &BlackoutRow, may: bool) -> impl IntoView + use<> {
    let period = Period { from: row.from_day, to: row.to_day };
    let withdraw = may.then(|| {
        let what = format!(" {} {}", row.unit_name, row.reason);
        let id = row.id.to_string();
        view! {
            <Form action="withdraw">
                <input type="hidden" name="id" value=id/>
                <button class="button">{locale.blackout_withdraw()}<span class="visually-hidden">{what}</span></button>
            </Form>
        }
    });
    view! {
        <tr>
            <th scope="row">{row.unit_name.clone()}</th>
            <td>{span_text(locale, period)}</td>
            <td>{row.reason.clone()}</td>
            <td>{withdraw}</td>
        </tr>
    }
}
