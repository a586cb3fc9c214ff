//! One indicator: what it looks at, and the fields of the forms that add or change one.

use super::{indicator_action::asks, words};
use crate::{
    domain::{
        catalogue::Catalogue,
        indicator::{Indicator, Kind},
        period::Each,
        unit::{Unit, UnitKind},
    },
    locale::Locale,
    ui::field::{Choices, Field, Select},
};
use leptos::prelude::*;

/// Who an indicator belongs to. `owner` is its unit, where the reader sees it.
pub fn owner_name(locale: Locale, one: &Indicator, owner: Option<&Unit>) -> String {
    match (one.unit_id, owner) {
        (None, _) => locale.indicator_built_in().to_owned(),
        (_, Some(unit)) => unit.short_name.clone(),
        (_, None) => locale.indicator_from_above().to_owned(),
    }
}

/// What an indicator counts, in words: 广播、LED · 村（社区） · 每个至少4.
pub fn counted(locale: Locale, catalogue: &Catalogue, one: &Indicator) -> String {
    let measure = |id: Option<i64>| {
        let measure = catalogue.measure_by_id(id?)?;
        Some(locale.name(&measure.name, measure.name_en.as_deref()).to_owned())
    };
    let mut parts = Vec::new();
    match (one.kind, measure(one.numerator_id), measure(one.denominator_id)) {
        (Kind::Ratio, Some(part), Some(whole)) => parts.push(format!("{part} ÷ {whole}")),
        (Kind::Ratio, _, _) => parts.push(locale.indicator_counts_pupils().to_owned()),
        (Kind::Sum, _, _) if one.counts_campaigns() => parts.push(locale.indicator_counts_campaigns().to_owned()),
        (Kind::Sum | Kind::Frequency | Kind::Coverage, _, _) if one.measure_id.is_none() => {
            parts.push(locale.indicator_counts_activities().to_owned());
        }
        _ => {
            let names: Vec<String> =
                [measure(one.measure_id), measure(one.also_measure_id)].into_iter().flatten().collect();
            parts.extend((!names.is_empty()).then(|| names.join(" + ")));
        }
    }
    if let Some(theme) = one.theme_id.and_then(|id| catalogue.theme_by_id(id)) {
        parts.push(locale.name(&theme.name, theme.name_en.as_deref()).to_owned());
    }
    if let Some(own) = one.type_id.and_then(|id| catalogue.activity_type_by_id(id)) {
        parts.push(locale.name(&own.name, own.name_en.as_deref()).to_owned());
    }
    if let Some(yes) = one.interactive {
        parts.push(if yes { locale.indicator_only_interactive() } else { locale.indicator_only_passive() }.to_owned());
    }
    if let Some(kind) = one.unit_kind {
        parts.push(words::unit_kind(locale, kind).to_owned());
    }
    if let Some(number) = one.at_least {
        parts.push(locale.indicator_at_least_each(number));
    }
    parts.join(" · ")
}

/// What may be chosen for a form: (key, text).
struct Offered {
    measures: Vec<(String, String)>,
    themes: Vec<(String, String)>,
    types: Vec<(String, String)>,
    how: Vec<(String, String)>,
    kinds_of_unit: Vec<(String, String)>,
    each: Vec<(String, String)>,
}

impl Offered {
    /// What is in use, and what the indicator had before.
    fn new(locale: Locale, catalogue: &Catalogue, former: Option<&Indicator>) -> Offered {
        let none = || (String::new(), locale.none().to_owned());
        let mut measures = vec![none()];
        measures.extend(catalogue.measures.iter().filter(|one| !one.retired || asks(former, one.id)).map(|measure| {
            let name = locale.name(&measure.name, measure.name_en.as_deref());
            let mark = if measure.is_stock { locale.indicator_stock_mark() } else { "" };
            (measure.key.clone(), format!("{name}{mark}"))
        }));
        let has = |id: i64| former.is_some_and(|one| one.theme_id == Some(id));
        let mut themes = vec![none()];
        themes.extend(
            catalogue
                .themes
                .iter()
                .filter(|theme| !theme.retired || has(theme.id))
                .map(|theme| (theme.key.clone(), locale.name(&theme.name, theme.name_en.as_deref()).to_owned())),
        );
        let has_type = |id: i64| former.is_some_and(|one| one.type_id == Some(id));
        let mut types = vec![none()];
        types.extend(
            catalogue
                .types
                .iter()
                .filter(|own| !own.retired || has_type(own.id))
                .map(|own| (own.key.clone(), locale.name(&own.name, own.name_en.as_deref()).to_owned())),
        );
        let how =
            [("", locale.none()), ("1", locale.indicator_only_interactive()), ("0", locale.indicator_only_passive())]
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .to_vec();
        let mut kinds_of_unit = vec![none()];
        let name = |kind: &UnitKind| (kind.key().to_owned(), words::unit_kind(locale, *kind).to_owned());
        kinds_of_unit.extend(UnitKind::ALL.iter().map(name));
        let mut each = vec![(String::new(), locale.indicator_each_usual().to_owned())];
        each.extend(Each::ALL.iter().map(|each| (each.key().to_owned(), words::each(locale, *each).to_owned())));
        Offered { measures, themes, types, how, kinds_of_unit, each }
    }
}

