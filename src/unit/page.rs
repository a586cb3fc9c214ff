//! The pages of units and what their forms do.

use super::{
    action::{self, Change, ClassDraft, prefixed},
    import::import_units,
    tree_view, unit_view,
    view::{address, read_add_form},
};
use crate::{
    domain::{
        period::Day,
        problem::{Problem, Problems},
    },
    error::{Error, Result},
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::page::page,
};
use axum::Router;
use chrono::Days;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/units`.
pub fn units() -> impl IntoView {
    page(tree_view::tree)
}

/// `/units/{code}`.
pub fn unit() -> impl IntoView {
    let code = use_params_map().get_untracked().get("code").unwrap_or_default();
    page(|ctx| unit_view::unit(ctx, code))
}

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new().route("/units", form(change_tree)).route("/units/{code}", form(change_unit))
}

async fn change_tree(ctx: Ctx, form: FormData) -> Result<Done> {
    match form.get("do") {
        "add" => add(ctx, form).await,
        "import" => {
            // Without its field the list is empty, which the import says.
            let done = import_units(&ctx, form.raw("csv").as_bytes()).await?;
            Ok(Done::to("/units").say(ctx.locale.unit_imported(done.added, done.renamed, done.unchanged)))
        }
        _ => Err(Error::NotFound),
    }
}

async fn add(ctx: Ctx, form: FormData) -> Result<Done> {
    let draft = read_add_form(&ctx, &form)?;
    let unit = action::add(&ctx, draft).await.map_err(|error| prefixed(error, "new_"))?;
    Ok(Done::to(address(&unit.code)).say(ctx.locale.unit_added(unit.name)))
}

async fn change_unit(ctx: Ctx, form: FormData) -> Result<Done> {
    let code = ctx.path.rsplit('/').next().unwrap_or_default().to_owned();
    let locale = ctx.locale;
    let said = match form.get("do") {
        "add" => return add(ctx, form).await,
        "rename" => {
            let (name, short_name) = (Some(form.get("name").to_owned()), form.filled("short_name").map(str::to_owned));
            action::change(&ctx, &code, Change { name, short_name, ..Change::default() }).await?;
            locale.saved().to_owned()
        }
        "size" => {
            let mut problems = Problems::default();
            let mut figure = |name| form.optional(name, &mut problems, locale.unit_number_malformed());
            let (households, population) = (Some(figure("households")), Some(figure("population")));
            problems.into_result(())?;
            action::change(&ctx, &code, Change { households, population, ..Change::default() }).await?;
            locale.saved().to_owned()
        }
        "close" => {
            let last = day(&ctx, &form, "active_to")?;
            action::change(&ctx, &code, Change { active_to: Some(Some(last)), ..Change::default() }).await?;
            locale.unit_closed_done(last)
        }
        "merge" => {
            let last = day(&ctx, &form, "merge_day")?;
            let merged_into = Some(form.get("merged_into").to_owned());
            let change = Change { active_to: Some(Some(last)), merged_into, ..Change::default() };
            action::change(&ctx, &code, change).await.map_err(at_merge_day)?;
            locale.unit_merged_done(last)
        }
        "reopen" => {
            action::change(&ctx, &code, Change { active_to: Some(None), ..Change::default() }).await?;
            locale.unit_reopened().to_owned()
        }
        "class" | "class_pupils" => {
            let pupils = form.parsed("class_pupils", locale.unit_number_malformed());
            let pupils: i64 = pupils.map_err(|problem| Error::Invalid(vec![problem]))?;
            let name = form.get("class_name").to_owned();
            action::put_class(&ctx, &code, ClassDraft { name: name.clone(), pupils }).await?;
            locale.unit_class_saved(name, pupils)
        }
        "class_close" => {
            let name = form.get("class_name");
            let last = ctx.today.checked_sub_days(Days::new(1)).unwrap_or(ctx.today);
            action::close_class(&ctx, &code, name, last).await?;
            locale.unit_class_closed(name)
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Done::to(address(&code)).say(said))
}

/// A day that has to be there.
fn day(ctx: &Ctx, form: &FormData, name: &str) -> Result<Day> {
    let message =
        if form.filled(name).is_none() { ctx.locale.unit_day_wanted() } else { ctx.locale.unit_day_malformed() };
    form.parsed(name, message).map_err(|problem| Error::Invalid(vec![problem]))
}

/// The form of a merger has a field of its own for the last day.
fn at_merge_day(error: Error) -> Error {
    let renamed = |problem: Problem| match problem.field.as_str() {
        "active_to" => Problem::new("merge_day", problem.message),
        _ => problem,
    };
    match error {
        Error::Invalid(problems) => Error::Invalid(problems.into_iter().map(renamed).collect()),
        other => other,
    }
}
