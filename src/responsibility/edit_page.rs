//! `/responsibilities/:id`: one row, to read, to change, to close.

use super::{
    action,
    page::{draft, option_of},
    store,
};
use crate::{
    campaign::store::{self as campaign_store, Filter, PAGE_LIMIT},
    domain::{access::Scope, period::Period, responsibility::Draft, unit::Unit},
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        db::Conn,
        form::{Done, FormData},
    },
    ui::{
        field::{Choices, Field, Form, Problems},
        page::{Page, page},
    },
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The fields of a row.
pub(super) fn fields(locale: Locale, row: Draft, campaigns: Vec<(String, String)>) -> impl IntoView {
    view! {
        <Field name="content" label=locale.responsibility_content() hint=locale.responsibility_content_hint() value=row.content/>
        <div class="two">
            <Field name="lead" label=locale.responsibility_lead() value=row.lead/>
            <Field name="deadline" kind="date" label=locale.responsibility_deadline() value=row.deadline/>
        </div>
        <div class="two">
            <Field name="audience" label=locale.responsibility_audience() value=row.audience/>
            <Field name="medium" label=locale.responsibility_medium() value=row.medium/>
        </div>
        <Field name="standard" label=locale.responsibility_standard() hint=locale.responsibility_standard_hint() value=row.standard/>
        {(!campaigns.is_empty()).then(|| view! {
            <Choices name="campaigns" label=locale.responsibility_campaigns() options=campaigns chosen=row.campaigns first=8/>
        })}
    }
}

/// The campaigns that a row of the unit can be tied to: those with a day in the year.
pub(super) async fn campaign_options(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    year: i32,
) -> Result<Vec<(String, String)>> {
    let filter = Filter { unit: Some(unit.clone()), period: Some(Period::year(year)), theme: None };
    let found = campaign_store::list(conn, &ctx.scope()?, &filter, None, PAGE_LIMIT).await?;
    Ok(found.iter().filter(|one| !one.cancelled).map(|one| option_of(ctx.locale, one)).collect())
}

/// One row.
pub fn responsibility() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let row = store::one(&mut conn, &ctx.scope()?, id).await?;
        let unit = unit::store::by_id(&mut conn, &Scope::everything(), row.unit_id).await?;
        let year = i32::try_from(row.year).unwrap_or_default();
        let ties = store::ties(&mut conn, &[id]).await?.remove(&id).unwrap_or_default();
        let campaigns = campaign_options(&ctx, &mut conn, &unit, year).await?;
        drop(conn);
        let back = format!("/responsibilities?unit={}&year={year}", unit.code);
        let title = row.content.clone();
        let facts = [
            (locale.responsibility_lead(), row.lead.clone()),
            (locale.responsibility_audience(), row.audience.clone()),
            (locale.responsibility_medium(), row.medium.clone()),
            (locale.responsibility_standard(), row.standard.clone()),
            (locale.responsibility_deadline(), row.deadline.to_string()),
        ]
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
        let closed = row.closed_at.is_some();
        let manage = ctx.actor()?.may_manage(&unit).then(|| {
            let draft = Draft {
                content: row.content,
                lead: row.lead,
                audience: row.audience,
                medium: row.medium,
                standard: row.standard,
                deadline: row.deadline.to_string(),
                campaigns: ties.into_iter().map(|tie| tie.key).collect(),
            };
            let (what, label) = match closed {
                true => ("reopen", locale.responsibility_reopen()),
                false => ("close", locale.responsibility_close()),
            };
            view! {
                <section>
                    <h2>{locale.responsibility_change()}</h2>
                    <Problems/>
                    <Form action="change">
                        {fields(locale, draft, campaigns)}
                        <div><button class="primary" type="submit">{locale.save()}</button></div>
                    </Form>
                    <Form action=what class="inline"><button class="button">{label}</button></Form>
                </section>
            }
        });
        Ok(Page::new(
            "/campaigns",
            title,
            view! { <p><a href=back>{locale.responsibilities_title(&unit.short_name, year)}</a></p> <dl class="meta">{facts}</dl> {manage} },
        ))
    })
}

pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id: i64 = ctx.path.trim_start_matches("/responsibilities/").parse().map_err(|_| Error::NotFound)?;
    let (row, said) = match form.get("do") {
        "close" => (action::close(&ctx, id, true).await?, ctx.locale.responsibility_closed_said()),
        "reopen" => (action::close(&ctx, id, false).await?, ctx.locale.responsibility_saved()),
        _ => (action::change(&ctx, id, &draft(&form)).await?, ctx.locale.responsibility_saved()),
    };
    Ok(Done::to(format!("/responsibilities?unit={}&year={}", row.unit_code, row.year)).say(said))
}