/// The fields of a new indicator: all of them, for its kind is being chosen.
pub fn new_fields(locale: Locale, catalogue: &Catalogue) -> impl IntoView + use<> {
    let Offered { measures, themes, types, how, kinds_of_unit, each } = Offered::new(locale, catalogue, None);
    let kinds = Kind::ALL.iter().map(|kind| (kind.key().to_owned(), words::kind(locale, *kind).to_owned())).collect();
    view! {
        <Field name="name" label=locale.indicator_name() required=true hint=locale.indicator_name_hint()/>
        <Choices name="kind" label=locale.indicator_kind() options=kinds single=true/>
        <Select name="measure" label=locale.indicator_measure() options=measures.clone()
            hint=locale.indicator_measure_hint()/>
        <Select name="unit_kind" label=locale.indicator_unit_kind() options=kinds_of_unit
            hint=locale.indicator_unit_kind_hint()/>
        <Field name="at_least" label=locale.indicator_at_least() kind="number" min="1"
            hint=locale.indicator_at_least_hint()/>
        <Select name="each" label=locale.indicator_each() options=each/>
        <details>
            <summary>{locale.indicator_more()}</summary>
            <Select name="theme" label=locale.indicator_theme() options=themes/>
            <Select name="activity_type" label=locale.indicator_type() options=types/>
            <Select name="interactive" label=locale.indicator_interactive() options=how
                hint=locale.indicator_interactive_hint()/>
            <Select name="also_measure" label=locale.indicator_also_measure() options=measures.clone()/>
            <Select name="numerator" label=locale.indicator_numerator() options=measures.clone()/>
            <Select name="denominator" label=locale.indicator_denominator() options=measures/>
        </details>
    }
}

/// The fields that change an indicator: only those that its kind looks at.
pub fn change_fields(locale: Locale, catalogue: &Catalogue, one: &Indicator) -> impl IntoView + use<> {
    let Offered { measures, themes, types, how, kinds_of_unit, each } = Offered::new(locale, catalogue, Some(one));
    let key = |id: Option<i64>| id.and_then(|id| catalogue.measure_by_id(id)).map(|one| one.key.clone());
    let key = |id: Option<i64>| key(id).unwrap_or_default();
    let theme = one.theme_id.and_then(|id| catalogue.theme_by_id(id)).map(|one| one.key.clone()).unwrap_or_default();
    let (measure, also) = (key(one.measure_id), key(one.also_measure_id));
    let (numerator, denominator) = (key(one.numerator_id), key(one.denominator_id));
    let unit_kind = one.unit_kind.map(|kind| kind.key().to_owned()).unwrap_or_default();
    let at_least = one.at_least.map(|number| number.to_string()).unwrap_or_default();
    let (kind, own_each, name) = (one.kind, one.each.key(), one.name.clone());
    let is_counted = matches!(kind, Kind::Sum | Kind::Frequency | Kind::Coverage);
    let measure_field = (is_counted || kind == Kind::Stock).then(|| {
        view! { <Select name="measure" label=locale.indicator_measure() options=measures.clone() value=measure/> }
    });
    let also_field = is_counted.then(|| {
        view! {
            <Select name="also_measure" label=locale.indicator_also_measure() options=measures.clone() value=also/>
        }
    });
    let ratio_fields = (kind == Kind::Ratio).then(|| {
        view! {
            <Select name="numerator" label=locale.indicator_numerator() options=measures.clone() value=numerator/>
            <Select name="denominator" label=locale.indicator_denominator() options=measures value=denominator/>
        }
    });
    let unit_field = (kind.is_per_unit() || one.unit_kind.is_some()).then(|| {
        view! {
            <Select name="unit_kind" label=locale.indicator_unit_kind() options=kinds_of_unit value=unit_kind
                hint=locale.indicator_unit_kind_hint()/>
        }
    });
    let at_least_field = matches!(kind, Kind::Coverage | Kind::Stock).then(|| {
        view! { <Field name="at_least" label=locale.indicator_at_least() kind="number" min="1" value=at_least/> }
    });
    let theme_field = (is_counted || kind == Kind::Ratio).then(|| {
        view! { <Select name="theme" label=locale.indicator_theme() options=themes value=theme/> }
    });
    let own_type = one.type_id.and_then(|id| catalogue.activity_type_by_id(id)).map(|own| own.key.clone());
    let own_how = one.interactive.map_or("", |yes| if yes { "1" } else { "0" });
    let type_fields = is_counted.then(|| {
        view! {
            <Select name="activity_type" label=locale.indicator_type() options=types value=own_type.unwrap_or_default()/>
            <Select name="interactive" label=locale.indicator_interactive() options=how value=own_how
                hint=locale.indicator_interactive_hint()/>
        }
    });
    view! {
        <Field name="name" label=locale.indicator_name() required=true value=name/>
        {measure_field}
        {also_field}
        {ratio_fields}
        {unit_field}
        {at_least_field}
        <Select name="each" label=locale.indicator_each() options=each value=own_each/>
        {theme_field}
        {type_fields}
    }
}
