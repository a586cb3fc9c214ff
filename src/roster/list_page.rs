//! `/rosters/:kind?unit=&as_of=&ended=`: one roster, and the form that adds to it.

use super::{
    action, mind,
    page::{draft, kind_of},
    split,
    store::{self, Entry, Which},
    town, words,
};
use crate::{
    domain::{
        period::{Day, Period, is_near},
        roster::{CLASS_HOURS, CLASS_HOURS_SINCE, Draft, Field as Says, Kind},
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    plan::{
        action::read_unit,
        view::{filter_select, managed_options, unit_options},
    },
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use chrono::Datelike;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::{BTreeMap, BTreeSet};

/// The day that the address asks for, else today.
pub(super) fn day_of(ctx: &Ctx) -> Day {
    ctx.query.get("as_of").parse().ok().filter(|day| is_near(*day)).unwrap_or(ctx.today)
}

/// One roster.
pub fn roster() -> impl IntoView {
    let kind = use_params_map().get_untracked().get("kind").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let kind = Kind::from_key(&kind).ok_or(Error::NotFound)?;
        let (day, ended) = (day_of(&ctx), ctx.query.has("ended"));
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let which = if ended { Which::Ever } else { Which::On(day) };
        let entries = store::list(&mut conn, &unit, kind, which).await?;
        let hours = match kind {
            Kind::VicePrincipal => mind::logged(&mut conn, &unit, Period::year(day.year()), "class_hour").await?,
            _ => BTreeMap::new(),
        };
        let split = split::read(&mut conn, &unit, &units, kind, day).await?;
        drop(conn);
        let manages = ctx.actor()?.may_manage(&unit);
        let filters = view! {
            <form method="get" class="filters">
                {filter_select("unit", locale.goals_unit(), unit_options(&units), unit.code.clone())}
                {day_filter(locale, day)}
                <div class="field check">
                    <input type="checkbox" id="filter-ended" name="ended" value="1" checked=ended/>
                    <label for="filter-ended">{locale.roster_ended_too()}</label>
                </div>
                <button class="button">{locale.show()}</button>
            </form>
        };
        let query = ctx.query.with("", None);
        let export = format!("/rosters.xlsx?kind={kind}&{query}");
        let import = format!("/rosters/{kind}/import?unit={}", unit.code);
        let back = format!("/rosters?unit={}", unit.code);
        let lead = lead(locale, kind, &entries, day);
        let all = entries.iter().collect();
        let mut groups = town::by_town(&unit, &units, all, |entry| &entry.unit_path);
        let table = match groups.len() {
            0 | 1 => {
                let all = groups.pop().map(|(_, all)| all).unwrap_or_default();
                table(locale, kind, &all, &hours, day, ended).into_any()
            }
            _ => {
                let word = words::counter(locale, kind);
                let folded = groups.into_iter().map(|(name, all)| {
                    let count = all.iter().filter(|entry| entry.holds_on(day)).count();
                    let table = table(locale, kind, &all, &hours, day, ended);
                    town::folded(name, format!("{count} {word}"), table)
                });
                let folded = folded.collect_view();
                view! { <section><h2>{locale.roster_by_town()}</h2>{folded}</section> }.into_any()
            }
        };
        let split = split.view(locale, kind, &unit.code, day);
        let add = manages.then(|| add_form(&ctx, kind, &unit, &units));
        let title = locale.roster_title(words::title(locale, kind), &unit.short_name);
        let body = view! {
            {filters}
            <p class="lead">{lead}</p>
            {split}
            <p class="toolbar">
                <a class="button" href=back>{locale.rosters_title()}</a>
                <a class="button" href=export download="">{locale.ledger_xlsx()}</a>
                {manages.then(|| view! { <a class="button" href=import>{locale.roster_import()}</a> })}
            </p>
            {table}
            {kind.is_personal().then(|| view! { <p class="hint">{locale.roster_purpose()}</p> })}
            {add}
        };
        Ok(Page::new("/goals", title, body))
    })
}

/// The day of a filter.
pub(super) fn day_filter(locale: Locale, day: Day) -> impl IntoView {
    view! {
        <div class="field">
            <label for="filter-as_of">{locale.stock_as_of()}</label>
            <input type="date" id="filter-as_of" name="as_of" value=day.to_string()/>
        </div>
    }
}

fn lead(locale: Locale, kind: Kind, entries: &[Entry], day: Day) -> String {
    let now: Vec<&Entry> = entries.iter().filter(|entry| entry.holds_on(day)).collect();
    let word = words::counter(locale, kind);
    let units: BTreeSet<i64> = now.iter().map(|entry| entry.unit_id).collect();
    match kind {
        Kind::VicePrincipal => {
            // One who serves two schools is one person; each of the schools has one.
            let people: BTreeSet<_> =
                now.iter().map(|one| (&one.name, &one.body, one.name.is_empty().then_some(one.id))).collect();
            locale.roster_lead_principals(now.len(), day, people.len(), units.len())
        }
        _ => locale.roster_lead(now.len(), day, units.len(), word),
    }
}

