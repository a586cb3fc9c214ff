//! What a county's own form asks: which column is which measure, which row which village or month. Guessed from its words as a
//! ledger's are, shown, and settled by whoever fills it.

use super::across;
use crate::{
    domain::{
        alias::head::{Field, Names, plain},
        catalogue::Catalogue,
        table::{Column, formula},
        unit::{Unit, UnitKind},
    },
    import::{
        book::{Book, Row, Sheet, letters},
        meaning::{Meaning, of_head, of_two},
        table::{self, Patience},
    },
};
use serde::{Deserialize, Serialize};

/// The most rows of a form that are looked at.
pub const MOST_ROWS: usize = 300;
/// The most columns.
pub const MOST_COLUMNS: usize = 60;

/// What the cells of a form mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The sheet's name.
    pub sheet: String,
    pub columns: Vec<MappedColumn>,
    pub rows: Vec<MappedRow>,
}

/// A column of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// From 0.
    pub index: u16,
    /// What the form calls it.
    pub head: String,
    /// A formula over measures; empty: it is left as it is.
    pub formula: String,
    /// Of a form that is laid out across: a month or a unit, as of a row.
    #[serde(default)]
    pub target: String,
}

/// A row of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedRow {
    /// As the spreadsheet counts it, from 1.
    pub number: u32,
    /// What the form calls it.
    pub label: String,
    /// `unit:CODE`, `own` for what stands at the unit itself, `month:6`, `quarter:2`, `total`; empty: it is left as it is.
    pub target: String,
    /// Of a form that is laid out across: a formula over measures.
    #[serde(default)]
    pub formula: String,
}

impl MappedColumn {
    /// B
    pub fn letters(&self) -> String {
        letters(self.index)
    }
}

/// Guesses what the first form in a book asks; `None` where no sheet has one.
pub fn guess(book: &Book, catalogue: &Catalogue, unit: &Unit, units: &[Unit]) -> Option<Mapping> {
    let names = Names::new(catalogue);
    let is_unit = |text: &str| unit_named(text, units).is_some();
    let mut patience = Patience::default();
    for sheet in book.sheets.iter().filter(|sheet| !sheet.hidden) {
        if let Some(mapping) = across::guess(sheet, &names, unit, units) {
            return Some(mapping);
        }
        // A form lists villages or months, and is dated by neither: its head is found by what it counts.
        let found = table::find(sheet, &names, &is_unit, &mut patience);
        if let Some(form) = found.into_iter().next() {
            return Some(mapping(sheet, &form, &names, unit, units));
        }
    }
    None
}

fn mapping(sheet: &Sheet, form: &table::Table, names: &Names<'_>, unit: &Unit, units: &[Unit]) -> Mapping {
    let catalogue = names.catalogue();
    let columns = form.columns.iter().filter(|column| !column.head.is_empty()).take(MOST_COLUMNS).map(|column| {
        // By its heads alone: what stands in the cells is what was typed the last time.
        let heads: Vec<&str> = column.head.split(" / ").collect();
        let meaning = match heads[..] {
            [.., parent, child] => of_two(parent, child, names),
            _ => of_head(&column.head, names),
        };
        let key = match meaning {
            Some(Meaning::Measure(key)) => key,
            _ => String::new(),
        };
        let fits = catalogue.active_measures().any(|one| one.key == key && !one.is_stock);
        let formula = if fits { key } else { String::new() };
        MappedColumn { index: column.index, head: column.head.clone(), formula, target: String::new() }
    });
    let label_columns: Vec<u16> = form
        .columns
        .iter()
        .filter(|column| {
            [Field::Unit, Field::Month, Field::Date, Field::Item].into_iter().any(|field| column.meaning.is(field))
        })
        .map(|column| column.index)
        .collect();
    let rows = sheet.rows.get(form.first..form.end).unwrap_or_default().iter().take(MOST_ROWS);
    let rows = rows.filter_map(|row| {
        let (label, target) = label(row, &label_columns, unit, units)?;
        Some(MappedRow { number: row.number, label, target, formula: String::new() })
    });
    Mapping { sheet: sheet.name.clone(), columns: columns.collect(), rows: rows.collect() }
}

