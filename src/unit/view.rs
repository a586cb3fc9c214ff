//! Pieces that the pages of units share.

use super::action::Draft;
use crate::{
    domain::{
        problem::Problems,
        unit::{Unit, UnitKind},
    },
    error::Result,
    locale::Locale,
    server::{context::Ctx, form::FormData},
    ui::field::{Field, Form, Select},
};
use leptos::prelude::*;

/// What a kind of unit is called.
pub fn kind_name(locale: Locale, kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::County => locale.unit_kind_county(),
        UnitKind::Town => locale.unit_kind_town(),
        UnitKind::Village => locale.unit_kind_village(),
        UnitKind::Community => locale.unit_kind_community(),
        UnitKind::School => locale.unit_kind_school(),
        UnitKind::Department => locale.unit_kind_department(),
    }
}

/// The address of a unit's page.
pub fn address(code: &str) -> String {
    format!("/units/{code}")
}

/// Says that a unit is closed, where it is.
pub fn closed_tag(ctx: &Ctx, unit: &Unit) -> impl IntoView + use<> {
    let closed = unit.active_to.filter(|last| *last < ctx.today);
    let locale = ctx.locale;
    closed.map(|day| view! { " "<span class="tag quiet">{locale.unit_closed_since(day)}</span> })
}

/// The form that adds a unit below one of `parents` (code, name); with one parent there is nothing to choose.
pub fn add_form(ctx: &Ctx, parents: Vec<(String, String)>, kinds: Vec<UnitKind>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let mut options = vec![(String::new(), locale.unit_kind_by_code().to_owned())];
    options.extend(kinds.into_iter().map(|kind| (kind.key().to_owned(), kind_name(locale, kind).to_owned())));
    let only = parents.len() == 1;
    let parent = match parents.first() {
        Some((code, _)) if only => view! { <input type="hidden" name="new_parent" value=code.clone()/> }.into_any(),
        _ => view! { <Select name="new_parent" label=locale.unit_parent() options=parents/> }.into_any(),
    };
    view! {
        <Form action="add">
            {parent}
            <Field name="new_name" label=locale.unit_name() hint=locale.unit_name_hint() required=true/>
            <Field name="new_code" label=locale.unit_code() hint=locale.unit_code_hint() required=true/>
            <Select name="new_kind" label=locale.unit_kind() options=options/>
            <Field name="new_households" label=locale.unit_households() kind="number" min="0"
                unit_word=locale.unit_household_word()/>
            <Field name="new_population" label=locale.unit_population() kind="number" min="0"
                unit_word=locale.unit_people_word()/>
            <p><button class="button primary">{locale.unit_add_do()}</button></p>
        </Form>
    }
}

/// What [`add_form`] was filled with.
///
/// # Errors
/// Figures that are no whole numbers.
pub fn read_add_form(ctx: &Ctx, form: &FormData) -> Result<Draft> {
    let mut problems = Problems::default();
    let malformed = ctx.locale.unit_number_malformed();
    let draft = Draft {
        code: form.get("new_code").to_owned(),
        name: form.get("new_name").to_owned(),
        parent: form.filled("new_parent").map(str::to_owned),
        kind: form.filled("new_kind").map(str::to_owned),
        households: form.optional("new_households", &mut problems, malformed),
        population: form.optional("new_population", &mut problems, malformed),
        ..Draft::default()
    };
    Ok(problems.into_result(draft)?)
}

/// The field `do` of the form that was refused, if one was: its part of the page stays open.
pub fn refused_form(ctx: &Ctx) -> String {
    ctx.refused.as_ref().map(|refused| refused.form.get("do").to_owned()).unwrap_or_default()
}
