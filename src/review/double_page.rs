//! `/review/doubles?unit=&month=`: pairs that look like the same event, side by side, to be made one or left two.

use super::{
    double_action::{self, Offer, Order},
    page::{month_of, month_options, month_text},
};
use crate::{
    activity::{form::in_words, store::Entry},
    catalogue,
    domain::catalogue::Catalogue,
    error::{Error, Result},
    locale::Locale,
    plan::{
        action::read_unit,
        view::{filter_select, managed_options},
    },
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;

/// The page.
pub fn doubles() -> impl IntoView {
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
        let offers = double_action::offers(&ctx, &mut conn, &unit, month).await?;
        drop(conn);
        let name = month_text(locale, month);
        let list = match offers {
            None => view! { <p class="empty">{locale.double_too_many()}</p> }.into_any(),
            Some((offers, _)) if offers.is_empty() => {
                view! { <p class="empty">{locale.double_none(&name)}</p> }.into_any()
            }
            Some((offers, count)) => {
                let shown = offers.len();
                let offers =
                    offers.iter().enumerate().map(|(place, one)| pair(locale, &catalogue, one, place)).collect_view();
                let more = (count > shown).then(|| view! { <p class="muted">{locale.double_more(count - shown)}</p> });
                view! { <ol class="doubles">{offers}</ol>{more} }.into_any()
            }
        };
        let back = format!("/review?unit={}&month={month}", unit.code);
        let body = view! {
            <Problems/>
            <p>{locale.double_how()}</p>
            <form method="get" class="filters">
                {filter_select("unit", locale.goals_unit(), managed_options(&ctx, &units), unit.code.clone())}
                {filter_select("month", locale.review_month(), month_options(&ctx, month), month.to_string())}
                <button class="button">{locale.show()}</button>
            </form>
            {list}
            <p><a href=back>{locale.review_title()}</a></p>
        };
        Ok(Page::new("/activities", locale.double_title(), body))
    })
}

/// Two entries side by side: the first column is the one that is offered to be kept.
fn pair(locale: Locale, catalogue: &Catalogue, offer: &Offer, place: usize) -> impl IntoView + use<> {
    let Offer { kept, other, evidence } = offer;
    let rows = facts(locale, catalogue, kept, evidence[0])
        .into_iter()
        .zip(facts(locale, catalogue, other, evidence[1]))
        .filter(|((_, one), (_, other))| !one.is_empty() || !other.is_empty())
        .map(|((name, one), (_, other))| {
            let is_same = one == other;
            view! { <tr class:same=is_same><th scope="row">{name}</th><td>{one}</td><td>{other}</td></tr> }
        })
        .collect_view();
    let heads = [kept, other]
        .into_iter()
        .enumerate()
        .map(|(index, entry)| {
            let id = format!("keep-{place}-{index}");
            let label = locale.double_keep(&entry.unit_name);
            view! {
                <th scope="col">
                    <span class="radio">
                        <input type="radio" id=id.clone() name="keep" value=entry.draft.id.to_string() checked=index == 0/>
                        <label for=id>{label}</label>
                    </span>
                </th>
            }
        })
        .collect_view();
    let counts = counts(locale, catalogue, offer, place);
    let hidden = [("first", kept), ("second", other)]
        .map(|(name, entry)| {
            let value = format!("{}:{}", entry.draft.id, entry.version);
            view! { <input type="hidden" name=name value=value/> }
        })
        .collect_view();
    let again = [("first", kept), ("second", other)]
        .map(|(name, entry)| {
            let value = format!("{}:{}", entry.draft.id, entry.version);
            view! { <input type="hidden" name=name value=value/> }
        })
        .collect_view();
    let title = locale.double_pair(kept.draft.date, &kept.unit_name, &other.unit_name);
    let label = title.clone();
    view! {
        <li class="sheet">
            <h2>{title}</h2>
            <Form action="merge" class="stack">
                {hidden}
                <div class="scroll" tabindex="0" role="region" aria-label=label>
                    <table class="table pair">
                        <thead><tr><td></td>{heads}</tr></thead>
                        <tbody>{rows}{counts}</tbody>
                    </table>
                </div>
                <p class="hint">{locale.double_merge_hint()}</p>
                <div><button class="primary" type="submit">{locale.double_merge()}</button></div>
            </Form>
            <Form action="dismiss" class="inline">{again}<button type="submit">{locale.double_dismiss()}</button></Form>
        </li>
    }
}

