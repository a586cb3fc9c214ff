//! A row of a ledger: skipped with a reason, refused cell by cell, or the drafts it becomes.

use super::{
    book::{Merge, Row, Sheet, Value},
    cell::{self, Count, Days, Manner, Wrong, WrongDay},
    meaning::Meaning,
    meant::{For, manner_in},
    skip::{self, Skip},
    table::{Column, Table},
    units::{Meant, Units},
};
use crate::{
    domain::{
        activity::{Draft, DraftQuantity},
        alias::head::{Field, Names, plain, without_brackets},
        period::{Day, Period},
        unit::Unit,
    },
    locale::Locale,
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A campaign that rows may name by its title.
#[derive(Clone, Debug)]
pub struct Named {
    pub key: String,
    pub title: String,
    pub period: Period,
}

/// What rows are read with.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    pub names: &'a Names<'a>,
    pub units: &'a Units,
    pub campaigns: &'a [Named],
    pub locale: Locale,
}

/// What is wrong with one cell; without a column, with the row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    pub column: Option<u16>,
    pub message: String,
    /// The name of a unit that is not known here: somebody may say whose it is.
    pub unknown_unit: Option<String>,
}

impl Fault {
    fn new(column: Option<u16>, message: impl Into<String>) -> Fault {
        Fault { column, message: message.into(), unknown_unit: None }
    }
}

/// A draft whose id is still to be made, and where its counts stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    pub draft: Draft,
    pub columns: Vec<u16>,
    /// Nothing in the row or around it says which unit it is: it falls to the one that the file is for.
    pub unplaced: bool,
}

/// What a row is.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Drafts(Vec<Prepared>),
    Refused(Vec<Fault>),
    Skipped(Skip),
}

/// Reads the rows of one table, from above: blanks may stand for the cell above.
pub struct Reader<'a> {
    env: Env<'a>,
    sheet: &'a Sheet,
    table: &'a Table,
    /// The unit of rows that name none: the sheet's.
    unit: Option<&'a Unit>,
    year: Option<i32>,
    /// The only day that title, sheet or file name, for a table without days.
    day: Option<Day>,
    /// What the last row had in columns whose blanks stand for it.
    above: HashMap<u16, &'a Value>,
    /// Merged areas over several rows, by column, then first row.
    tall: BTreeMap<(u16, u32), Merge>,
}

