//! `/reports/:id/quotes`: figures of other offices that a report quotes.

use super::{
    action,
    page::id_of,
    store::{self, Report},
};
use crate::{
    domain::report::{quote::Draft, text::Token},
    error::{Error, Result},
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
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The list with its form.
pub fn quotes() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let report = store::one(&mut conn, &ctx.scope()?, id).await?;
        drop(conn);
        if !ctx.actor()?.may_manage(&report.unit) {
            return Err(Error::Forbidden);
        }
        let version = report.version;
        let withdrawals = report
            .quotes
            .iter()
            .filter(|_| report.state.is_open())
            .map(|quote| {
                let (name, number) = (quote.name.clone(), quote.number);
                view! {
                    <Form action="withdraw" class="inline">
                        <input type="hidden" name="version" value=version/>
                        <input type="hidden" name="number" value=number/>
                        <button type="submit">{locale.paper_quote_withdraw()}" "{name}</button>
                    </Form>
                }
            })
            .collect_view();
        let today = ctx.today.to_string();
        let add = report.state.is_open().then(|| {
            view! {
                <Form action="add">
                    <input type="hidden" name="version" value=version/>
                    <Field name="name" label=locale.paper_quote_name()/>
                    <div class="two">
                        <Field name="figure" label=locale.paper_quote_figure()/>
                        <Field name="unit_word" label=locale.paper_quote_unit_word()/>
                    </div>
                    <div class="two">
                        <Field name="source" label=locale.paper_quote_source()/>
                        <Field name="person" label=locale.paper_quote_person()/>
                    </div>
                    <Field name="day" kind="date" label=locale.paper_quote_day_field() value=today/>
                    <div><button class="primary" type="submit">{locale.paper_quote_add()}</button></div>
                </Form>
            }
        });
        let none = report.quotes.is_empty().then(|| view! { <p class="empty">{locale.paper_quotes_none()}</p> });
        let closed = (!report.state.is_open()).then(|| view! { <p>{locale.paper_closed()}</p> });
        let body = view! {
            <Problems/>
            <p><a href=format!("/reports/{id}")>{locale.paper_back()}</a></p>
            <p class="lead">{locale.paper_quotes_how()}</p>
            {closed}
            {none}
            {list(locale, &report)}
            <p>{withdrawals}</p>
            {add}
        };
        Ok(Page::new("/report", locale.paper_quotes_title(&report.title), body))
    })
}

/// The quotes with their sources; nothing where there are none.
pub fn list(locale: Locale, report: &Report) -> Option<impl IntoView + use<>> {
    if report.quotes.is_empty() {
        return None;
    }
    let rows = report
        .quotes
        .iter()
        .map(|quote| {
            let token = Token::Quote(quote.number).to_string();
            view! {
                <tr>
                    <th scope="row">{quote.name.clone()}</th>
                    <td>{quote.figure.clone()}{quote.unit_word.clone()}</td>
                    <td>{quote.source.clone()}</td>
                    <td>{quote.person.clone()}</td>
                    <td>{quote.day.to_string()}</td>
                    <td><code>{token}</code></td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.paper_quote_name()),
        Head::Text(locale.paper_quote_figure()),
        Head::Text(locale.paper_quote_source()),
        Head::Text(locale.paper_quote_person()),
        Head::Text(locale.paper_quote_day_field()),
        Head::Text(locale.paper_token()),
    ];
    Some(view! {
        <section id="quotes">
            <h2>{locale.paper_quotes()}</h2>
            <Table caption=locale.paper_quotes_caption() heads>{rows}</Table>
        </section>
    })
}

/// POST `/reports/{id}/quotes`
pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = id_of(&ctx)?;
    let here = Done::to(format!("/reports/{id}/quotes"));
    let version = form.get("version");
    match form.get("do") {
        "add" => {
            let text = |name: &str| form.get(name).to_owned();
            let draft = Draft {
                name: text("name"),
                figure: text("figure"),
                unit_word: text("unit_word"),
                source: text("source"),
                person: text("person"),
                day: text("day"),
            };
            let quote = action::add_quote(&ctx, id, version, &draft).await?;
            Ok(here.say(ctx.locale.paper_quote_added(Token::Quote(quote.number))))
        }
        "withdraw" => {
            action::withdraw_quote(&ctx, id, version, form.get("number")).await?;
            Ok(here.say(ctx.locale.paper_quote_withdrawn()))
        }
        _ => Err(Error::NotFound),
    }
}