fn table(
    locale: Locale,
    kind: Kind,
    entries: &[&Entry],
    hours: &BTreeMap<i64, i64>,
    day: Day,
    ended: bool,
) -> impl IntoView + use<> {
    if entries.is_empty() {
        return view! { <p class="empty">{locale.roster_none()}</p> }.into_any();
    }
    // A column in which nothing stands only makes the others narrow.
    let is_filled = |field: Says| match field {
        Says::Category => entries.iter().any(|entry| !entry.category.is_empty()),
        Says::Body => entries.iter().any(|entry| !entry.body.is_empty()),
        Says::Certificate => {
            entries.iter().any(|entry| !entry.certificate.is_empty() || entry.certificate_to.is_some())
        }
        _ => true,
    };
    let has = |field: Says| kind.says(field).is_some() && is_filled(field);
    let asks_hours = kind == Kind::VicePrincipal && day.year() >= CLASS_HOURS_SINCE;
    let label = |field: &str| words::label(locale, kind, field);
    let first = if has(Says::Name) { "name" } else { "unit" };
    let mut heads = vec![Head::Text(label(first))];
    if has(Says::Name) {
        heads.push(Head::Text(label("unit")));
    }
    for (field, name) in [(Says::Category, "category"), (Says::Body, "body"), (Says::Certificate, "certificate")] {
        if has(field) {
            heads.push(Head::Text(label(name)));
        }
    }
    heads.push(Head::Text(locale.roster_period()));
    match kind.mark() {
        Some(mark) => heads.push(Head::Text(words::mark(locale, mark))),
        None if asks_hours => heads.push(Head::Text(locale.roster_class_hours())),
        None => {}
    }
    // Where only those in force are listed, each line need not say so.
    if ended {
        heads.push(Head::Text(locale.roster_state()));
    }
    let rows = entries
        .iter()
        .map(|entry| {
            let address = format!("/rosters/{kind}/{}", entry.id);
            let unit = has(Says::Name).then(|| view! { <td>{entry.unit_name.clone()}</td> });
            let category = has(Says::Category).then(|| view! { <td>{entry.category.clone()}</td> });
            let body = has(Says::Body).then(|| view! { <td>{entry.body.clone()}</td> });
            let certificate = has(Says::Certificate).then(|| {
                let to = entry.certificate_to.map(|day| locale.roster_until(day));
                view! { <td>{entry.certificate.clone()}{to.map(|to| view! { " "<span class="muted">{to}</span> })}</td> }
            });
            let marks = kind.mark().map(|_| view! { <td>{marks_text(locale, kind, entry)}</td> });
            let hours = asks_hours.then(|| {
                let given = hours.get(&entry.unit_id).copied().unwrap_or_default();
                view! { <td>{class_hours(locale, &entry.unit_code, day.year(), given)}</td> }
            });
            let state = ended.then(|| match (entry.holds_on(day), entry.from_day > day) {
                (true, _) => view! { <span class="tag">{locale.roster_in_force()}</span> }.into_any(),
                (false, true) => view! { <span class="tag quiet">{locale.roster_not_yet()}</span> }.into_any(),
                (false, false) => view! { <span class="tag quiet">{locale.roster_over()}</span> }.into_any(),
            });
            let state = state.map(|state| view! { <td>{state}</td> });
            view! {
                <tr>
                    <th scope="row"><a href=address>{words::name(locale, entry)}</a></th>
                    {unit}{category}{body}{certificate}
                    <td>{words::days(locale, entry)}</td>
                    {marks}{hours}
                    {state}
                </tr>
            }
        })
        .collect_view();
    let caption = locale.roster_caption(entries.len());
    view! { <Table caption heads>{rows}</Table> }.into_any()
}

pub(super) fn marks_text(locale: Locale, kind: Kind, entry: &Entry) -> String {
    match (entry.last_mark, kind) {
        (None, _) => locale.roster_no_mark().to_owned(),
        (Some(day), Kind::LawLiterate) => locale.roster_trained(entry.marks, day, entry.hours),
        (Some(day), _) => locale.roster_marked(entry.marks, day),
    }
}

/// The class hours that were logged at a school in a year, in words, with the way to them: nobody types them again.
pub(super) fn class_hours(locale: Locale, code: &str, year: i32, given: i64) -> impl IntoView + use<> {
    let address = format!("/activities?unit={code}&year={year}&measure=class_hour");
    let missing = CLASS_HOURS - given;
    let state = match missing > 0 {
        true => view! { <span class="tag warn">{locale.roster_hours_missing(missing)}</span> }.into_any(),
        false => view! { <span class="tag good">{locale.roster_hours_enough()}</span> }.into_any(),
    };
    view! { <a href=address>{locale.roster_hours_given(CLASS_HOURS, given)}</a>" "{state} }
}