impl<'a> Reader<'a> {
    pub fn new(
        env: Env<'a>,
        sheet: &'a Sheet,
        table: &'a Table,
        unit: Option<&'a Unit>,
        year: Option<i32>,
        day: Option<Day>,
    ) -> Reader<'a> {
        let tall = sheet.merges.iter().filter(|area| area.last_row > area.first_row);
        let tall = tall.map(|area| ((area.first_column, area.first_row), *area)).collect();
        Reader { env, sheet, table, unit, year, day, above: HashMap::new(), tall }
    }

    /// The merged area over several rows that a cell lies in.
    fn tall_area(&self, column: u16, row: u32) -> Option<&Merge> {
        let (_, area) = self.tall.range((column, 0)..=(column, row)).next_back()?;
        (area.last_row >= row).then_some(area)
    }

    /// What a column says of a row: the row's own cell, the merged one's, or the one above where blanks mean that.
    fn said(&self, row: &'a Row, column: &Column) -> Option<&'a Value> {
        if let Some(own) = row.value(column.index) {
            return Some(own);
        }
        if let Some(area) = self.tall_area(column.index, row.number) {
            let place = self.sheet.rows.binary_search_by_key(&area.first_row, |row| row.number).ok()?;
            return self.sheet.rows.get(place)?.value(column.index);
        }
        if column.is_carried() { self.above.get(&column.index).copied() } else { None }
    }

    fn field(&self, row: &'a Row, field: Field) -> Option<(&'a Column, &'a Value)> {
        let column = self.table.column(field)?;
        Some((column, self.said(row, column)?))
    }

    fn text(&self, row: &'a Row, field: Field) -> String {
        self.field(row, field).map(|(_, value)| value.shown().trim().to_owned()).unwrap_or_default()
    }

    /// Reads the next row.
    pub fn read(&mut self, row: &'a Row) -> Outcome {
        if let Some(skip) = skip::of(row, self.table) {
            return Outcome::Skipped(skip);
        }
        for column in self.table.columns.iter().filter(|column| column.is_carried()) {
            if let Some(value) = row.value(column.index) {
                self.above.insert(column.index, value);
            }
        }
        let mut faults = Vec::new();
        let days = self.days(row).map_err(|fault| faults.push(fault)).ok();
        let (quantities, columns, mut manner) = self.counts(row, &mut faults);
        let meant = self.units(row, &mut manner).map_err(|fault| faults.push(fault)).ok();
        match (days, meant) {
            (Some(days), Some(meant)) if faults.is_empty() => {
                Outcome::Drafts(self.drafts(row, days, &meant, quantities, columns))
            }
            _ => Outcome::Refused(faults),
        }
    }

    fn days(&self, row: &'a Row) -> Result<Days, Fault> {
        let locale = self.env.locale;
        let fault = |column: Option<u16>, wrong: WrongDay, text: &str| {
            let message = match wrong {
                WrongDay::NoYear => locale.import_day_no_year(text),
                WrongDay::Ambiguous => locale.import_day_ambiguous(text),
                WrongDay::Unreadable => locale.import_day_unreadable(text),
            };
            Fault::new(column, message)
        };
        let Some(column) = self.table.column(Field::Date) else {
            if self.table.has(Field::Month) || self.table.has(Field::DayOfMonth) {
                return self.days_in_parts(row);
            }
            let missing = || Fault::new(None, locale.import_day_missing());
            return self.day.map(|day| (day, None)).ok_or_else(missing);
        };
        let Some(value) = self.said(row, column) else {
            return Err(Fault::new(Some(column.index), locale.import_day_missing()));
        };
        let (from, to) =
            cell::days(value, self.year).map_err(|wrong| fault(Some(column.index), wrong, &value.shown()))?;
        let Some((column, value)) = self.field(row, Field::DateTo) else { return Ok((from, to)) };
        let (last, more) =
            cell::days(value, self.year).map_err(|wrong| fault(Some(column.index), wrong, &value.shown()))?;
        Ok((from, Some(more.unwrap_or(last)).filter(|last| *last != from).or(to)))
    }

    /// Year, month and day in columns of their own.
    fn days_in_parts(&self, row: &'a Row) -> Result<Days, Fault> {
        let locale = self.env.locale;
        let part = |field: Field| {
            let (column, value) = self.field(row, field)?;
            let text: String = plain(&value.shown()).chars().take_while(|letter| letter.is_ascii_digit()).collect();
            Some((column.index, text.parse::<i32>().ok()))
        };
        let column =
            self.table.column(Field::DayOfMonth).or_else(|| self.table.column(Field::Month)).map(|one| one.index);
        let missing = |message: &str| Fault::new(column, message);
        let year = part(Field::Year).and_then(|(_, year)| year).or(self.year);
        let (Some((_, Some(month))), Some((_, Some(day)))) = (part(Field::Month), part(Field::DayOfMonth)) else {
            return Err(missing(locale.import_day_missing()));
        };
        let year = year.ok_or_else(|| missing(&locale.import_day_no_year(format!("{month}-{day}"))))?;
        let number = |part: i32| u32::try_from(part).unwrap_or_default();
        Day::from_ymd_opt(year, number(month), number(day))
            .map(|day| (day, None))
            .ok_or_else(|| missing(&locale.import_day_unreadable(format!("{year}-{month}-{day}"))))
    }

    /// The counts of a row, the column of each, and whose they are where a cell says so.
    fn counts(&self, row: &'a Row, faults: &mut Vec<Fault>) -> (Vec<DraftQuantity>, Vec<u16>, Option<Manner>) {
        let locale = self.env.locale;
        let mut found: Vec<(DraftQuantity, u16)> = Vec::new();
        let mut manner = None;
        let before = faults.len();
        let mut first_column = None;
        let mut take = |measure: &str, column: u16, value: Option<&Value>, faults: &mut Vec<Fault>| {
            first_column = first_column.or(Some(column));
            let Some(value) = value else { return };
            let text = value.shown();
            match cell::count(value) {
                Count::Absent => {}
                Count::Amount { value, precision, manner: own } => {
                    manner = manner.or(own);
                    let same =
                        |one: &&mut (DraftQuantity, u16)| one.0.measure == measure && one.0.precision == precision;
                    // 横幅 and 标语 in columns of their own are one measure.
                    match found.iter_mut().find(same) {
                        Some((quantity, _)) => quantity.value = quantity.value.saturating_add(value),
                        None => found.push((DraftQuantity { measure: measure.to_owned(), value, precision }, column)),
                    }
                }
                Count::Wrong(wrong) => {
                    let message = match wrong {
                        Wrong::Fraction => locale.import_count_fraction(text),
                        Wrong::Negative => locale.import_count_negative(text),
                        Wrong::Vague => locale.import_count_vague(text),
                        Wrong::Unreadable => locale.import_count_unreadable(text),
                    };
                    faults.push(Fault::new(Some(column), message));
                }
            }
        };
        for column in &self.table.columns {
            if let Meaning::Measure(key) = &column.meaning {
                take(key, column.index, row.value(column.index), faults);
            }
        }
        if let Some(column) = self.table.column(Field::Count)
            && let Some(value) = row.value(column.index)
        {
            match self.item(row, column) {
                Ok(key) => take(&key, column.index, Some(value), faults),
                Err(fault) => faults.push(fault),
            }
        }
        if found.is_empty() && faults.len() == before {
            let count = self.table.column(Field::Count).map(|column| column.index);
            faults.push(Fault::new(count.or(first_column), locale.import_nothing_counted()));
        }
        let (quantities, columns) = found.into_iter().unzip();
        (quantities, columns, manner)
    }

    /// The measure of a row in the long form.
    fn item(&self, row: &'a Row, count: &Column) -> Result<String, Fault> {
        let Env { names, locale, .. } = self.env;
        let word = self.text(row, Field::UnitWord);
        let (_, inside) = without_brackets(&count.head);
        let word = if word.is_empty() { inside } else { word };
        let (column, text) = match self.field(row, Field::Item).or_else(|| self.field(row, Field::Kind)) {
            Some((column, value)) => (Some(column.index), value.shown()),
            None => (None, String::new()),
        };
        let of_kind = || {
            let main = names.kind(&text)?.measures.first().copied()?;
            names.catalogue().measure_by_id(main)
        };
        let found = names.measure(&text, &word).or_else(of_kind);
        let found = found.or_else(|| if text.is_empty() { names.by_unit_word(&word) } else { None });
        match found {
            Some(measure) => Ok(measure.key.clone()),
            None if text.is_empty() => Err(Fault::new(column.or(Some(count.index)), locale.import_item_missing())),
            None => Err(Fault::new(column, locale.import_item_unknown(text))),
        }
    }

    /// The units that a row is for, and whether its counts are each one's or all ones' together.
    fn units(&self, row: &'a Row, manner: &mut Option<Manner>) -> Result<For<'a>, Fault> {
        let locale = self.env.locale;
        let units: &'a Units = self.env.units;
        let Some(column) = self.table.column(Field::Unit) else {
            // Where it was held may name it: 天坪村村委会.
            let place = self.field(row, Field::Place).and_then(|(_, value)| units.of_place(&value.shown()));
            let unit = self.own_unit().or(place).or(self.unit).or_else(|| units.root());
            return unit.map(For::One).ok_or_else(|| Fault::new(None, locale.import_unit_missing()));
        };
        let fault = |message: String| Fault::new(Some(column.index), message);
        let Some(value) = self.said(row, column) else {
            // A village's own ledger need not name the village in every row.
            let is_leaf = units.all().len() == 1;
            let unit = self.unit.or_else(|| units.root().filter(|_| is_leaf));
            return unit.map(For::One).ok_or_else(|| fault(locale.import_unit_missing().into()));
        };
        // Numbers are codes.
        let text = value.shown();
        let list = match units.meant(&text) {
            Meant::One(unit) => return Ok(For::One(unit)),
            Meant::Several => return Err(fault(locale.import_unit_several(text))),
            Meant::Unknown(part) => {
                let told = fault(locale.import_unit_unknown(&part));
                return Err(Fault { unknown_unit: Some(part), ..told });
            }
            Meant::List(list) => list,
        };
        let said = manner.or_else(|| manner_in(&text)).or_else(|| {
            let notes = self.table.columns.iter().filter(|column| column.meaning.is(Field::Note));
            notes.filter_map(|column| row.value(column.index)).find_map(|value| manner_in(&value.shown()))
        });
        match said {
            Some(Manner::Each) => Ok(For::Each(list)),
            Some(Manner::Together) => {
                let parent = units.common(&list).ok_or_else(|| fault(locale.import_unit_no_common(&text)))?;
                Ok(For::Together(parent, list))
            }
            None => Err(fault(locale.import_unit_list(list.len()))),
        }
    }

    /// The unit that the sheet is of, where that is not the whole file's.
    fn own_unit(&self) -> Option<&'a Unit> {
        self.unit.filter(|unit| self.env.units.root().is_none_or(|root| root.id != unit.id))
    }

    /// Whether a row of a town falls to it only because nothing says whose it is.
    fn is_unplaced(&self, row: &'a Row) -> bool {
        let units = self.env.units;
        let is_named =
            || self.field(row, Field::Place).is_some_and(|(_, value)| units.of_place(&value.shown()).is_some());
        let is_open = self.table.column(Field::Unit).is_none() && self.own_unit().is_none();
        is_open && units.all().len() > 1 && !is_named()
    }

    fn drafts(
        &self,
        row: &'a Row,
        (date, date_to): Days,
        meant: &For<'a>,
        quantities: Vec<DraftQuantity>,
        columns: Vec<u16>,
    ) -> Vec<Prepared> {
        let Env { names, .. } = self.env;
        let mut note = self.notes(row);
        // More than the name of what was counted: 在村口悬挂横幅.
        let item = self.text(row, Field::Item);
        if item.chars().count() > 8 {
            note.insert(0, item);
        }
        let mut add = |label: &str, text: &str| note.push(format!("{label}：{text}"));
        let kind_text = self.text(row, Field::Kind);
        let mut kind = names.kind(&kind_text).map(|kind| kind.key.clone());
        if kind.is_none() && !kind_text.is_empty() {
            add("形式", &kind_text);
        }
        if kind.is_none() {
            let counted: Vec<i64> =
                quantities.iter().filter_map(|one| names.catalogue().measure(&one.measure)).map(|one| one.id).collect();
            kind = names.kind_of_measures(&counted).map(|kind| kind.key.clone());
        }
        let theme_text = self.text(row, Field::Theme);
        let themes: Vec<String> = names.themes(&theme_text).into_iter().map(|theme| theme.key.clone()).collect();
        if themes.is_empty() && !theme_text.is_empty() {
            add("主题", &theme_text);
        }
        let campaign_text = self.text(row, Field::Campaign);
        let campaign = self.campaign(&campaign_text, date);
        if campaign.is_none() && !campaign_text.is_empty() {
            add("活动", &campaign_text);
        }
        let co_organisers = self.text(row, Field::CoOrganisers);
        let draft = Draft {
            id: Uuid::nil(),
            unit: String::new(),
            date,
            date_to,
            kind,
            themes,
            campaigns: campaign.into_iter().collect(),
            event: None,
            classes: Vec::new(),
            covers: Vec::new(),
            quantities,
            note: note.join("；"),
            place: self.text(row, Field::Place),
            organiser: self.text(row, Field::Organiser),
            co_organisers: co_organisers
                .split(['、', '，', ',', ';', '；'])
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
            handler: self.text(row, Field::Handler),
        };
        let at = |unit: &Unit| Draft { unit: unit.code.clone(), ..draft.clone() };
        let drafts: Vec<Draft> = match meant {
            For::One(unit) => vec![at(unit)],
            For::Each(list) => list.iter().map(|unit| at(unit)).collect(),
            For::Together(parent, list) => {
                vec![Draft { covers: list.iter().map(|unit| unit.code.clone()).collect(), ..at(parent) }]
            }
        };
        let unplaced = self.is_unplaced(row);
        drafts.into_iter().map(|draft| Prepared { draft, columns: columns.clone(), unplaced }).collect()
    }

    /// What stands in the columns for notes, each with its head where there are several.
    fn notes(&self, row: &'a Row) -> Vec<String> {
        let own: Vec<(&Column, String)> = self
            .table
            .columns
            .iter()
            .filter(|column| column.meaning.is(Field::Note))
            .filter_map(|column| Some((column, row.value(column.index).or_else(|| self.said(row, column))?.shown())))
            .collect();
        let several = own.len() > 1;
        own.into_iter()
            .map(|(column, text)| if several { format!("{}：{text}", column.title.replace(" / ", "")) } else { text })
            .collect()
    }

    /// The campaign that a text names, of several alike the one that was on that day.
    fn campaign(&self, text: &str, day: Day) -> Option<String> {
        let text = plain(text);
        if text.chars().count() < 2 {
            return None;
        }
        let fits = |one: &&Named| {
            let title = plain(&one.title);
            title == text || (title.chars().count() > 2 && text.contains(&title)) || title.contains(&text)
        };
        let found: Vec<&Named> = self.env.campaigns.iter().filter(fits).collect();
        let on_day: Vec<&&Named> = found.iter().filter(|one| one.period.contains(day)).collect();
        match (&found[..], &on_day[..]) {
            ([only], _) => Some(only.key.clone()),
            (_, [only]) => Some(only.key.clone()),
            _ => None,
        }
    }
}
