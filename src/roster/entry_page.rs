//! `/rosters/:kind/:id`: one entry, to read, to change, with what happened with it.

use super::{
    action, erase_action,
    list_page::{class_hours, fields, marks_text, replace_box, sure_box},
    mind,
    page::{draft, id_of, kind_of},
    store::{self, Entry, Mark},
    words,
};
use crate::{
    domain::{
        period::Period,
        roster::{CLASS_HOURS_SINCE, Draft, Kind, Mark as What, MarkDraft},
        unit::Unit,
    },
    error::{Error, Result},
    evidence,
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
};
use chrono::Datelike;
use leptos::{context::Provider, prelude::*};
use leptos_router::hooks::use_params_map;

/// One entry.
pub fn entry() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let (kind, id) = (params.get("kind").unwrap_or_default(), params.get("id").unwrap_or_default());
    page(|ctx| async move {
        let locale = ctx.locale;
        let kind = Kind::from_key(&kind).ok_or(Error::NotFound)?;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let (entry, unit) = action::to_read(&ctx, &mut conn, kind, id).await?;
        let marks = store::marks(&mut conn, id).await?;
        let year = ctx.today.year();
        let hours = match kind {
            Kind::VicePrincipal if year >= CLASS_HOURS_SINCE => {
                let logged = mind::logged(&mut conn, &unit, Period::year(year), "class_hour").await?;
                Some(logged.get(&unit.id).copied().unwrap_or_default())
            }
            _ => None,
        };
        let kept = match entry.erased_at {
            Some(_) => evidence::store::once_of_roster(&mut conn, id).await?,
            None => Vec::new(),
        };
        drop(conn);
        let manages = ctx.actor()?.may_manage(&unit);
        let back = format!("/rosters/{kind}?unit={}", unit.code);
        let documents = format!("/rosters/{kind}/{id}/evidence");
        let facts = facts(locale, &entry);
        let hours = hours.map(|given| {
            view! { <dt>{locale.roster_class_hours()}</dt><dd>{class_hours(locale, &unit.code, year, given)}</dd> }
        });
        let withdrawn = entry.withdrawn_at.is_some();
        let marks = kind.mark().map(|mark| marks_section(&ctx, mark, &entry, marks, manages && !withdrawn));
        let manage = manages.then(|| manage(&ctx, &entry, &unit));
        let title = locale.roster_title(words::title(locale, kind), words::name(locale, &entry));
        let body = view! {
            <p class="toolbar">
                <a class="button" href=back>{locale.roster_title(words::title(locale, kind), &unit.short_name)}</a>
                <a class="button" href=documents>{locale.roster_documents(entry.documents)}</a>
            </p>
            <Problems/>
            {withdrawn.then(|| view! { <p><span class="tag bad">{locale.roster_withdrawn()}</span></p> })}
            <dl class="meta">{facts}{hours}</dl>
            {(manages && !kept.is_empty()).then(|| kept_documents(locale, &kept))}
            {kind.is_personal().then(|| view! { <p class="hint">{locale.roster_purpose()}</p> })}
            {marks}
            {manage}
        };
        Ok(Page::new("/goals", title, body))
    })
}

/// The request as one of the page's forms sees it: what was refused in another form is none of its own, and it keeps what
/// is stored.
fn only_refused(ctx: &Ctx, action: &str) -> Ctx {
    let refused = ctx.refused.clone().filter(|refused| refused.form.get("do") == action);
    Ctx { refused, ..ctx.clone() }
}

/// What an entry says; what it does not say is left out.
fn facts(locale: Locale, entry: &Entry) -> impl IntoView + use<> {
    let day = |day: Option<crate::domain::period::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    words::fields(entry.kind)
        .into_iter()
        .map(|field| {
            let value = match field {
                "unit" => entry.unit_name.clone(),
                "name" => words::name(locale, entry),
                "category" => entry.category.clone(),
                "body" => entry.body.clone(),
                "certificate" => entry.certificate.clone(),
                "certificate_to" => day(entry.certificate_to),
                "from" => entry.from_day.to_string(),
                "to" => day(entry.to_day),
                "left" => day(entry.left_day),
                _ if entry.renews => locale.ledger_yes().to_owned(),
                _ => locale.roster_no().to_owned(),
            };
            (words::label(locale, entry.kind, field), value)
        })
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| view! { <dt>{label}</dt><dd>{value}</dd> })
        .collect_view()
}

/// The documents of an erased person that stay, and why.
fn kept_documents(locale: Locale, kept: &[evidence::store::Once]) -> impl IntoView + use<> {
    let links = kept.iter().zip(1..).map(|(piece, number)| {
        let address = format!("/evidence/{}/uses", piece.id);
        view! { <li><a href=address>{locale.roster_kept_document(number)}</a></li> }
    });
    let links = links.collect_view();
    view! { <div class="notice warn"><p>{locale.roster_kept_documents(kept.len())}</p><ul>{links}</ul></div> }
}

