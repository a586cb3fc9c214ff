//! `/review?unit=&month=&type=&show=`: what waits for a look, most of it accepted in one go.

pub use super::double_page::doubles;
use super::{
    action, double_action, double_page,
    store::{self, Filter, Waiting},
};
use crate::{
    activity::form::in_words,
    catalogue,
    domain::{activity::DraftQuantity, catalogue::Catalogue, closing::YEARS, period::Month, unit::Unit},
    error::{Error, Result},
    locale::Locale,
    plan::{
        action::read_unit,
        view::{filter_select, managed_options},
    },
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
    },
    unit,
};
use axum::Router;
use leptos::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most entries on the page, and how far the others are counted.
const SHOWN: i64 = 50;
const COUNTED: i64 = 1_000;
/// How many months are offered.
const MONTHS: usize = 24;
/// The value of `show` for entries about which something was asked.
const ASKED: &str = "asked";

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new().route("/review", form(posted)).route("/review/doubles", form(double_page::posted))
}

/// The month that the address names; else the latest one in which something waits.
pub(super) async fn month_of(ctx: &Ctx, conn: &mut crate::server::db::Conn, unit: &Unit) -> Result<Month> {
    let asked = Month::parse(ctx.query.get("month")).filter(|month| YEARS.contains(&month.year()));
    Ok(match asked {
        Some(month) => month,
        None => Month::of(store::latest_day(conn, unit).await?.unwrap_or(ctx.today)),
    })
}

/// The months that are offered, the one that is shown among them.
pub(super) fn month_options(ctx: &Ctx, shown: Month) -> Vec<(String, String)> {
    let mut months: Vec<Month> =
        std::iter::successors(Some(Month::of(ctx.today)), |month| Some(month.previous())).take(MONTHS).collect();
    if !months.contains(&shown) {
        months.push(shown);
    }
    months.into_iter().map(|month| (month.to_string(), month_text(ctx.locale, month))).collect()
}

pub(super) fn month_text(locale: Locale, month: Month) -> String {
    locale.closing_month(month.number(), month.year())
}

/// The page.
pub fn review() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        if !ctx.actor()?.may_manage(&unit) {
            return Err(Error::Forbidden);
        }
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        let month = month_of(&ctx, &mut conn, &unit).await?;
        let kind = ctx.query.filled("type").and_then(|key| catalogue.activity_type(key));
        let filter = Filter {
            period: Some(month.period()),
            type_id: kind.map(|kind| kind.id),
            asked: ctx.query.get("show") == ASKED,
        };
        let waiting = store::waiting(&mut conn, &unit, &filter, SHOWN).await?;
        let count = store::count(&mut conn, &unit, &filter, COUNTED).await?;
        let everywhere = store::count(&mut conn, &unit, &Filter::default(), COUNTED).await?;
        let doubles = double_action::pairs(&mut conn, &unit, month).await?.unwrap_or_default();
        drop(conn);
        let doubtful: BTreeSet<Uuid> = doubles.iter().flat_map(|pair| [pair.first, pair.second]).collect();
        let filters = filters(&ctx, &unit, &units, &catalogue, month);
        let body = view! {
            <Problems/>
            <p class="lead">{lead(locale, month, count, everywhere)}</p>
            {filters}
            {(!doubles.is_empty()).then(|| {
                let address = format!("/review/doubles?unit={}&month={month}", unit.code);
                view! { <p><a class="button" href=address>{locale.review_doubles(doubles.len())}</a></p> }
            })}
            {list(&ctx, &unit, month, &catalogue, &waiting, &doubtful, count)}
        };
        Ok(Page::new("/activities", locale.review_title(), body))
    })
}

/// A count that may have stopped: 1000以上.
fn told(locale: Locale, count: i64) -> String {
    if count >= COUNTED { locale.review_many(count) } else { count.to_string() }
}

fn lead(locale: Locale, month: Month, count: i64, everywhere: i64) -> String {
    match everywhere {
        0 => locale.review_nothing().to_owned(),
        _ => locale.review_lead(told(locale, everywhere), told(locale, count), month_text(locale, month)),
    }
}

fn filters(ctx: &Ctx, unit: &Unit, units: &[Unit], catalogue: &Catalogue, month: Month) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let mut types = vec![(String::new(), locale.review_all_types().to_owned())];
    let named = |name: &str, en: &Option<String>| locale.name(name, en.as_deref()).to_owned();
    types.extend(catalogue.active_types().map(|kind| (kind.key.clone(), named(&kind.name, &kind.name_en))));
    let shows = vec![
        (String::new(), locale.review_show_all().to_owned()),
        (ASKED.to_owned(), locale.review_show_asked().to_owned()),
    ];
    view! {
        <form method="get" class="filters">
            {filter_select("unit", locale.goals_unit(), managed_options(ctx, units), unit.code.clone())}
            {filter_select("month", locale.review_month(), month_options(ctx, month), month.to_string())}
            {filter_select("type", locale.version_type(), types, ctx.query.get("type").to_owned())}
            {filter_select("show", locale.review_show(), shows, ctx.query.get("show").to_owned())}
            <button class="button">{locale.show()}</button>
        </form>
    }
}

