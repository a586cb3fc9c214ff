//! Pieces that the pages of the catalogue share, and how their forms are read.

use super::action::{MeasureDraft, ThemeDraft, TypeDraft, WordingDraft};
use crate::{
    domain::{
        access::Scope,
        catalogue::{ActivityType, Catalogue, EntryKind, EvidencePolicy, Theme},
        measure::Measure,
        problem::{Problem, Problems},
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{context::Ctx, db::Conn, form::FormData},
    ui::field::{Choices, NamedField, Select},
    unit,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The names of owners, by id.
pub struct Owners(BTreeMap<i64, Unit>);

impl Owners {
    /// The units of the reader, and those above `unit`.
    pub async fn load(ctx: &Ctx, conn: &mut Conn, unit: &Unit) -> Result<Owners> {
        let mut owners: BTreeMap<i64, Unit> =
            unit::store::all(conn, &ctx.scope()?).await?.into_iter().map(|unit| (unit.id, unit)).collect();
        for id in unit.ancestry() {
            if let std::collections::btree_map::Entry::Vacant(place) = owners.entry(id) {
                place.insert(unit::store::by_id(conn, &Scope::everything(), id).await?);
            }
        }
        Ok(Owners(owners))
    }

    pub fn get(&self, id: Option<i64>) -> Option<&Unit> {
        self.0.get(&id?)
    }

    /// Whether an entry with this owner is to be shown.
    pub fn knows(&self, id: Option<i64>) -> bool {
        id.is_none_or(|id| self.0.contains_key(&id))
    }

    /// The units in which the reader may put entries that hold below: (code, name).
    pub fn to_own(&self, ctx: &Ctx) -> Result<Vec<(String, String)>> {
        self.seeing(ctx, None)
    }

    /// The units that the reader manages and that see what `owner` owns: (code, name).
    pub fn seeing(&self, ctx: &Ctx, owner: Option<i64>) -> Result<Vec<(String, String)>> {
        let actor = ctx.actor()?;
        let home = unit::action::managed_home(actor);
        let sees = |unit: &Unit| owner.is_none_or(|id| unit.ancestry().contains(&id));
        let mut units: Vec<&Unit> = self.0.values().filter(|unit| actor.may_manage(unit) && sees(unit)).collect();
        units.retain(|unit| unit.is_active(ctx.today));
        units.sort_by_key(|unit| (Some(unit.id) != home, unit.path.matches('/').count(), unit.code.clone()));
        Ok(units.into_iter().map(|unit| (unit.code.clone(), unit.short_name.clone())).collect())
    }
}

/// Chooses the unit whose catalogue the page shows; nothing where there is no choice.
pub fn unit_filter(locale: Locale, units: Vec<(String, String)>, chosen: &Unit) -> Option<impl IntoView + use<>> {
    if units.len() < 2 {
        return None;
    }
    let options = units
        .into_iter()
        .map(|(code, name)| {
            let selected = code == chosen.code;
            view! { <option value=code selected=selected>{name}</option> }
        })
        .collect_view();
    Some(view! {
        <form method="get" class="filters">
            <div class="field">
                <label for="filter-unit">{locale.catalogue_for_unit()}</label>
                <select id="filter-unit" name="unit">{options}</select>
            </div>
            <button class="button">{locale.show()}</button>
        </form>
    })
}

/// A kind of entry, in the plural.
pub fn kind_name(locale: Locale, kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Measure => locale.catalogue_measures(),
        EntryKind::Type => locale.catalogue_types(),
        EntryKind::Theme => locale.catalogue_themes(),
    }
}

/// The address of an entry's page, as its owner sees it.
pub fn address(kind: EntryKind, key: &str, seen_from: Option<&Unit>) -> String {
    match seen_from {
        Some(unit) => format!("/catalogue/{kind}/{key}?unit={}", unit.code),
        None => format!("/catalogue/{kind}/{key}"),
    }
}

/// Who an entry belongs to.
pub fn owner_name(locale: Locale, owner: Option<&Unit>) -> String {
    owner.map_or(locale.catalogue_built_in().into(), |unit| unit.short_name.clone())
}

/// Says that an entry is retired, where it is.
pub fn retired_tag(locale: Locale, retired: bool) -> impl IntoView + use<> {
    retired.then(|| view! { " "<span class="tag quiet">{locale.catalogue_retired()}</span> })
}

pub fn evidence_name(locale: Locale, evidence: EvidencePolicy) -> &'static str {
    match evidence {
        EvidencePolicy::None => locale.catalogue_evidence_none(),
        EvidencePolicy::Recommended => locale.catalogue_evidence_recommended(),
        EvidencePolicy::Required => locale.catalogue_evidence_required(),
    }
}

