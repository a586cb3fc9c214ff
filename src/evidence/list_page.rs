//! `/evidence`: all pieces in the reader's sight, and the entries that should have some.

use super::{
    action,
    list_store::{self, Filter, Line},
    piece_action, store,
    view::{figure, shown_name},
};
use crate::{
    campaign,
    domain::{
        evidence::{Kind, TimePolicy, caption},
        period::Period,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Choices, Form, Problems, Select},
        page::{Page, page},
    },
    unit,
};
use chrono::Datelike;
use leptos::prelude::*;

/// The most pieces of a page, and entries without any that are named.
const MOST: i64 = 48;
const NAMED: i64 = 30;

/// `/evidence`.
pub fn pieces() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let scope = ctx.scope()?;
        let mut conn = ctx.db.read().await?;
        let unit = match ctx.query.filled("unit") {
            Some(code) => Some(unit::store::by_code(&mut conn, &scope, code).await?),
            None => None,
        };
        let after = match ctx.query.filled("cursor") {
            Some(text) => Some(text.parse().map_err(|_| Error::invalid("cursor", locale.cursor_malformed(text)))?),
            None => None,
        };
        let with_documents = list_store::campaigns(&mut conn).await?;
        let seen = campaign::store::by_ids(&mut conn, &scope, &with_documents).await?;
        let filter = Filter {
            unit: unit.clone(),
            kind: ctx.query.filled("kind").and_then(Kind::from_key),
            without_activity: ctx.query.has("without"),
            campaigns: seen.iter().map(|campaign| campaign.id).collect(),
        };
        let mut lines = list_store::page(&mut conn, &scope, &filter, after, MOST + 1).await?;
        let year = ctx.today.year();
        let lacking = store::without_evidence(&mut conn, &scope, Period::year(year), NAMED).await?;
        let policy = action::time_policy(&mut conn).await?;
        let home = ctx.actor()?.home_unit_id();
        let units = match home {
            Some(id) => {
                let home = unit::store::by_id(&mut conn, &scope, id).await?;
                let mut units = unit::store::children(&mut conn, &home).await?;
                units.insert(0, home);
                units
            }
            None => Vec::new(),
        };
        drop(conn);
        let more = i64::try_from(lines.len()).is_ok_and(|count| count > MOST);
        lines.truncate(usize::try_from(MOST).unwrap_or_default());
        let next = lines
            .last()
            .filter(|_| more)
            .map(|last| format!("/evidence?{}", ctx.query.with("cursor", Some(&last.piece.link_id.to_string()))));
        let mut options = vec![(String::new(), locale.all().to_owned())];
        options.extend(units.into_iter().map(|unit| (unit.code, unit.short_name)));
        let lacking_items = lacking
            .iter()
            .map(|one| {
                let address = format!("/activities/{}", one.activity);
                view! { <li><a href=address>{one.day.to_string()}" "{one.unit_name.clone()}</a></li> }
            })
            .collect_view();
        let has_lacking = !lacking.is_empty();
        let body = view! {
            <Problems/>
            {filters(&ctx, options)}
            {lines.is_empty().then(|| view! { <p class="empty">{locale.evidence_none()}</p> })}
            <ul class="gallery">{lines.iter().map(|one| view! { <li>{line(locale, one)}</li> }).collect_view()}</ul>
            {next.map(|address| view! { <nav class="pages" aria-label=locale.evidence_next()><a class="button" href=address>{locale.evidence_next()}</a></nav> })}
            {has_lacking.then(|| view! {
                <section><h2>{locale.evidence_lacking_list(year)}</h2><ul class="columns">{lacking_items}</ul></section>
            })}
            {piece_action::may_set_policy(&ctx).then(|| policy_form(locale, policy))}
        };
        Ok(Page::new("/activities", locale.evidence_title(), body))
    })
}

fn filters(ctx: &Ctx, units: Vec<(String, String)>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let kinds = vec![
        (String::new(), locale.all().to_owned()),
        (Kind::Photo.key().to_owned(), locale.evidence_kind_photo().to_owned()),
        (Kind::Document.key().to_owned(), locale.evidence_kind_document().to_owned()),
    ];
    view! {
        <form method="get" class="filters">
            <Select name="unit" label=locale.log_unit() options=units value=ctx.query.get("unit")/>
            <Select name="kind" label=locale.evidence_kind() options=kinds value=ctx.query.get("kind")/>
            <div class="check">
                <input type="checkbox" id="f-without" name="without" value="1" checked=ctx.query.has("without")/>
                <label for="f-without">{locale.evidence_filter_without()}</label>
            </div>
            <button type="submit">{locale.evidence_filter_do()}</button>
        </form>
    }
}

/// What a piece supports, in words.
fn words(locale: Locale, one: &Line) -> String {
    let unit = one.unit_name.as_deref().unwrap_or_default();
    match (one.day, &one.campaign_title, &one.indicator_name) {
        (Some(day), ..) => caption(day, one.place.as_deref().unwrap_or_default(), unit, locale),
        (None, Some(title), _) | (None, None, Some(title)) => format!("{title} · {unit}"),
        (None, None, None) => unit.to_owned(),
    }
}

fn line(locale: Locale, one: &Line) -> impl IntoView + use<> {
    let words = words(locale, one);
    match one.piece.kind {
        Kind::Photo => figure(locale, &one.piece, words, false).into_any(),
        Kind::Document => view! {
            <div class="document">
                <a href=format!("/evidence/{}/uses", one.piece.id)>{shown_name(locale, &one.piece)}</a>
                <p class="muted">{words}</p>
            </div>
        }
        .into_any(),
    }
}

fn policy_form(locale: Locale, policy: TimePolicy) -> impl IntoView {
    let options = vec![
        (TimePolicy::Keep.key().to_owned(), locale.evidence_time_keep().to_owned()),
        (TimePolicy::Drop.key().to_owned(), locale.evidence_time_drop().to_owned()),
    ];
    view! {
        <details>
            <summary>{locale.evidence_time_title()}</summary>
            <Form action="time">
                <Choices name="policy" label=locale.evidence_time_title() hint=locale.evidence_time_hint()
                    options=options chosen=vec![policy.key().to_owned()] single=true/>
                <div><button type="submit">{locale.save()}</button></div>
            </Form>
        </details>
    }
}

/// POST `/evidence`.
pub async fn submit(ctx: Ctx, form: FormData) -> Result<Done> {
    ctx.actor()?;
    match form.get("do") {
        "time" => {
            piece_action::set_time_policy(&ctx, form.get("policy")).await?;
            Ok(Done::to("/evidence").say(ctx.locale.saved()))
        }
        _ => Err(Error::NotFound),
    }
}
