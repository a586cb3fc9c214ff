//! How a unit words a measure in its reports: what is chosen now, by whom, what comes of it, and the form that changes
//! it for the unit and all below.

use super::{
    view::{Owners, unit_filter},
    word_store,
};
use crate::{
    domain::{
        catalogue::Catalogue,
        measure::{Form as FigureForm, Measure, Precision, Total, Wording},
        unit::Unit,
        wording::sentence::{Item, example},
    },
    error::Result,
    locale::Locale,
    server::{context::Ctx, db::Conn},
    ui::field::{Choices, Field, Form, Select},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The figures for which the page shows what comes of the choices.
const EXAMPLES: [i64; 4] = [46, 156, 7_065, 12_345];

/// The section on a measure's page.
pub async fn words(
    ctx: &Ctx,
    conn: &mut Conn,
    owners: &Owners,
    seen: &Unit,
    catalogue: &Catalogue,
    measure: &Measure,
) -> Result<AnyView> {
    let locale = ctx.locale;
    if !ctx.actor()?.may_manage(seen) {
        return Ok(().into_any());
    }
    let mut wordings = word_store::wordings(conn, seen).await?;
    let chosen_by = word_store::wording_of(conn, seen, measure.id).await?;
    let wording = wordings.remove(&measure.id).unwrap_or_default();
    let whose = match chosen_by {
        Some(id) if id == seen.id => locale.catalogue_words_own(&seen.short_name),
        Some(id) => {
            locale.catalogue_words_from(owners.get(Some(id)).map(|unit| unit.short_name.clone()).unwrap_or_default())
        }
        None => locale.catalogue_words_usual().to_owned(),
    };
    let units = owners.seeing(ctx, measure.unit_id)?;
    let back = (chosen_by == Some(seen.id)).then(|| {
        view! {
            <Form action="unword"><p><button class="button">{locale.catalogue_as_above()}</button></p></Form>
        }
    });
    let examples = examples(measure, &wording)
        .into_iter()
        .map(|(figure, said)| view! { <li>{figure}" → "<strong>{said}</strong></li> })
        .collect_view();
    let form = word_form(locale, catalogue, measure, wording, &wordings);
    Ok(view! {
        <section id="words">
            <h2>{locale.catalogue_wording(&seen.short_name)}</h2>
            <p class="hint">{locale.catalogue_wording_hint(&seen.short_name)}</p>
            {unit_filter(locale, units, seen)}
            <p>{whose}</p>
            <ul class="plain">{examples}</ul>
            {form}
            {back}
        </section>
    }
    .into_any())
}

/// What comes of the words, for figures that were counted exactly.
fn examples(measure: &Measure, wording: &Wording) -> Vec<(i64, String)> {
    EXAMPLES
        .iter()
        .map(|figure| {
            let item = Item {
                key: measure.key.clone(),
                name: measure.name.clone(),
                unit_word: measure.unit_word.clone(),
                wording: wording.clone(),
                total: Total::of(Precision::Exact, *figure),
            };
            (*figure, example(&item))
        })
        .collect()
}

/// The forms that a figure can take in the official sentence: (key, text).
fn figure_forms(locale: Locale) -> Vec<(String, String)> {
    let text = |form| match form {
        FigureForm::More => locale.catalogue_form_more(),
        FigureForm::Above => locale.catalogue_form_above(),
        FigureForm::Hundreds => locale.catalogue_form_hundreds(),
    };
    FigureForm::ALL.iter().map(|form| (form.key().to_owned(), text(*form).to_owned())).collect()
}

/// What stands in the report's first sentence: 1 横幅/标语、2 进村.
fn opening(locale: Locale, catalogue: &Catalogue, own: (i64, &Wording), others: &BTreeMap<i64, Wording>) -> String {
    let mut places: Vec<(i64, String)> = others
        .iter()
        .map(|(id, wording)| (*id, wording.opening))
        .chain([(own.0, own.1.opening)])
        .filter(|(_, place)| *place > 0)
        .filter_map(|(id, place)| {
            let one = catalogue.measure_by_id(id)?;
            Some((place, locale.name(&one.name, one.name_en.as_deref()).to_owned()))
        })
        .collect();
    places.sort();
    places.iter().map(|(place, name)| format!("{place} {name}")).collect::<Vec<_>>().join("、")
}

fn word_form(
    locale: Locale,
    catalogue: &Catalogue,
    measure: &Measure,
    wording: Wording,
    others: &BTreeMap<i64, Wording>,
) -> impl IntoView + use<> {
    let first_sentence = locale.catalogue_opening_hint(opening(locale, catalogue, (measure.id, &wording), others));
    let partner = wording.group.as_ref().and_then(|group| {
        let (id, _) = others.iter().find(|(_, other)| other.group.as_ref() == Some(group))?;
        Some(catalogue.measure_by_id(*id)?.key.clone())
    });
    let mut partners = vec![(String::new(), locale.catalogue_shared_none().to_owned())];
    partners.extend(
        catalogue
            .active_measures()
            .filter(|one| one.id != measure.id && !one.is_stock)
            .map(|one| (one.key.clone(), locale.name(&one.name, one.name_en.as_deref()).to_owned())),
    );
    let is_shared = partner.is_some();
    let phrase_hint = locale.catalogue_phrase_hint("{figure}");
    let ten = if wording.ten_thousands { vec!["yes".to_owned()] } else { Vec::new() };
    let offered = vec![("yes".to_owned(), locale.catalogue_ten_thousands().to_owned())];
    let (step, place) = (wording.step.to_string(), wording.opening.to_string());
    let (form, phrase) = (wording.form.key(), wording.phrase.unwrap_or_default());
    let together = wording.together.unwrap_or_default();
    view! {
        <Form action="word">
            <Field name="phrase" label=locale.catalogue_phrase() hint=phrase_hint value=phrase/>
            <Select name="form" label=locale.catalogue_form() options=figure_forms(locale) value=form/>
            <Choices name="ten_thousands" label=locale.catalogue_large_figures() options=offered chosen=ten/>
            <Field name="step" label=locale.catalogue_step() hint=locale.catalogue_step_hint() kind="number" min="0" value=step/>
            <Field name="opening" label=locale.catalogue_opening() hint=first_sentence kind="number" min="0" value=place/>
            <details open=is_shared>
                <summary>{locale.catalogue_shared()}</summary>
                <Select name="shared_with" label=locale.catalogue_shared_with() options=partners value=partner.unwrap_or_default()
                    hint=locale.catalogue_shared_hint()/>
                <Field name="together" label=locale.catalogue_together() hint=locale.catalogue_together_hint() value=together/>
            </details>
            <p><button class="button primary">{locale.catalogue_wording_do()}</button></p>
        </Form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_what_comes_of_the_words() {
        let measure = Measure {
            id: 1,
            key: "leaflet".into(),
            unit_id: None,
            name: "宣传资料".into(),
            name_en: None,
            unit_word: "份".into(),
            unit_word_en: None,
            counting_rule: String::new(),
            rule_version: 1,
            interactive: false,
            is_stock: false,
            wording: Wording::default(),
            position: 1,
            retired: false,
        };
        let wording = Wording {
            form: FigureForm::Above,
            phrase: Some("发放资料".into()),
            ten_thousands: true,
            ..Wording::default()
        };
        let said: Vec<String> = examples(&measure, &wording).into_iter().map(|(_, said)| said).collect();
        assert_eq!(said, ["发放资料46份", "发放资料150份以上", "发放资料7000份以上", "发放资料1.2万份以上"]);
    }
}