fn marks_section(ctx: &Ctx, mark: What, entry: &Entry, marks: Vec<Mark>, may: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = words::mark(locale, mark);
    let trains = mark == What::Training;
    let none = marks.is_empty();
    let rows = marks
        .into_iter()
        .map(|one| {
            let hours = trains.then(|| view! { <td class="num">{one.hours.unwrap_or_default()}</td> });
            let last = match (one.withdrawn, may) {
                (true, _) => view! { <span class="tag quiet">{locale.roster_withdrawn()}</span> }.into_any(),
                (false, true) => view! {
                    <Form action="unmark" class="inline">
                        <input type="hidden" name="mark" value=one.id/>
                        <button class="button">{locale.roster_withdraw()}
                            <span class="visually-hidden">" "{one.day.to_string()}</span></button>
                    </Form>
                }
                .into_any(),
                (false, false) => ().into_any(),
            };
            view! { <tr><th scope="row">{one.day.to_string()}</th>{hours}<td>{one.note.clone()}</td><td>{last}</td></tr> }
        })
        .collect_view();
    let mut heads = vec![Head::Text(locale.roster_day())];
    if trains {
        heads.push(Head::Number(locale.roster_hours()));
    }
    heads.extend([Head::Text(locale.roster_note()), Head::Text("")]);
    let today = ctx.today.to_string();
    let caption = marks_text(locale, entry.kind, entry);
    view! {
        <section>
            <h2>{name}</h2>
            {match none {
                true => view! { <p class="muted">{locale.roster_no_mark()}</p> }.into_any(),
                false => view! { <Table caption heads>{rows}</Table> }.into_any(),
            }}
            {may.then(|| view! {
                <Provider value=only_refused(ctx, "mark")><Form action="mark">
                    <div class="two">
                        <Field name="day" kind="date" label=locale.roster_day() value=today.clone() max=today required=true/>
                        {trains.then(|| view! {
                            <Field name="hours" kind="number" label=locale.roster_hours() min="1" required=true/>
                        })}
                    </div>
                    <Field name="note" label=locale.roster_note() hint=locale.roster_note_hint()/>
                    <div><button class="button" type="submit">{locale.roster_mark_do(name)}</button></div>
                </Form></Provider>
            })}
        </section>
    }
}

fn manage(ctx: &Ctx, entry: &Entry, unit: &Unit) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let kind = entry.kind;
    let day = |day: Option<crate::domain::period::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let draft = Draft {
        unit: unit.code.clone(),
        name: entry.name.clone(),
        category: entry.category.clone(),
        body: entry.body.clone(),
        certificate: entry.certificate.clone(),
        certificate_to: day(entry.certificate_to),
        from: entry.from_day.to_string(),
        to: day(entry.to_day),
        left: day(entry.left_day),
        renews: entry.renews,
    };
    let erased = entry.erased_at.is_some();
    let (what, label) = match entry.withdrawn_at {
        Some(_) => ("reopen", locale.roster_reopen()),
        None => ("withdraw", locale.roster_withdraw_entry()),
    };
    let replace = replace_box(&only_refused(ctx, "change"), false);
    let sure = match entry.withdrawn_at {
        Some(_) => sure_box(&only_refused(ctx, "reopen"), locale.roster_replace(), false),
        None => sure_box(&only_refused(ctx, "withdraw"), locale.roster_give_back(), false),
    };
    let refused = only_refused(ctx, "change");
    view! {
        {(!erased && entry.withdrawn_at.is_none()).then(|| view! {
            <section>
                <h2>{locale.roster_change()}</h2>
                <Provider value=refused>
                    <Form action="change">
                        {fields(locale, kind, draft)}
                        {replace}
                        <div><button class="primary" type="submit">{locale.save()}</button></div>
                    </Form>
                </Provider>
            </section>
        })}
        <section>
            <h2>{locale.roster_more()}</h2>
            <p class="hint">{locale.roster_withdraw_hint()}</p>
            <Form action=what class="inline">
                {sure}
                <button class="button">{label}</button>
            </Form>
            {(kind.is_personal() && !erased).then(|| view! {
                <p class="hint">{locale.roster_erase_hint()}</p>
                <Form action="erase">
                    <div class="field check">
                        <input type="checkbox" id="f-sure" name="sure" value="1"/>
                        <label for="f-sure">{locale.roster_erase_sure()}</label>
                    </div>
                    <div><button class="button danger">{locale.roster_erase_do()}</button></div>
                </Form>
            })}
        </section>
    }
}

/// POST `/rosters/:kind/:id`.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let (kind, id) = (kind_of(&ctx.path)?, id_of(&ctx.path)?);
    let locale = ctx.locale;
    let said = match form.get("do") {
        "mark" => {
            let text = |name: &str| form.get(name).to_owned();
            let draft = MarkDraft { day: text("day"), hours: text("hours"), note: text("note") };
            action::add_mark(&ctx, kind, id, &draft).await?;
            locale.roster_saved()
        }
        "unmark" => {
            let mark = form.get("mark").parse().map_err(|_| Error::NotFound)?;
            action::withdraw_mark(&ctx, kind, id, mark).await?;
            locale.roster_withdrawn_said()
        }
        "withdraw" => {
            action::withdraw(&ctx, kind, id, form.has("replace")).await?;
            locale.roster_withdrawn_said()
        }
        "reopen" => {
            action::reopen(&ctx, kind, id, form.has("replace")).await?;
            locale.roster_saved()
        }
        "erase" => {
            let mut conn = ctx.db.read().await?;
            action::to_change(&ctx, &mut conn, kind, id).await?;
            drop(conn);
            if !form.has("sure") {
                return Err(Error::invalid("sure", locale.roster_erase_unsure()));
            }
            let erased = erase_action::erase(&ctx, &[id]).await?;
            return Ok(Done::to(ctx.path.clone()).say(words::erased(locale, erased)));
        }
        _ => {
            action::change(&ctx, kind, id, &draft(&form), form.has("replace")).await?;
            locale.roster_saved()
        }
    };
    Ok(Done::to(ctx.path.clone()).say(said))
}