/// The fields of an entry but for its unit.
pub(super) fn fields(locale: Locale, kind: Kind, draft: Draft) -> impl IntoView {
    let label = |field: &str| words::label(locale, kind, field);
    let suggest = |field: &str| words::suggestions(locale, kind, field);
    let (needs, has) = (|field: Says| kind.says(field) == Some(true), |field: Says| kind.says(field).is_some());
    view! {
        {has(Says::Name).then(|| view! {
            <Field name="name" label=label("name") value=draft.name.clone() required=needs(Says::Name) autocomplete="off"/>
        })}
        {has(Says::Category).then(|| view! {
            <Field name="category" label=label("category") value=draft.category.clone() required=needs(Says::Category)
                suggestions=suggest("category")/>
        })}
        {has(Says::Body).then(|| view! {
            <Field name="body" label=label("body") value=draft.body.clone() required=needs(Says::Body) suggestions=suggest("body")/>
        })}
        {has(Says::Certificate).then(|| view! {
            <div class="two">
                <Field name="certificate" label=label("certificate") value=draft.certificate.clone() autocomplete="off"/>
                <Field name="certificate_to" kind="date" label=label("certificate_to") value=draft.certificate_to.clone()/>
            </div>
        })}
        <div class="two">
            <Field name="from" kind="date" label=label("from") value=draft.from.clone() required=true/>
            {has(Says::To).then(|| view! { <Field name="to" kind="date" label=label("to") value=draft.to.clone()/> })}
        </div>
        <Field name="left" kind="date" label=label("left") hint=locale.roster_left_hint() value=draft.left.clone()/>
        {has(Says::Renews).then(|| {
            let typed = expect_context::<Ctx>().refused.map(|refused| refused.form.has("renews"));
            view! {
                <div class="field check">
                    <input type="checkbox" id="f-renews" name="renews" value="1" checked=typed.unwrap_or(draft.renews)/>
                    <label for="f-renews">{locale.roster_renews()}</label>
                </div>
            }
        })}
    }
}

/// The box by which somebody says that a roster may take the place of a typed figure; `always`, or where it was asked for.
pub(super) fn replace_box(ctx: &Ctx, always: bool) -> Option<AnyView> {
    sure_box(ctx, ctx.locale.roster_replace(), always)
}

/// The box by which somebody says that they have seen which figure takes whose place, with what was said of it.
pub(super) fn sure_box(ctx: &Ctx, label: &'static str, always: bool) -> Option<AnyView> {
    let refused = ctx.refused.as_deref();
    let problem = refused.and_then(|refused| refused.problem("replace")).map(str::to_owned);
    if !always && problem.is_none() {
        return None;
    }
    let wrong = problem.is_some();
    let problem = problem.map(|text| view! { <p class="problem" id="f-replace-problem">{words::with_days(&text)}</p> });
    Some(
        view! {
        <div class="field check asked" class:wrong=wrong>
            <input type="checkbox" id="f-replace" name="replace" value="1" aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then_some("f-replace-problem")/>
            <label for="f-replace">{label}</label>
            {problem}
        </div>
        }
        .into_any(),
    )
}

fn add_form(ctx: &Ctx, kind: Kind, unit: &Unit, units: &[Unit]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let here: Vec<Unit> = units
        .iter()
        .filter(|one| one.path.starts_with(&unit.path) && kind.suits(one.kind) && one.is_active(ctx.today))
        .cloned()
        .collect();
    let options = managed_options(ctx, &here);
    if options.is_empty() {
        return view! { <p class="hint">{locale.roster_no_unit_here()}</p> }.into_any();
    }
    let draft = Draft { renews: true, ..Draft::default() };
    let options: Vec<(String, String)> =
        options.into_iter().map(|(code, name)| (code, name.trim_start_matches('　').to_owned())).collect();
    let replace = replace_box(ctx, false);
    view! {
        <section id="add">
            <h2>{locale.roster_add(words::title(locale, kind))}</h2>
            <Problems/>
            <Form>
                <Select name="unit" label=words::label(locale, kind, "unit") options/>
                {fields(locale, kind, draft)}
                {replace}
                <div><button class="primary" type="submit">{locale.roster_add_do()}</button></div>
            </Form>
        </section>
    }
    .into_any()
}

/// POST `/rosters/:kind`: one more entry.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let kind = kind_of(&ctx.path)?;
    action::add(&ctx, kind, &draft(&form), form.has("replace")).await?;
    Ok(Done::to(ctx.here()).say(ctx.locale.roster_added()))
}