/// Whether a measure is a stock, and whether people take part.
pub fn nature(locale: Locale, measure: &Measure) -> &'static str {
    match (measure.is_stock, measure.interactive) {
        (true, _) => locale.catalogue_stock_short(),
        (false, true) => locale.catalogue_interactive_short(),
        (false, false) => locale.catalogue_passive_short(),
    }
}

/// The names of the measures that a type asks.
pub fn asked(locale: Locale, catalogue: &Catalogue, one: &ActivityType) -> String {
    let names = one.measures.iter().filter_map(|id| catalogue.measure_by_id(*id));
    names.map(|measure| locale.name(&measure.name, measure.name_en.as_deref())).collect::<Vec<_>>().join("、")
}

fn text(prefix: &str, name: &str, label: &str, value: &str, hint: &str, required: bool) -> AnyView {
    let (name, label, value, hint) = (format!("{prefix}{name}"), label.to_owned(), value.to_owned(), hint.to_owned());
    view! { <NamedField name=name label=label value=value hint=hint required=required/> }.into_any()
}

fn names(locale: Locale, prefix: &str, name: &str, name_en: Option<&str>) -> impl IntoView + use<> {
    view! {
        {text(prefix, "name", locale.catalogue_name(), name, "", true)}
        {text(prefix, "name_en", locale.catalogue_name_en(), name_en.unwrap_or_default(), "", false)}
    }
}

/// What only a new entry is asked: its key and its owner.
pub fn new_fields(locale: Locale, prefix: &str, owners: Vec<(String, String)>) -> impl IntoView + use<> {
    let name = format!("{prefix}unit");
    let owner = (owners.len() > 1).then(|| {
        view! { <Select name=name label=locale.catalogue_owner() options=owners hint=locale.catalogue_owner_hint()/> }
    });
    view! {
        {owner}
        {text(prefix, "key", locale.catalogue_key(), "", locale.catalogue_key_hint(), false)}
    }
}

/// The fields of a measure; `nature` is the name of its check boxes.
pub fn measure_fields(
    locale: Locale,
    prefix: &str,
    nature: &'static str,
    former: Option<&Measure>,
) -> impl IntoView + use<> {
    let value = |read: fn(&Measure) -> Option<&str>| former.and_then(read).unwrap_or_default().to_owned();
    let mut options = vec![("interactive".to_owned(), locale.catalogue_interactive().to_owned())];
    // Whether something is a stock decides how it is entered: it is said once.
    if former.is_none() {
        options.push(("stock".to_owned(), locale.catalogue_stock().to_owned()));
    }
    let chosen = former.filter(|one| one.interactive).map(|_| vec!["interactive".to_owned()]).unwrap_or_default();
    let (name, name_en) = (value(|one| Some(&one.name)), value(|one| one.name_en.as_deref()));
    let (word, word_en) = (value(|one| Some(&one.unit_word)), value(|one| one.unit_word_en.as_deref()));
    let rule = value(|one| Some(&one.counting_rule));
    view! {
        {names(locale, prefix, &name, Some(&name_en))}
        {text(prefix, "unit_word", locale.catalogue_unit_word(), &word, locale.catalogue_unit_word_hint(), true)}
        {text(prefix, "unit_word_en", locale.catalogue_unit_word_en(), &word_en, "", false)}
        {text(prefix, "counting_rule", locale.catalogue_rule(), &rule, locale.catalogue_rule_hint(), false)}
        <Choices name=nature label=locale.catalogue_properties() options=options chosen=chosen/>
    }
}