/// What is compared of an entry, in the same order for both.
fn facts(locale: Locale, catalogue: &Catalogue, entry: &Entry, evidence: i64) -> Vec<(&'static str, String)> {
    let draft = &entry.draft;
    let named = |name: &str, en: &Option<String>| locale.name(name, en.as_deref()).to_owned();
    let listed = |texts: Vec<String>| texts.join(if locale == Locale::Zh { "、" } else { ", " });
    let themes =
        draft.themes.iter().map(|key| catalogue.theme(key).map_or(key.clone(), |one| named(&one.name, &one.name_en)));
    let kind =
        catalogue.activity_type_by_id(entry.type_id).map(|one| named(&one.name, &one.name_en)).unwrap_or_default();
    vec![
        (
            locale.entry_day(),
            match draft.date_to {
                Some(to) => locale.entry_days(draft.date, to),
                None => draft.date.to_string(),
            },
        ),
        (locale.version_type(), kind),
        (locale.log_themes(), listed(themes.collect())),
        (locale.log_place(), draft.place.clone()),
        (locale.log_organiser(), draft.organiser.clone()),
        (locale.version_co_organisers(), listed(draft.co_organisers.clone())),
        (locale.log_handler(), draft.handler.clone()),
        (locale.log_note(), draft.note.clone()),
        (locale.review_evidence(), if evidence > 0 { locale.review_pieces(evidence) } else { String::new() }),
        (locale.entry_entered(), locale.entry_entered_by(clock::minute(entry.entered_at), &entry.entered_by_name)),
    ]
}

/// The counts: of a measure that both have, one is chosen.
fn counts(locale: Locale, catalogue: &Catalogue, offer: &Offer, place: usize) -> Vec<AnyView> {
    let Offer { kept, other, .. } = offer;
    let of = |entry: &Entry, key: &str| {
        let own = entry.draft.quantities.iter().filter(|one| one.measure == key);
        own.map(|one| in_words(catalogue, one, locale)).collect::<Vec<_>>().join("、")
    };
    let mut keys: Vec<&String> =
        kept.draft.quantities.iter().chain(&other.draft.quantities).map(|one| &one.measure).collect();
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|key| seen.insert((*key).clone()));
    keys.into_iter()
        .map(|key| {
            let name = catalogue
                .measure(key)
                .map_or(key.clone(), |one| locale.name(&one.name, one.name_en.as_deref()).to_owned());
            let values = [of(kept, key), of(other, key)];
            let both = values.iter().all(|value| !value.is_empty());
            let cells = [kept, other]
                .into_iter()
                .zip(values)
                .enumerate()
                .map(|(index, (entry, value))| {
                    let id = format!("count-{place}-{key}-{index}");
                    let field = format!("count.{key}");
                    let from = entry.draft.id.to_string();
                    match both {
                        true => view! {
                            <td><span class="radio">
                                <input type="radio" id=id.clone() name=field value=from checked=index == 0/>
                                <label for=id>{value}</label>
                            </span></td>
                        }
                        .into_any(),
                        false => view! { <td>{value}</td> }.into_any(),
                    }
                })
                .collect_view();
            view! { <tr><th scope="row">{name}</th>{cells}</tr> }.into_any()
        })
        .collect()
}

/// An entry and the version of it that was seen.
fn seen(text: &str) -> Result<(uuid::Uuid, i64)> {
    let (id, version) = text.split_once(':').ok_or(Error::NotFound)?;
    Ok((id.parse().map_err(|_| Error::NotFound)?, version.parse().map_err(|_| Error::NotFound)?))
}

/// POST `/review/doubles`: make one of two, or say that they are two.
pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let (first, second) = (seen(form.get("first"))?, seen(form.get("second"))?);
    match form.get("do") {
        "merge" => {
            let keeps_second = form.get("keep") == second.0.to_string();
            let (kept, other) = if keeps_second { (second, first) } else { (first, second) };
            let others = other.0.to_string();
            let chosen: Vec<(&str, &str)> = form.with_prefix("count.").collect();
            let theirs: Vec<&str> =
                chosen.iter().filter(|(_, from)| *from == others).map(|(measure, _)| *measure).collect();
            double_action::merge(&ctx, Order { kept, other, theirs: &theirs }).await?;
            Ok(Done::to(format!("/activities/{}", kept.0)).say(ctx.locale.double_merged()))
        }
        "dismiss" => {
            double_action::dismiss(&ctx, first.0, second.0).await?;
            Ok(Done::to(ctx.here()).say(ctx.locale.double_dismissed()))
        }
        _ => Err(Error::NotFound),
    }
}
