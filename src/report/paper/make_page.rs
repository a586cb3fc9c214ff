//! `/reports/new?unit=`: a report is made.

use super::action;
use crate::{
    domain::{report::Span, wording::Style},
    error::{Error, Result},
    plan::{action::read_unit, view::managed_options},
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
use leptos::prelude::*;

/// The form.
pub fn new_report() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        if !ctx.actor()?.may_manage(&unit) {
            return Err(Error::Forbidden);
        }
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        drop(conn);
        let options = managed_options(&ctx, &units);
        let mut spans = Span::around(ctx.today);
        let asked = Span::parse(ctx.query.get("period")).or(spans.first().copied());
        // Years that lie behind, and what the address asks for.
        let years = (2..=6).map(|back| Span::Year(chrono::Datelike::year(&ctx.today) - back));
        spans.extend(years.chain(asked).filter(|span| span.period().from <= ctx.today).collect::<Vec<_>>());
        let mut offered: Vec<(String, String)> = Vec::new();
        for span in spans {
            let option = (span.to_string(), span.text(locale));
            if !offered.contains(&option) {
                offered.push(option);
            }
        }
        let chosen = asked.map(|span| span.to_string()).unwrap_or_default();
        let body = view! {
            <Problems/>
            <p class="lead">{locale.paper_new_how()}</p>
            <Form>
                <Select name="unit" label=locale.report_unit() options value=unit.code.clone()/>
                <Select name="span" label=locale.paper_span() options=offered value=chosen/>
                <Choices name="style" label=locale.report_style() single=true options=styles(locale)
                    chosen=vec![Style::Official.key().to_owned()]/>
                <div><button class="primary" type="submit">{locale.paper_make()}</button></div>
            </Form>
        };
        Ok(Page::new("/report", locale.paper_new(), body))
    })
}

/// The styles that are offered.
fn styles(locale: crate::locale::Locale) -> Vec<(String, String)> {
    let name = |style| match style {
        Style::Official => locale.report_official(),
        Style::Exact => locale.report_exact(),
        Style::Internal => locale.report_internal(),
    };
    Style::ALL.iter().map(|style| (style.key().to_owned(), name(*style).to_owned())).collect()
}

/// POST `/reports/new`
pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = action::make(&ctx, form.get("unit"), form.get("span"), form.get("style")).await?;
    Ok(Done::to(format!("/reports/{id}")).say(ctx.locale.paper_made()))
}