/// The fields of an activity type; `asked` is the name of its check boxes, `offered` what they offer.
pub fn type_fields(
    locale: Locale,
    prefix: &str,
    asked: &'static str,
    offered: &Catalogue,
    former: Option<&ActivityType>,
) -> impl IntoView + use<> {
    let chosen_ids = former.map(|one| one.measures.clone()).unwrap_or_default();
    let mut measures: Vec<&Measure> = offered.active_measures().filter(|measure| !measure.is_stock).collect();
    // What is asked already comes first and in its order: the main measure stays the main one.
    let place = |id: i64| chosen_ids.iter().position(|chosen| *chosen == id).unwrap_or(usize::MAX);
    measures.sort_by_key(|measure| (place(measure.id), measure.position));
    let chosen: Vec<String> =
        measures.iter().filter(|one| chosen_ids.contains(&one.id)).map(|one| one.key.clone()).collect();
    let options = measures
        .iter()
        .map(|one| (one.key.clone(), locale.name(&one.name, one.name_en.as_deref()).to_owned()))
        .collect::<Vec<_>>();
    let policies = [EvidencePolicy::Recommended, EvidencePolicy::None, EvidencePolicy::Required];
    let policies = policies.map(|one| (one.key().to_owned(), evidence_name(locale, one).to_owned())).to_vec();
    let policy = former.map_or(EvidencePolicy::Recommended, |one| one.evidence).key();
    let (name, name_en) = (former.map(|one| one.name.as_str()), former.and_then(|one| one.name_en.as_deref()));
    let evidence = format!("{prefix}evidence");
    view! {
        {names(locale, prefix, name.unwrap_or_default(), name_en)}
        <Choices name=asked label=locale.catalogue_asks() options=options chosen=chosen hint=locale.catalogue_asks_hint()/>
        <Select name=evidence label=locale.catalogue_evidence() options=policies value=policy/>
    }
}

/// The fields of a theme.
pub fn theme_fields(locale: Locale, prefix: &str, former: Option<&Theme>) -> impl IntoView + use<> {
    let (name, name_en) = (former.map(|one| one.name.as_str()), former.and_then(|one| one.name_en.as_deref()));
    names(locale, prefix, name.unwrap_or_default(), name_en)
}

fn own(form: &FormData, prefix: &str, name: &str) -> Option<String> {
    form.filled(&format!("{prefix}{name}")).map(str::to_owned)
}

/// A measure's form, its fields named with `prefix`.
pub fn read_measure(form: &FormData, prefix: &str) -> MeasureDraft {
    let nature = form.all(&format!("{prefix}nature")).join(" ");
    MeasureDraft {
        unit: own(form, prefix, "unit"),
        key: own(form, prefix, "key"),
        name: own(form, prefix, "name").unwrap_or_default(),
        name_en: own(form, prefix, "name_en"),
        unit_word: own(form, prefix, "unit_word").unwrap_or_default(),
        unit_word_en: own(form, prefix, "unit_word_en"),
        counting_rule: own(form, prefix, "counting_rule"),
        interactive: nature.contains("interactive"),
        is_stock: nature.contains("stock"),
        wording: WordingDraft::default(),
    }
}

/// An activity type's form.
pub fn read_type(form: &FormData, prefix: &str) -> TypeDraft {
    TypeDraft {
        unit: own(form, prefix, "unit"),
        key: own(form, prefix, "key"),
        name: own(form, prefix, "name").unwrap_or_default(),
        name_en: own(form, prefix, "name_en"),
        measures: form.all(&format!("{prefix}measures")).into_iter().map(str::to_owned).collect(),
        evidence: own(form, prefix, "evidence"),
    }
}

/// A theme's form.
pub fn read_theme(form: &FormData, prefix: &str) -> ThemeDraft {
    ThemeDraft {
        unit: own(form, prefix, "unit"),
        key: own(form, prefix, "key"),
        name: own(form, prefix, "name").unwrap_or_default(),
        name_en: own(form, prefix, "name_en"),
    }
}

/// The form of a unit's own wording.
///
/// # Errors
/// A number that is none.
pub fn read_wording(ctx: &Ctx, form: &FormData) -> Result<WordingDraft> {
    let mut problems = Problems::default();
    let step = form.optional("step", &mut problems, ctx.locale.unit_number_malformed());
    let opening = form.optional("opening", &mut problems, ctx.locale.unit_number_malformed());
    let text = |name: &str| form.has(name).then(|| form.get(name).to_owned());
    let draft = WordingDraft {
        form: form.filled("form").map(str::to_owned),
        phrase: Some(form.get("phrase").to_owned()),
        ten_thousands: Some(form.has("ten_thousands")),
        step: Some(step.unwrap_or(0)),
        opening: form.has("opening").then_some(opening.unwrap_or(0)),
        shared_with: text("shared_with"),
        together: text("together"),
    };
    Ok(problems.into_result(draft)?)
}

/// The same error for a form whose fields are named with `prefix`; the check boxes of a type are one field.
pub fn prefixed(error: Error, prefix: &str) -> Error {
    let renamed = |problem: Problem| {
        let field = problem.field.split('[').next().unwrap_or_default();
        Problem::new(format!("{prefix}{field}"), problem.message)
    };
    match error {
        Error::Invalid(problems) => Error::Invalid(problems.into_iter().map(renamed).collect()),
        other => other,
    }
}
