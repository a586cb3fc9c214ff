//! Surveys and milestones: what was found or reached at which unit on which day, who entered it, and the forms for it.

use super::{
    action,
    entry_action::{self, MilestoneDraft, SurveyDraft},
    entry_store::{self, Entered},
    store,
    view::{managed_options, manages, neighbours, unit_filter},
    words,
};
use crate::{
    domain::{
        indicator::{Indicator, Kind},
        period::{Day, is_near},
        problem::Problems as Faults,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        clock,
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
use leptos::prelude::*;

/// Entries shown below the form.
const HISTORY: i64 = 100;

/// `/surveys?unit=&indicator=`
pub fn surveys() -> impl IntoView {
    page(|ctx| entries(ctx, Kind::Survey))
}

/// `/milestones?unit=&indicator=`
pub fn milestones() -> impl IntoView {
    page(|ctx| entries(ctx, Kind::Milestone))
}

async fn entries(ctx: Ctx, kind: Kind) -> Result<Page> {
    let locale = ctx.locale;
    let mut conn = ctx.db.read().await?;
    let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
    let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
    let below = unit::store::at_and_below(&mut conn, &unit).await?;
    // Also what only a unit below asks about: its entries are shown.
    let mut known = store::indicators(&mut conn, &unit, true).await?;
    let offered: Vec<Indicator> = store::indicators(&mut conn, &unit, false)
        .await?
        .into_iter()
        .filter(|one| one.kind == kind && !one.retired)
        .collect();
    let history = match kind {
        Kind::Survey => entry_store::surveys_entered(&mut conn, &unit, HISTORY).await?,
        _ => entry_store::milestones_entered(&mut conn, &unit, HISTORY).await?,
    };
    drop(conn);
    known.retain(|one| one.kind == kind);
    let (title, lead) = match kind {
        Kind::Survey => (locale.surveys_title(), locale.surveys_lead()),
        _ => (locale.milestones_title(), locale.milestones_lead()),
    };
    let form = if offered.is_empty() {
        no_indicator(&ctx, kind).into_any()
    } else if manages(&ctx) {
        entry_form(&ctx, kind, &unit, &below, &offered).into_any()
    } else {
        ().into_any()
    };
    let table = history_table(&ctx, kind, &unit, &below, &known, history);
    let body = view! {
        <Problems/>
        <p class="lead">{lead}</p>
        {unit_filter(&ctx, &units, &unit)}
        {form}
        {table}
        {neighbours(&ctx, &unit)}
    };
    Ok(Page::new("/goals", title, body))
}

/// Nothing asks for such a figure yet: what to do first.
fn no_indicator(ctx: &Ctx, kind: Kind) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let text = locale.entries_no_indicator(words::kind(locale, kind));
    view! {
        <div class="empty">
            <p>{text}</p>
            {manages(ctx).then(|| view! {
                <a class="button primary" href="/indicators#add">{locale.indicator_add()}</a>
            })}
        </div>
    }
}

fn entry_form(ctx: &Ctx, kind: Kind, unit: &Unit, below: &[Unit], offered: &[Indicator]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let indicators = offered
        .iter()
        .map(|one| (one.key.clone(), locale.name(&one.name, one.name_en.as_deref()).to_owned()))
        .collect::<Vec<_>>();
    let asked = ctx.query.get("indicator").to_owned();
    let active: Vec<Unit> = below.iter().filter(|unit| unit.is_active(ctx.today)).cloned().collect();
    let (units, here) = (managed_options(ctx, &active), unit.code.clone());
    let today = ctx.today.to_string();
    let (date, button) = match kind {
        Kind::Survey => (locale.survey_date(), locale.survey_save()),
        _ => (locale.milestone_date(), locale.milestone_save()),
    };
    let result = (kind == Kind::Survey).then(|| {
        view! {
            <Field name="sample" label=locale.survey_sample() kind="number" min="1" unit_word=locale.goal_word_pupil()
                required=true/>
            <Field name="value" label=locale.survey_value() unit_word="%" hint=locale.survey_value_hint()
                required=true/>
        }
    });
    view! {
        <Form action="enter">
            <Select name="indicator" label=locale.target_indicator() options=indicators value=asked/>
            <Select name="unit" label=locale.goals_unit() options=units value=here/>
            <Field name="date" label=date kind="date" value=today.clone() max=today required=true/>
            {result}
            <p><button class="button primary">{button}</button></p>
        </Form>
    }
}

fn history_table(
    ctx: &Ctx,
    kind: Kind,
    unit: &Unit,
    units: &[Unit],
    indicators: &[Indicator],
    history: Vec<Entered>,
) -> AnyView {
    let locale = ctx.locale;
    if history.is_empty() {
        return view! { <p class="empty">{locale.entries_none(&unit.short_name)}</p> }.into_any();
    }
    let mut heads = vec![
        Head::Text(match kind {
            Kind::Survey => locale.survey_date(),
            _ => locale.milestone_date(),
        }),
        Head::Text(locale.target_indicator()),
        Head::Text(locale.goals_unit()),
    ];
    if kind == Kind::Survey {
        heads.extend([Head::Number(locale.survey_value()), Head::Number(locale.survey_sample())]);
    }
    heads.extend([Head::Text(locale.stock_entered_by()), Head::Text(locale.stock_entered_on())]);
    let may = manages(ctx);
    heads.extend(may.then(|| Head::Text(locale.target_state())));
    let rows = history
        .into_iter()
        .map(|entered| {
            let indicator = indicators.iter().find(|one| one.id == entered.indicator_id);
            let unit = units.iter().find(|unit| unit.id == entered.unit_id);
            history_row(ctx, entered, indicator, unit, may)
        })
        .collect_view();
    let caption = locale.entries_caption(&unit.short_name);
    view! { <Table caption heads>{rows}</Table> }.into_any()
}

fn history_row(
    ctx: &Ctx,
    entered: Entered,
    indicator: Option<&Indicator>,
    unit: Option<&Unit>,
    may: bool,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = indicator.map(|one| locale.name(&one.name, one.name_en.as_deref()).to_owned()).unwrap_or_default();
    let day = entered.day.to_string();
    let by = entered.entered_by.clone().unwrap_or_else(|| locale.none().to_owned());
    let on = entered.entered_at.map(|at| clock::day_of(at).to_string()).unwrap_or_default();
    let figures = entered.value.map(|value| {
        let sample = words::number(entered.sample.unwrap_or_default() as f64);
        view! { <td class="num">{words::percent(value)}</td><td class="num">{sample}</td> }
    });
    let managed = unit.filter(|unit| ctx.someone.as_deref().is_some_and(|actor| actor.may_manage(unit)));
    let withdraw = match (entered.withdrawn, managed, indicator) {
        (false, Some(unit), Some(indicator)) => withdraw_form(locale, &unit.code, &indicator.key, &day).into_any(),
        _ => ().into_any(),
    };
    let withdrawn = entered.withdrawn.then(|| view! { " "<span class="tag quiet">{locale.entered_withdrawn()}</span> });
    view! {
        <tr>
            <td>{day}{withdrawn}</td>
            <th scope="row">{name}</th>
            <td>{unit.map(|unit| unit.short_name.clone()).unwrap_or_default()}</td>
            {figures}
            <td>{by}</td>
            <td>{on}</td>
            {may.then(|| view! { <td>{withdraw}</td> })}
        </tr>
    }
}

/// What takes back an entry made by mistake. Its fields have names of their own: the page has another form.
fn withdraw_form(locale: Locale, unit: &str, indicator: &str, day: &str) -> impl IntoView + use<> {
    let (unit, indicator, day) = (unit.to_owned(), indicator.to_owned(), day.to_owned());
    view! {
        <details>
            <summary>{locale.entered_withdraw()}</summary>
            <Form action="withdraw">
                <input type="hidden" name="entered_unit" value=unit/>
                <input type="hidden" name="entered_indicator" value=indicator/>
                <input type="hidden" name="entered_date" value=day/>
                <p>{locale.entered_withdraw_sure()}</p>
                <button class="button danger">{locale.entered_withdraw()}</button>
            </Form>
        </details>
    }
}

/// POST `/surveys`
pub async fn post_survey(ctx: Ctx, form: FormData) -> Result<Done> {
    if form.get("do") == "withdraw" {
        return post_withdraw(&ctx, Kind::Survey, &form).await;
    }
    let mut problems = Faults::default();
    let date = form.optional("date", &mut problems, ctx.locale.plan_day_wanted());
    problems.into_result(())?;
    let unit = form.get("unit").to_owned();
    let draft = SurveyDraft {
        unit: unit.clone(),
        indicator: form.get("indicator").into(),
        date,
        sample: words::typed_number(form.get("sample")).filter(|sample| sample.fract() == 0.0).map(|one| one as i64),
        value: words::typed_number(form.get("value")).map(|percent| percent / 100.0),
    };
    entry_action::put_survey(&ctx, draft).await?;
    Ok(Done::to(format!("/surveys?unit={unit}")).say(ctx.locale.survey_saved()))
}

/// POST `/milestones`
pub async fn post_milestone(ctx: Ctx, form: FormData) -> Result<Done> {
    if form.get("do") == "withdraw" {
        return post_withdraw(&ctx, Kind::Milestone, &form).await;
    }
    let mut problems = Faults::default();
    let date = form.optional("date", &mut problems, ctx.locale.plan_day_wanted());
    problems.into_result(())?;
    let unit = form.get("unit").to_owned();
    let draft = MilestoneDraft { unit: unit.clone(), indicator: form.get("indicator").into(), date };
    entry_action::put_milestone(&ctx, draft).await?;
    Ok(Done::to(format!("/milestones?unit={unit}")).say(ctx.locale.milestone_saved()))
}

async fn post_withdraw(ctx: &Ctx, kind: Kind, form: &FormData) -> Result<Done> {
    let day: Day = form.get("entered_date").parse().ok().filter(|day| is_near(*day)).ok_or(Error::NotFound)?;
    let unit = form.get("entered_unit");
    entry_action::withdraw(ctx, kind, unit, form.get("entered_indicator"), day).await?;
    Ok(Done::to(ctx.here()).say(ctx.locale.entered_withdrawn_done()))
}
