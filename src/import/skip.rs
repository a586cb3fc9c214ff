//! Rows of a sheet that are none of the ledger's: sums, notes, the head once more, lines that were never filled in.

use super::{
    book::{Row, Value},
    cell::{self, Count},
    meaning::Meaning,
    table::Table,
};
use crate::domain::alias::head::{Field, plain};

/// Why a row is passed over without being refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// 合计, 小计
    Sum,
    /// A note below the table, a heading within it.
    Remark,
    /// Numbered beforehand and never filled in.
    Unfilled,
    /// The head once more.
    Head,
}

const SUMS: &[&str] = &["合计", "小计", "总计", "累计", "共计", "total", "subtotal", "sum"];
const REMARKS: &[&str] = &[
    "注:",
    "注",
    "备注:",
    "说明:",
    "填表",
    "填报",
    "制表",
    "审核",
    "负责人:",
    "联系人",
    "单位负责人",
    "统计人",
    "(盖章",
    "单位(盖章",
];

/// Whether a row is none of the ledger's.
pub fn of(row: &Row, table: &Table) -> Option<Skip> {
    let column_of = |index: u16| table.columns.iter().find(|column| column.index == index);
    let own_day = table.column(Field::Date).and_then(|column| row.value(column.index)).is_some_and(cell::may_be_day);
    let is_sum = |text: &str| {
        let text = plain(text);
        let text = text.trim_end_matches([':', ')']);
        let short = text.chars().count() <= 8 && !text.contains('、');
        short && SUMS.iter().any(|word| text.ends_with(word))
    };
    let mut texts = row.cells.iter().filter_map(|cell| match &cell.value {
        Value::Text(text) => Some((cell.column, text)),
        _ => None,
    });
    let names = |index: u16| {
        let meaning = column_of(index).map(|column| &column.meaning);
        !matches!(meaning, Some(Meaning::Measure(_) | Meaning::Field(Field::Note | Field::Count | Field::Handler)))
    };
    if !own_day && texts.clone().any(|(column, text)| names(column) && is_sum(text)) {
        return Some(Skip::Sum);
    }
    let repeats = texts
        .clone()
        .filter(|(index, text)| {
            column_of(*index).is_some_and(|column| column.head.split(" / ").any(|head| head == plain(text)))
        })
        .count();
    if repeats >= 2 && repeats * 2 > row.cells.len() {
        return Some(Skip::Head);
    }
    let counts: Vec<Count> = row
        .cells
        .iter()
        .filter(|cell| {
            let meaning = column_of(cell.column).map(|column| &column.meaning);
            matches!(meaning, Some(Meaning::Measure(_) | Meaning::Field(Field::Count)))
        })
        .map(|cell| cell::count(&cell.value))
        .filter(|count| *count != Count::Absent)
        .collect();
    let has_amount = counts.iter().any(|count| matches!(count, Count::Amount { .. }));
    let first = texts.next().map(|(_, text)| plain(text));
    let is_remark = first.is_some_and(|text| REMARKS.iter().any(|word| text.starts_with(&plain(word))));
    if is_remark && !has_amount && !own_day {
        return Some(Skip::Remark);
    }
    if counts.is_empty() && !own_day {
        let is_only = row.cells.len() == 1 && table.columns.len() > 2;
        if is_only && !matches!(row.cells.first().map(|cell| &cell.value), Some(Value::Number(_))) {
            return Some(Skip::Remark);
        }
        // A form that was prepared with numbers and villages and not filled in.
        let tells = |field: Field| table.column(field).is_some_and(|column| row.value(column.index).is_some());
        let told =
            [Field::Note, Field::Place, Field::Theme, Field::Campaign, Field::DateTo, Field::Month, Field::DayOfMonth];
        if !told.into_iter().any(tells) {
            return Some(Skip::Unfilled);
        }
    }
    None
}
