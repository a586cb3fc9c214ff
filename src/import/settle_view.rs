//! What somebody settles about a file that waits: its unit, its year, its sheets and what their columns mean.

use super::{
    action::Preview,
    book::letters,
    meaning::Meaning,
    plan::{Choices, Laid, State},
    show_page::stacked,
    store::Import,
    words,
};
use crate::{
    domain::unit::Unit,
    error::{Error, Result},
    locale::Locale,
    server::{context::Ctx, form::FormData},
    ui::field::{Field, Form, Select},
};
use leptos::prelude::*;

/// Columns that one form settles at most.
const MOST_SETTLED: usize = 2_000;
/// Names of units that one form settles at most.
const MOST_NAMES: usize = 100;

/// What a form says about columns (`c.SIGNATURE.COLUMN`), sheets and the year.
pub fn choices(form: &FormData, locale: Locale) -> Result<Choices> {
    let mut choices = Choices::default();
    for (place, key) in form.with_prefix("c.").take(MOST_SETTLED) {
        let Some((signature, column)) = place.split_once('.') else { continue };
        let is_known = signature.len() == 32 && column.parse::<u16>().is_ok();
        if let Some(meaning) = Meaning::from_key(key).filter(|_| is_known && key.len() < 100) {
            choices.columns.entry(signature.to_owned()).or_default().insert(column.to_owned(), meaning.key());
        }
    }
    for (place, name) in form.with_prefix("name.").take(MOST_NAMES) {
        let code = form.get(&format!("code.{place}"));
        if !code.is_empty() && code.len() < 50 && !name.is_empty() && name.chars().count() < 100 {
            choices.units.insert(name.to_owned(), code.to_owned());
        }
    }
    choices.without = form.all("without").into_iter().filter_map(|place| place.parse().ok()).take(1_000).collect();
    if let Some(year) = form.filled("year") {
        let year = year.parse().ok().filter(|year| (1990..=2100).contains(year));
        choices.year = Some(year.ok_or_else(|| Error::invalid("year", locale.import_year_wrong()))?);
    }
    Ok(choices)
}

/// The unit, the year, the sheets and what their columns mean.
pub fn settings(ctx: &Ctx, import: &Import, units: Vec<Unit>, preview: &Preview) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let options: Vec<(String, String)> = units.into_iter().map(|unit| (unit.code, unit.short_name)).collect();
    let meanings = words::meanings(locale, &preview.ground.catalogue);
    let mut seen = Vec::new();
    let sheets: Vec<AnyView> = preview
        .laid
        .iter()
        .enumerate()
        .filter(|(_, sheet)| matches!(sheet.state, State::Read | State::LeftOut))
        .take(60)
        .map(|(place, sheet)| sheet_settings(ctx, place, sheet, &meanings, &mut seen))
        .collect();
    let year = import.choices.year.map(|year| year.to_string()).unwrap_or_default();
    let unit = preview.ground.unit.code.clone();
    let names = unit_names(locale, import, preview).into_any();
    view! {
        <section>
            <h2>{locale.import_columns()}</h2>
            <p class="hint">{locale.import_columns_hint()}</p>
            <Form action="settle">
                <div class="two">
                    <Select name="unit" label=locale.import_unit() options value=unit/>
                    <Field name="year" kind="number" label=locale.import_year() hint=locale.import_year_hint()
                        value=year min="1990" max="2100"/>
                </div>
                {names}
                {sheets}
                <div><button type="submit">{locale.import_settle()}</button></div>
            </Form>
        </section>
    }
}

/// The names of units that are not known here, and those that somebody settled.
fn unit_names(locale: Locale, import: &Import, preview: &Preview) -> impl IntoView + use<> {
    let settled = import.choices.units.iter().map(|(name, code)| (name.clone(), code.clone()));
    let open = preview.findings.unknown_units.keys().map(|name| (name.clone(), String::new()));
    let names: Vec<(String, String)> = settled.chain(open).take(MOST_NAMES).collect();
    let units = preview.ground.units.all();
    let fields = names
        .into_iter()
        .enumerate()
        .map(|(place, (name, code))| {
            let mut options = vec![(String::new(), locale.import_name_open().to_owned())];
            options.extend(units.iter().map(|unit| (unit.code.clone(), unit.short_name.clone())));
            let label = locale.import_name_means(&name);
            view! {
                <input type="hidden" name=format!("name.{place}") value=name/>
                <Select name=format!("code.{place}") label=label options value=code/>
            }
        })
        .collect::<Vec<_>>();
    (!fields.is_empty()).then(|| {
        view! {
            <fieldset><legend>{locale.import_names()}</legend><div class="two">{fields}</div></fieldset>
        }
    })
}

fn sheet_settings(
    ctx: &Ctx,
    place: usize,
    sheet: &Laid,
    meanings: &[(String, String)],
    seen: &mut Vec<String>,
) -> AnyView {
    let locale = ctx.locale;
    let id = format!("f-without-{place}");
    let is_out = sheet.state == State::LeftOut;
    // Sheets with the same heads share what their columns mean.
    let tables: Vec<_> = sheet.tables.iter().filter(|table| !seen.contains(&table.signature)).collect();
    seen.extend(tables.iter().map(|table| table.signature.clone()));
    let tables = tables
        .into_iter()
        .map(|table| {
            let rows = table
                .columns
                .iter()
                .filter(|column| column.filled || !column.meaning.is(crate::domain::alias::head::Field::Ignore))
                .map(|column| {
                    let name = format!("c.{}.{}", table.signature, column.index);
                    let head =
                        if column.title.is_empty() { locale.import_no_head().to_owned() } else { column.title.clone() };
                    let chosen = match column.meaning.key() {
                        key if key == "index" => "ignore".to_owned(),
                        key => key,
                    };
                    let options = meanings
                        .iter()
                        .map(|(key, text)| {
                            view! { <option value=key.clone() selected=*key == chosen>{text.clone()}</option> }
                        })
                        .collect_view();
                    let label = locale.import_column_means(letters(column.index), &head);
                    view! {
                        <tr>
                            <th scope="row" data-label=locale.import_column()>{letters(column.index)}" · "{head}</th>
                            <td data-label=locale.import_samples()>
                                {column.samples.join(" · ").chars().take(60).collect::<String>()}
                            </td>
                            <td data-label=locale.import_meaning()>
                                <select name=name aria-label=label>{options}</select>
                            </td>
                        </tr>
                    }
                })
                .collect_view();
            let heads = [locale.import_column(), locale.import_samples(), locale.import_meaning()];
            let caption = locale.import_columns_of(table.head, &sheet.name);
            stacked(caption, &heads, rows.into_any())
        })
        .collect_view();
    view! {
        <p class="check">
            <input type="checkbox" id=id.clone() name="without" value=place checked=is_out/>
            <label for=id>{locale.import_without(&sheet.name)}</label>
        </p>
        {tables}
    }
    .into_any()
}
