//! What was found in a file, in words.

use super::{
    book::letters,
    meaning::Meaning,
    plan::{Laid, State},
    skip::Skip,
};
use crate::{
    domain::{alias::head::Field, catalogue::Catalogue},
    locale::Locale,
};

/// Why a sheet is not read.
pub fn state(locale: Locale, state: State) -> &'static str {
    match state {
        State::Read => locale.import_sheet_read(),
        State::NoLedger => locale.import_sheet_none(),
        State::Hidden => locale.import_sheet_hidden(),
        State::Empty => locale.import_sheet_empty(),
        State::LeftOut => locale.import_sheet_left_out(),
    }
}

/// The columns of a sheet that hold something and are not taken: letters, head.
pub fn left_out(laid: &Laid) -> Vec<(String, String)> {
    let tables = laid.tables.iter().filter(|_| laid.state == State::Read);
    let columns =
        tables.flat_map(|table| &table.columns).filter(|column| column.filled && column.meaning == Meaning::IGNORE);
    columns.map(|column| (letters(column.index), column.title.clone())).collect()
}

/// The columns of a sheet whose empty cells are read as the one above: letters, head.
pub fn carried(laid: &Laid) -> Vec<(String, String)> {
    let tables = laid.tables.iter().filter(|_| laid.state == State::Read);
    let columns = tables.flat_map(|table| &table.columns).filter(|column| column.is_carried());
    columns.map(|column| (letters(column.index), column.title.clone())).collect()
}

/// Rows that were passed over.
pub fn skipped(locale: Locale, skip: Skip, count: usize, first: &[String]) -> String {
    let places = first.join(if locale == Locale::Zh { "、" } else { ", " });
    let places = if first.len() < count { format!("{places}…") } else { places };
    match skip {
        Skip::Sum => locale.import_skipped_sums(count, places),
        Skip::Remark => locale.import_skipped_remarks(count, places),
        Skip::Unfilled => locale.import_skipped_unfilled(count, places),
        Skip::Head => locale.import_skipped_heads(count, places),
    }
}

/// What a column may hold: key and name, for a list to choose from.
pub fn meanings(locale: Locale, catalogue: &Catalogue) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Field::ALL
        .iter()
        .filter(|field| !matches!(field, Field::Index))
        .map(|one| (one.key().to_owned(), field(locale, *one).to_owned()))
        .collect();
    // What is not taken stands first: it is chosen most.
    all.rotate_right(1);
    let measures = catalogue.active_measures().filter(|one| !one.is_stock);
    all.extend(measures.map(|one| {
        let name = locale.name(&one.name, one.name_en.as_deref());
        let word = locale.name(&one.unit_word, one.unit_word_en.as_deref());
        (Meaning::Measure(one.key.clone()).key(), locale.import_measure_column(name, word))
    }));
    all
}

fn field(locale: Locale, field: Field) -> &'static str {
    match field {
        Field::Date => locale.import_field_date(),
        Field::DateTo => locale.import_field_date_to(),
        Field::Year => locale.import_field_year(),
        Field::Month => locale.import_field_month(),
        Field::DayOfMonth => locale.import_field_day(),
        Field::Unit => locale.import_field_unit(),
        Field::Kind => locale.import_field_type(),
        Field::Theme => locale.import_field_theme(),
        Field::Campaign => locale.import_field_campaign(),
        Field::Place => locale.import_field_place(),
        Field::Organiser => locale.import_field_organiser(),
        Field::CoOrganisers => locale.import_field_co_organisers(),
        Field::Handler => locale.import_field_handler(),
        Field::Note => locale.import_field_note(),
        Field::Item => locale.import_field_item(),
        Field::Count => locale.import_field_count(),
        Field::UnitWord => locale.import_field_unit_word(),
        Field::Index | Field::Ignore => locale.import_field_ignore(),
    }
}
