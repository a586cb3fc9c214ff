//! `/responsibilities?unit=&year=&lead=`: the list of a year.

pub use super::edit_page::responsibility;
use super::{
    action::{self, Line},
    edit_page::{self, fields},
};
use crate::{
    campaign,
    domain::{
        period::Period,
        responsibility::{Draft, Stage},
        unit::Unit,
    },
    error::Result,
    locale::Locale,
    plan::{
        action::read_unit,
        view::{filter_select, unit_options},
    },
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use axum::Router;
use chrono::Datelike;
use leptos::prelude::*;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new().route("/responsibilities", form(posted)).route("/responsibilities/{id}", form(edit_page::posted))
}

/// The year that the address names, else this one.
fn year_of(ctx: &Ctx) -> i32 {
    let asked = ctx.query.get("year").parse().ok().filter(|year| action::YEARS.contains(year));
    asked.unwrap_or(ctx.today.year())
}

/// What a form has of a row.
pub(super) fn draft(form: &FormData) -> Draft {
    let text = |name: &str| form.get(name).to_owned();
    Draft {
        content: text("content"),
        lead: text("lead"),
        audience: text("audience"),
        medium: text("medium"),
        standard: text("standard"),
        deadline: text("deadline"),
        campaigns: form.all("campaigns").into_iter().map(str::to_owned).collect(),
    }
}

async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let (unit, year) = (ctx.query.get("unit").to_owned(), year_of(&ctx));
    action::add(&ctx, &unit, year, &draft(&form)).await?;
    let here = format!("/responsibilities?unit={unit}&year={year}");
    Ok(Done::to(here).say(ctx.locale.responsibility_saved()))
}

/// The list.
pub fn responsibilities() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let year = year_of(&ctx);
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let lines = action::list(&ctx, &mut conn, &unit, year).await?;
        let may_manage = ctx.actor()?.may_manage(&unit);
        let campaigns = match may_manage {
            true => edit_page::campaign_options(&ctx, &mut conn, &unit, year).await?,
            false => Vec::new(),
        };
        drop(conn);
        let mut leads: Vec<String> = lines.iter().map(|line| line.row.lead.clone()).collect();
        leads.sort();
        leads.dedup();
        let asked = ctx.query.get("lead").to_owned();
        let shown: Vec<Line> = lines.into_iter().filter(|line| asked.is_empty() || line.row.lead == asked).collect();
        let filters = filters(&ctx, &unit, &units, year, leads, asked);
        let summary = summary(locale, &shown);
        let table = table(&ctx, &unit, shown);
        let last = Period::year(year).to.to_string();
        let add = may_manage.then(|| {
            view! {
                <section>
                    <h2>{locale.responsibility_add()}</h2>
                    <Problems/>
                    <Form>
                        {fields(locale, Draft { deadline: last, ..Draft::default() }, campaigns)}
                        <div><button class="primary" type="submit">{locale.responsibility_add_do()}</button></div>
                    </Form>
                </section>
            }
        });
        let title = locale.responsibilities_title(&unit.short_name, year);
        Ok(Page::new("/campaigns", title, view! { {filters} <p class="lead">{summary}</p> {table} {add} }))
    })
}

fn filters(
    ctx: &Ctx,
    unit: &Unit,
    units: &[Unit],
    year: i32,
    leads: Vec<String>,
    asked: String,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let this = ctx.today.year();
    let mut years: Vec<i32> = (this - 5..=this + 1).rev().collect();
    if !years.contains(&year) {
        years.push(year);
    }
    let years = years.into_iter().map(|year| (year.to_string(), year.to_string())).collect();
    let mut options = vec![(String::new(), locale.responsibility_all_leads().to_owned())];
    options.extend(leads.into_iter().map(|lead| (lead.clone(), lead)));
    view! {
        <form method="get" class="filters">
            {filter_select("unit", locale.goals_unit(), unit_options(units), unit.code.clone())}
            {filter_select("year", locale.goals_year(), years, year.to_string())}
            {filter_select("lead", locale.responsibility_lead(), options, asked)}
            <button class="button">{locale.show()}</button>
        </form>
    }
}

fn summary(locale: Locale, lines: &[Line]) -> String {
    let open: Vec<&Line> = lines.iter().filter(|line| line.row.closed_at.is_none()).collect();
    let of = |stage: Stage| open.iter().filter(|line| line.stage == stage).count();
    let overdue = open.iter().filter(|line| line.overdue).count();
    locale.responsibility_summary(of(Stage::Done), of(Stage::NotBegun), overdue, open.len(), of(Stage::UnderWay))
}

/// A row's stage in words, with its shape.
fn stage_tag(locale: Locale, line: &Line) -> impl IntoView + use<> {
    let (class, text) = match (line.row.closed_at.is_some(), line.stage, line.overdue) {
        (true, _, _) => ("tag quiet", locale.responsibility_closed()),
        (_, Stage::Done, _) => ("tag good", locale.responsibility_done()),
        (_, Stage::UnderWay, false) => ("tag", locale.responsibility_under_way()),
        (_, Stage::UnderWay, true) => ("tag bad", locale.responsibility_under_way_late()),
        (_, Stage::NotBegun, false) => ("tag warn", locale.responsibility_not_begun()),
        (_, Stage::NotBegun, true) => ("tag bad", locale.responsibility_not_begun_late()),
    };
    view! { <span class=class>{text}</span> }
}

fn table(ctx: &Ctx, unit: &Unit, lines: Vec<Line>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    if lines.is_empty() {
        return view! { <p class="empty">{locale.responsibility_none()}</p> }.into_any();
    }
    let heads = vec![
        Head::Text(locale.responsibility_content()),
        Head::Text(locale.responsibility_lead()),
        Head::Text(locale.responsibility_audience()),
        Head::Text(locale.responsibility_medium()),
        Head::Text(locale.responsibility_standard()),
        Head::Text(locale.responsibility_deadline()),
        Head::Text(locale.responsibility_campaigns()),
        Head::Text(locale.responsibility_stage()),
    ];
    let count = lines.len();
    let rows = lines
        .into_iter()
        .map(|line| {
            let stage = stage_tag(locale, &line);
            let below = (line.row.unit_id != unit.id)
                .then(|| view! { " " <span class="muted">{line.row.unit_name.clone()}</span> });
            let campaigns = line
                .campaigns
                .iter()
                .map(|(tie, activities)| {
                    let text = locale.responsibility_campaign(*activities, &tie.title);
                    view! { <li><a href=format!("/campaigns/{}", tie.key)>{text}</a></li> }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row"><a href=format!("/responsibilities/{}", line.row.id)>{line.row.content}</a>{below}</th>
                    <td>{line.row.lead}</td>
                    <td>{line.row.audience}</td>
                    <td>{line.row.medium}</td>
                    <td>{line.row.standard}</td>
                    <td>{line.row.deadline.to_string()}</td>
                    <td><ul class="plain">{campaigns}</ul></td>
                    <td>{stage}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=locale.responsibility_caption(count) heads>{rows}</Table> }.into_any()
}

/// Campaigns of the year at the unit, for the form.
pub(super) fn option_of(locale: Locale, one: &crate::domain::campaign::Campaign) -> (String, String) {
    let period = campaign::view::period_text(locale, one.period);
    (one.key.clone(), format!("{} {period}", one.title))
}
