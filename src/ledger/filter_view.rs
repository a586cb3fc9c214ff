//! The filters as a form that works without script, and the conditions in one line, each with a way to drop it.
//!
//! The fields are the ledger's own: a row that is edited and refused comes back filled, the filter stays as it was asked.

use super::{
    address,
    condition::{self, Titles},
    filter::{Asked, GROUPS, NONE},
    words::{kind_text, precision_text, status_text},
};
use crate::{
    campaign::store::Outline,
    domain::{
        activity::Status,
        measure::Precision,
        unit::{Unit, UnitKind},
    },
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;

/// What the filters offer.
pub struct Offered {
    pub units: Vec<Unit>,
    pub campaigns: Vec<Outline>,
    pub years: Vec<i32>,
}

type Options = Vec<(String, String)>;

fn input(name: &'static str, label: &'static str, kind: &'static str, value: &str) -> AnyView {
    let id = format!("q-{name}");
    let value = value.to_owned();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name type=kind value=value/>
        </div>
    }
    .into_any()
}

fn pick(name: &'static str, label: &'static str, options: Options, value: &str) -> AnyView {
    let id = format!("q-{name}");
    let options = options
        .into_iter()
        .map(|(key, text)| {
            let selected = key == value;
            view! { <option value=key selected=selected>{text}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>{options}</select>
        </div>
    }
    .into_any()
}

fn check(name: &'static str, label: &'static str, checked: bool) -> AnyView {
    let id = format!("q-{name}");
    view! {
        <p class="check">
            <input type="checkbox" id=id.clone() name=name value="1" checked=checked/>
            <label for=id>{label}</label>
        </p>
    }
    .into_any()
}

/// Several of many, each to be seen and touched at once.
pub fn chips(name: &'static str, legend: &'static str, options: Options, chosen: &[&str]) -> AnyView {
    let chips = options
        .into_iter()
        .enumerate()
        .map(|(number, (key, text))| {
            let id = format!("q-{name}-{number}");
            let checked = chosen.contains(&key.as_str());
            view! {
                <span class="chip">
                    <input type="checkbox" id=id.clone() name=name value=key checked=checked/>
                    <label for=id>{text}</label>
                </span>
            }
        })
        .collect_view();
    view! { <fieldset class="choices"><legend>{legend}</legend><div class="chips">{chips}</div></fieldset> }.into_any()
}

/// What a list is grouped by, in words.
pub fn group_name(locale: Locale, key: &str) -> &'static str {
    match key {
        "month" => locale.ledger_group_month(),
        "unit" => locale.ledger_unit(),
        "type" => locale.ledger_type(),
        "theme" => locale.ledger_theme(),
        "campaign" => locale.ledger_campaign(),
        "handler" => locale.ledger_csv_handler(),
        _ => locale.ledger_group_none(),
    }
}

/// The orders, by their names in the address.
fn orders(locale: Locale, asked: &Asked) -> Options {
    let mut orders: Options = [
        ("", locale.ledger_sort_newest()),
        ("day", locale.ledger_sort_oldest()),
        ("unit", locale.ledger_sort_unit()),
        ("type", locale.ledger_sort_type()),
        ("-entered", locale.ledger_sort_entered()),
    ]
    .map(|(key, text)| (key.to_owned(), text.to_owned()))
    .to_vec();
    if let Some(measure) = asked.filter.measure_id.and_then(|id| asked.catalogue.measure_by_id(id)) {
        let name = locale.name(&measure.name, measure.name_en.as_deref());
        orders.push((format!("-measure.{}", measure.key), locale.ledger_sort_most(name)));
        orders.push((format!("measure.{}", measure.key), locale.ledger_sort_least(name)));
    }
    orders
}

/// The filters; what is seldom asked is folded away unless it is in use, on a phone all of it.
pub fn filters(ctx: &Ctx, asked: &Asked, offered: Offered) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let query = &ctx.query;
    let catalogue = &asked.catalogue;
    let ancestry = asked.unit.ancestry();
    // What holds for the unit, and what is chosen.
    let holds = |owner: Option<i64>, key: &str, field: &str| {
        owner.is_none_or(|id| ancestry.contains(&id)) || query.all(field).contains(&key)
    };
    let any = || vec![(String::new(), locale.all().to_owned())];
    let name = |zh: &str, en: Option<&str>| locale.name(zh, en).to_owned();
    let units: Options = offered.units.into_iter().map(|unit| (unit.code, unit.short_name)).collect();
    let mut years = any();
    years.extend(offered.years.iter().rev().map(|year| (year.to_string(), year.to_string())));
    let year = query.get("year");
    if !year.is_empty() && !years.iter().any(|(own, _)| own == year) {
        years.push((year.to_owned(), year.to_owned()));
    }
    let mut measures = any();
    let own = catalogue.measures.iter().filter(|one| !one.is_stock && holds(one.unit_id, &one.key, "measure"));
    measures.extend(own.map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref()))));
    let own = catalogue.themes.iter().filter(|one| holds(one.unit_id, &one.key, "theme"));
    let mut themes: Options = own.map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref()))).collect();
    themes.push((NONE.into(), locale.ledger_without_theme().into()));
    let own = catalogue.types.iter().filter(|one| holds(one.unit_id, &one.key, "type"));
    let types: Options = own.map(|one| (one.key.clone(), name(&one.name, one.name_en.as_deref()))).collect();
    let mut campaigns = any();
    campaigns.extend(offered.campaigns.into_iter().rev().map(|one| (one.key, one.title)));
    campaigns.push((NONE.into(), locale.ledger_without_campaign().into()));
    let mut statuses = vec![(String::new(), locale.ledger_status_counting().to_owned())];
    statuses.extend(Status::ALL.iter().map(|one| (one.key().to_owned(), status_text(locale, *one).to_owned())));
    let mut precisions = any();
    precisions.extend(Precision::ALL.iter().map(|one| (one.key().to_owned(), precision_text(locale, *one).to_owned())));
    let mut lates = any();
    lates.push(("1".into(), locale.ledger_only_late().into()));
    lates.push(("0".into(), locale.ledger_not_late().into()));
    let mut evidence = any();
    evidence.push(("1".into(), locale.ledger_with_evidence().into()));
    evidence.push(("0".into(), locale.ledger_without_evidence().into()));
    let mut how = any();
    how.push(("1".into(), locale.ledger_interactive_only().into()));
    how.push(("0".into(), locale.ledger_passive_only().into()));
    let mut groups = vec![(String::new(), locale.ledger_group_none().to_owned())];
    groups.extend(GROUPS.iter().map(|(key, _)| ((*key).to_owned(), group_name(locale, key).to_owned())));
    let mut kinds = any();
    kinds.extend(UnitKind::ALL.iter().map(|one| (one.key().to_owned(), kind_text(locale, *one).to_owned())));
    let value = |field: &str| query.get(field).to_owned();
    let seldom = [
        "from",
        "to",
        "campaign",
        "type",
        "theme",
        "status",
        "precision",
        "place",
        "handler",
        "by",
        "late",
        "evidence",
        "interactive",
        "own",
        "kind",
        "shared",
    ];
    let open = seldom.iter().any(|field| query.filled(field).is_some());
    let kept =
        query.all("col").into_iter().map(|column| ("col", column)).chain(query.filled("per").map(|n| ("per", n)));
    let kept =
        kept.map(|(name, value)| view! { <input type="hidden" name=name value=value.to_owned()/> }).collect_view();
    view! {
        <details class="fold">
            <summary>{locale.ledger_filters()}</summary>
            <form method="get" action="/activities" class="filters">
                {kept}
                {pick("unit", locale.ledger_unit(), units, &asked.unit.code)}
                {pick("year", locale.ledger_year(), years, year)}
                {pick("measure", locale.ledger_measure(), measures, &value("measure"))}
                {input("q", locale.ledger_words(), "search", &value("q"))}
                {pick("group", locale.ledger_group(), groups, &value("group"))}
                {pick("sort", locale.ledger_sort(), orders(locale, asked), &value("sort"))}
                <button type="submit">{locale.show()}</button>
                <details class="more" open=open>
                    <summary>{locale.ledger_more_filters()}</summary>
                    <div class="row">
                        {input("from", locale.ledger_from(), "date", &value("from"))}
                        {input("to", locale.ledger_to(), "date", &value("to"))}
                        {pick("campaign", locale.ledger_campaign(), campaigns, &value("campaign"))}
                        {pick("status", locale.ledger_status(), statuses, &value("status"))}
                        {pick("precision", locale.ledger_csv_precision(), precisions, &value("precision"))}
                        {pick("late", locale.ledger_late(), lates, &value("late"))}
                        {pick("evidence", locale.ledger_evidence(), evidence, &value("evidence"))}
                        {pick("interactive", locale.ledger_interactive(), how, &value("interactive"))}
                        {pick("kind", locale.ledger_unit_kind(), kinds, &value("kind"))}
                        {input("place", locale.ledger_csv_place(), "text", &value("place"))}
                        {input("handler", locale.ledger_handler_whole(), "text", &value("handler"))}
                        {input("by", locale.ledger_entered_by(), "text", &value("by"))}
                        {check("own", locale.ledger_own(), asked.filter.own)}
                        {check("shared", locale.ledger_shared(), asked.filter.shared)}
                    </div>
                    {chips("theme", locale.ledger_themes(), themes, &query.all("theme"))}
                    {chips("type", locale.ledger_types(), types, &query.all("type"))}
                </details>
            </form>
        </details>
    }
}

/// The conditions in one line; each is dropped by a click.
pub fn conditions(ctx: &Ctx, asked: &Asked, titles: &Titles) -> Option<AnyView> {
    let locale = ctx.locale;
    let told = condition::told(locale, &ctx.query, asked, titles);
    if told.is_empty() {
        return None;
    }
    let several = told.len() > 1;
    let items = told
        .into_iter()
        .map(|one| {
            let label = locale.ledger_drop(&one.text);
            let address = address::without(&ctx.query, one.field, &one.value);
            view! {
                <li>{one.text}" "<a href=address aria-label=label class="drop">"×"</a></li>
            }
        })
        .collect_view();
    let clear = format!("/activities?unit={}", asked.unit.code);
    Some(
        view! {
            <ul class="conditions" aria-label=locale.ledger_conditions()>
                <li>{asked.unit.short_name.clone()}</li>
                {items}
                {several.then(|| view! { <li><a href=clear>{locale.ledger_clear()}</a></li> })}
            </ul>
        }
        .into_any(),
    )
}
