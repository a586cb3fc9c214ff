//! Which columns the ledger shows: chosen in the address, else as this browser kept them, else the usual ones.

use crate::{
    domain::{catalogue::Catalogue, measure::Measure},
    locale::Locale,
    server::{context::Ctx, form::FormData},
};
use std::collections::BTreeMap;

crate::keyed! {
    /// A column besides the day, which always stands first.
    Column {
        Unit => "unit",
        Type => "type",
        Figures => "figures",
        /// A column for each measure that the entries shown have.
        Measures => "measures",
        Themes => "themes",
        Campaigns => "campaigns",
        Place => "place",
        Organiser => "organiser",
        Handler => "handler",
        Note => "note",
        EnteredBy => "by",
        EnteredAt => "at",
        Marks => "marks",
    }
}

/// What offices ask for first.
const USUAL: [Column; 7] =
    [Column::Unit, Column::Type, Column::Figures, Column::Themes, Column::Handler, Column::EnteredBy, Column::Marks];

/// How many rows a page may show.
pub const ROWS: [usize; 3] = [50, 100, 200];

/// What is shown of each entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub columns: Vec<Column>,
    /// Keys of measures with a column of their own.
    pub measures: Vec<String>,
    /// Whether anybody chose them.
    pub chosen: bool,
    pub rows: usize,
}

impl Layout {
    pub fn read(ctx: &Ctx, catalogue: &Catalogue) -> Layout {
        let kept = FormData::parse(&ctx.kept);
        let from = |name: &str| if ctx.query.filled(name).is_some() { &ctx.query } else { &kept };
        let all = from("col").all("col");
        let named: Vec<Column> = Column::ALL.iter().copied().filter(|own| all.contains(&own.key())).collect();
        let measures: Vec<String> = catalogue
            .measures
            .iter()
            .filter(|measure| all.iter().any(|key| key.strip_prefix("m.") == Some(measure.key.as_str())))
            .map(|measure| measure.key.clone())
            .collect();
        let rows = from("per").get("per").parse().ok().filter(|rows| ROWS.contains(rows)).unwrap_or(ROWS[0]);
        if named.is_empty() && measures.is_empty() {
            return Layout { columns: USUAL.to_vec(), measures, chosen: false, rows };
        }
        Layout { columns: named, measures, chosen: true, rows }
    }

    pub fn has(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }

    /// The measures with a column: those chosen, or all that the entries have.
    pub fn measures_of<'a, T>(&self, catalogue: &'a Catalogue, totals: &BTreeMap<i64, T>) -> Vec<&'a Measure> {
        let all = self.has(Column::Measures);
        let is_shown =
            |measure: &&Measure| self.measures.contains(&measure.key) || all && totals.contains_key(&measure.id);
        catalogue.measures.iter().filter(is_shown).collect()
    }
}

/// A column's head.
pub fn name(locale: Locale, column: Column) -> &'static str {
    match column {
        Column::Unit => locale.ledger_unit(),
        Column::Type => locale.ledger_type(),
        Column::Figures => locale.ledger_figures(),
        Column::Measures => locale.ledger_col_measures(),
        Column::Themes => locale.ledger_theme(),
        Column::Campaigns => locale.ledger_campaign(),
        Column::Place => locale.ledger_csv_place(),
        Column::Organiser => locale.ledger_csv_organiser(),
        Column::Handler => locale.ledger_csv_handler(),
        Column::Note => locale.ledger_csv_note(),
        Column::EnteredBy => locale.ledger_entered_by(),
        Column::EnteredAt => locale.ledger_csv_entered_at(),
        Column::Marks => locale.ledger_marks(),
    }
}

/// What the cookie keeps of a form; nothing where the usual is asked for.
pub fn kept_of(form: &FormData) -> Vec<(String, String)> {
    if form.filled("usual").is_some() {
        return Vec::new();
    }
    let columns = form.all("col").into_iter().map(|column| ("col".to_owned(), column.to_owned()));
    columns.chain(form.filled("per").map(|rows| ("per".to_owned(), rows.to_owned()))).take(60).collect()
}