fn list(
    ctx: &Ctx,
    unit: &Unit,
    month: Month,
    catalogue: &Catalogue,
    waiting: &[Waiting],
    doubtful: &BTreeSet<Uuid>,
    count: i64,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    if waiting.is_empty() {
        return view! { <p class="empty">{locale.review_empty(month_text(locale, month))}</p> }.into_any();
    }
    let is_clean = |one: &&Waiting| one.is_clean() && !doubtful.contains(&one.id);
    let clean = waiting.iter().filter(is_clean).count();
    let items = waiting.iter().map(|one| item(ctx, catalogue, one, is_clean(&one), doubtful)).collect_view();
    let (code, month_key) = (unit.code.clone(), month.to_string());
    let more = (count > SHOWN).then(|| view! { <p class="muted">{locale.review_more(SHOWN)}</p> });
    // One click for all of the month that needs no look; the list may show but a part of it.
    let whole_month = (clean > 0).then(|| {
        view! {
            <Form action="month" class="inline">
                <input type="hidden" name="unit" value=code/>
                <input type="hidden" name="month" value=month_key/>
                <button class="primary" type="submit">{locale.review_accept_month(month_text(locale, month))}</button>
            </Form>
            <p class="hint">{locale.review_accept_month_hint()}</p>
        }
    });
    view! {
        {whole_month}
        <Form action="accept" class="form review">
            <ul class="review-list">{items}</ul>
            {more}
            <div class="toolbar sticky"><button type="submit">{locale.review_accept_ticked()}</button></div>
        </Form>
    }
    .into_any()
}

fn item(
    ctx: &Ctx,
    catalogue: &Catalogue,
    one: &Waiting,
    is_clean: bool,
    doubtful: &BTreeSet<Uuid>,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let kind = locale.name(&one.type_name, one.type_name_en.as_deref()).to_owned();
    let day = match one.day_to {
        Some(to) => locale.entry_days(one.day, to),
        None => one.day.to_string(),
    };
    let figures: Vec<String> = one
        .counts
        .iter()
        .filter_map(|(id, precision, value)| {
            let measure = catalogue.measure_by_id(*id)?;
            let count = DraftQuantity { measure: measure.key.clone(), value: *value, precision: *precision };
            let name = locale.name(&measure.name, measure.name_en.as_deref());
            Some(format!("{name} {}", in_words(catalogue, &count, locale)))
        })
        .collect();
    let figures = figures.join(if locale == Locale::Zh { "，" } else { ", " });
    let questions = one
        .questions
        .iter()
        .map(|(words, answer)| {
            let said = match answer.is_empty() {
                true => view! { <span class="tag warn">{locale.review_unanswered()}</span> }.into_any(),
                false => view! { <strong>{answer.clone()}</strong> }.into_any(),
            };
            view! { <p class="asked">{words.clone()}" "{said}</p> }
        })
        .collect_view();
    let lacks = one.lacks_evidence().then(|| view! { " "<span class="tag warn">{locale.review_preset_photo()}</span> });
    let double =
        doubtful.contains(&one.id).then(|| view! { " "<span class="tag warn">{locale.review_double()}</span> });
    let late = one.late.then(|| view! { " "<span class="tag warn">{locale.entry_late()}</span> });
    let id = format!("entry-{}", one.id);
    let value = format!("{}:{}", one.id, one.version);
    let what = format!("{} {kind}", one.unit_name);
    view! {
        <li>
            <input type="checkbox" id=id.clone() name="entry" value=value checked=is_clean/>
            <div>
                <label for=id><time datetime=one.day.to_string()>{day}</time>" "<strong>{what.clone()}</strong></label>
                {late}{double}{lacks}
                <p>{figures}{(one.evidence > 0).then(|| format!(" · {}", locale.review_pieces(one.evidence)))}" "<span class="muted">{one.place.clone()}" "{locale.review_by(&one.entered_by_name)}</span></p>
                {questions}
            </div>
            <a class="button" href=format!("/activities/{}#review", one.id)>
                {locale.review_look()}<span class="visually-hidden">" "{what}</span>
            </a>
        </li>
    }
}

/// POST `/review`: accept what is ticked, or all of a month that needs no look.
async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let locale = ctx.locale;
    let here = ctx.here();
    match form.get("do") {
        "accept" => {
            let mut seen = Vec::new();
            for text in form.all("entry") {
                let one =
                    text.split_once(':').and_then(|(id, version)| Some((id.parse().ok()?, version.parse().ok()?)));
                seen.push(one.ok_or(Error::NotFound)?);
            }
            if seen.is_empty() {
                return Err(Error::invalid("", locale.review_none_ticked()));
            }
            let (accepted, left) = action::accept_all(&ctx, &seen).await?;
            let said = match left {
                0 => locale.review_accepted_many(accepted),
                left => locale.review_accepted_some(accepted, left),
            };
            Ok(Done::to(here).say(said))
        }
        "month" => {
            let (month, accepted) = action::accept_month(&ctx, form.get("unit"), form.get("month")).await?;
            Ok(Done::to(here).say(locale.review_accepted_month(accepted, month_text(locale, month))))
        }
        _ => Err(Error::NotFound),
    }
}