/// What a row calls itself and what that means; the columns that name units or months are asked first.
fn label(row: &Row, label_columns: &[u16], unit: &Unit, units: &[Unit]) -> Option<(String, String)> {
    let named = label_columns.iter().filter_map(|column| row.value(*column));
    let others = row.cells.iter().filter(|cell| cell.column < 4).map(|cell| &cell.value);
    let texts: Vec<String> = named.chain(others).map(|value| value.shown()).collect();
    for text in &texts {
        if let Some(target) = target(text, unit, units) {
            return Some((text.clone(), target));
        }
    }
    let first = texts
        .into_iter()
        .find(|text| text.chars().any(|letter| !letter.is_ascii_digit() && !letter.is_whitespace()))?;
    Some((first, String::new()))
}

/// A village's name without what offices put behind it: 两河村民委员会, 两河村委会 and 两河村 are one.
fn core(name: &str) -> &str {
    let endings = ["村民委员会", "居民委员会", "村委会", "居委会"];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    let stem = stem.strip_suffix('村').or(stem.strip_suffix("社区")).unwrap_or(stem);
    if stem.is_empty() { name } else { stem }
}

/// The unit that a text names, by its short or whole name or its code; or by the core of its name, where that is one unit's.
fn unit_named<'a>(text: &str, units: &'a [Unit]) -> Option<&'a Unit> {
    let text = plain(text);
    let exact = |unit: &&Unit| [&unit.short_name, &unit.name, &unit.code].into_iter().any(|name| plain(name) == text);
    if let Some(found) = units.iter().find(exact) {
        return Some(found);
    }
    let is_village = |unit: &&Unit| matches!(unit.kind, UnitKind::Village | UnitKind::Community);
    let same = |unit: &&Unit| core(&plain(&unit.name)) == core(&text) || core(&plain(&unit.short_name)) == core(&text);
    let mut found = units.iter().filter(is_village).filter(same);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// What a head or a label asks for: `month:6`, `unit:CODE`, `total` …
pub fn target(text: &str, unit: &Unit, units: &[Unit]) -> Option<String> {
    let text = plain(text);
    let bare: String = text.chars().filter(|letter| !"()：: ".contains(*letter)).collect();
    if ["合计", "总计", "小计", "累计", "共计", "全年", "全镇", "全县", "全镇合计"].contains(&bare.as_str())
    {
        return Some("total".into());
    }
    if bare.ends_with("本级") || bare == "机关" {
        return Some("own".into());
    }
    const NUMBERS: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    for (number, name) in (1..).zip(NUMBERS) {
        if bare == format!("{number}月")
            || bare == format!("{number}月份")
            || bare == format!("{name}月")
            || bare == format!("{name}月份")
        {
            return Some(format!("month:{number}"));
        }
        if number <= 4
            && [format!("第{name}季度"), format!("{name}季度"), format!("第{number}季度"), format!("{number}季度")]
                .contains(&bare)
        {
            return Some(format!("quarter:{number}"));
        }
    }
    match unit_named(&text, units) {
        Some(found) if found.id == unit.id => Some("total".into()),
        Some(found) => Some(format!("unit:{}", found.code)),
        None => None,
    }
}

impl Mapping {
    /// Whether its columns are months or units, and its rows what is counted.
    pub fn is_across(&self) -> bool {
        self.columns.iter().any(|column| !column.target.is_empty())
    }

    /// The columns that are filled, as those of a form.
    pub fn filled(&self, catalogue: &Catalogue) -> Vec<(u16, Column)> {
        let reads = |column: &&MappedColumn| formula::read(&column.formula, &catalogue.measures).is_ok();
        let column = |own: &MappedColumn| Column {
            name: own.head.clone(),
            unit_word: String::new(),
            formula: own.formula.clone(),
        };
        self.columns.iter().filter(reads).map(|own| (own.index, column(own))).collect()
    }
}
