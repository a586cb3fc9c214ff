//! A roster as a spreadsheet or pasted rows: which column is what, and a draft of every row. Pure.

use super::words;
use crate::{
    domain::roster::{Draft, Kind},
    import::{
        book::{Book, Row, Sheet, Value, cell_name},
        cell::days,
    },
    locale::Locale,
};
use std::collections::BTreeMap;

/// How many rows may stand above the one that names the columns.
const ABOVE: usize = 6;

/// A row, with where each field stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub number: u32,
    pub draft: Draft,
    /// A field's cell: `name` → `B3`.
    pub cells: BTreeMap<&'static str, String>,
}

impl Line {
    /// Where a field stands; of one that has no column, the row.
    pub fn place(&self, field: &str) -> String {
        self.cells.get(field).cloned().unwrap_or_else(|| self.number.to_string())
    }
}

/// What a column may be called besides the field's own name.
const OTHERWISE: &[(&str, &[&str])] = &[
    (
        "unit",
        &[
            "单位",
            "村",
            "村社区",
            "村居",
            "行政村",
            "村名",
            "所在村",
            "所属村",
            "社区",
            "学校",
            "学校名称",
            "任职学校",
            "服务村",
            "所在单位",
        ],
    ),
    (
        "name",
        &[
            "姓名",
            "户主",
            "户主姓名",
            "名称",
            "阵地名称",
            "律师",
            "顾问",
            "法律顾问",
            "法律明白人",
            "法治副校长",
            "人员姓名",
        ],
    ),
    ("category", &["身份", "身份类别", "人员类别", "类别", "类型", "形式", "阵地类型", "级别", "等级"]),
    ("body", &["派出单位", "工作单位", "单位及职务", "律所", "律师事务所", "所在律所", "执业机构"]),
    ("certificate", &["证书编号", "证号", "编号", "证书号"]),
    ("certificate_to", &["证书有效期", "证书有效期至", "证书到期", "有效期"]),
    (
        "from",
        &[
            "聘任日期",
            "聘任时间",
            "聘用时间",
            "任职时间",
            "任期起",
            "任期开始",
            "合同起",
            "签约时间",
            "建成日期",
            "建成时间",
            "命名日期",
            "命名时间",
            "认定时间",
            "起始日期",
            "开始日期",
        ],
    ),
    ("to", &["任期止", "任期至", "任期结束", "合同止", "合同到期", "到期日期", "有效期至", "截止日期"]),
    ("left", &["离任日期", "离任时间", "停用日期", "撤销日期", "退出时间", "解聘时间"]),
    ("renews", &["每季度更新", "是否更新"]),
];

fn plain(text: &str) -> String {
    let kept = |letter: &char| !letter.is_whitespace() && !"：:（）()*·/、".contains(*letter);
    text.chars().filter(kept).collect::<String>().to_lowercase()
}

/// Which field a head names.
fn field_of(kind: Kind, head: &str) -> Option<&'static str> {
    let head = plain(head);
    let is = |name: &str| plain(name) == head;
    words::fields(kind).into_iter().find(|field| {
        let own = [Locale::Zh, Locale::En].into_iter().any(|locale| is(words::label(locale, kind, field)));
        own || OTHERWISE.iter().any(|(known, names)| known == field && names.iter().any(|name| is(name)))
    })
}

/// The columns that a row names: each field once.
fn heads(kind: Kind, row: &Row) -> BTreeMap<&'static str, u16> {
    let mut found = BTreeMap::new();
    for cell in &row.cells {
        if let Value::Text(text) = &cell.value
            && let Some(field) = field_of(kind, text)
        {
            found.entry(field).or_insert(cell.column);
        }
    }
    found
}

/// The drafts of a sheet's rows. Without a row that names two columns, these stand in the order of the form.
fn lines(kind: Kind, sheet: &Sheet) -> Vec<Line> {
    let named = sheet.rows.iter().take(ABOVE).position(|row| heads(kind, row).len() >= 2);
    let (columns, first) = match named {
        Some(place) => (heads(kind, &sheet.rows[place]), place + 1),
        None => (words::fields(kind).into_iter().zip(0..).collect(), 0),
    };
    let mut unit = String::new();
    let mut lines = Vec::new();
    for row in sheet.rows.iter().skip(first) {
        let mut line = Line { number: row.number, ..Line::default() };
        for (field, column) in &columns {
            line.cells.insert(*field, cell_name(*column, row.number));
            let value = row.value(*column);
            let text = value.map(Value::shown).unwrap_or_default();
            let day = || match value.map(|value| days(value, None)) {
                Some(Ok((day, None))) => day.to_string(),
                // What is no day is refused as it was typed.
                _ => text.clone(),
            };
            match *field {
                "unit" => line.draft.unit = text,
                "name" => line.draft.name = text,
                "category" => line.draft.category = text,
                "body" => line.draft.body = text,
                "certificate" => line.draft.certificate = text,
                "certificate_to" => line.draft.certificate_to = day(),
                "from" => line.draft.from = day(),
                "to" => line.draft.to = day(),
                "left" => line.draft.left = day(),
                _ => line.draft.renews = !["否", "不", "no", "0"].contains(&plain(&text).as_str()),
            }
        }
        if !columns.contains_key("renews") {
            // A board is renewed every quarter; a square is not, unless somebody says so.
            line.draft.renews = line.draft.category.contains('栏');
        }
        // A village's name stands once above its people, in a merged cell.
        match line.draft.unit.is_empty() {
            true => line.draft.unit = unit.clone(),
            false => unit = line.draft.unit.clone(),
        }
        // A last line of sums, or of who signs, names nobody.
        let says = line.draft.name.is_empty() && line.draft.category.is_empty() && line.draft.from.is_empty();
        if !says {
            lines.push(line);
        }
    }
    lines
}

/// The drafts of a file: of its first sheet that has any.
pub fn read(kind: Kind, book: &Book) -> Vec<Line> {
    book.sheets
        .iter()
        .filter(|sheet| !sheet.hidden)
        .map(|sheet| lines(kind, sheet))
        .find(|lines| !lines.is_empty())
        .unwrap_or_default()
}

/// A file's first sheet as rows that can be pasted, so that a preview needs the file only once; every row keeps its number.
pub fn as_rows(kind: Kind, book: &Book) -> String {
    let shown = book.sheets.iter().filter(|sheet| !sheet.hidden);
    let sheet = shown.clone().find(|sheet| !lines(kind, sheet).is_empty()).or_else(|| shown.clone().next());
    let mut text = String::new();
    let mut number = 1;
    for row in sheet.map(|sheet| sheet.rows.as_slice()).unwrap_or_default() {
        while number < row.number {
            text.push('\n');
            number += 1;
        }
        let last = row.cells.last().map_or(0, |cell| cell.column);
        let cells: Vec<String> = (0..=last).map(|column| quoted(row.value(column))).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
        number += 1;
    }
    text
}

fn quoted(value: Option<&Value>) -> String {
    let text = value.map(Value::shown).unwrap_or_default().replace(['\r', '\n', '\t'], " ");
    if text.contains('"') { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::read_file;

    fn read_text(kind: Kind, text: &str) -> Vec<Line> {
        read(kind, &read_file("名册", text.as_bytes()).expect("rows"))
    }

    #[test]
    fn columns_are_found_by_their_heads_below_a_title_and_a_village_stands_for_its_people() {
        let lines = read_text(
            Kind::LawLiterate,
            "青山镇法律明白人名册\n序号\t村（社区）\t姓名\t人员类别\t证书编号\t聘任时间\n1\t天坪村\t王五\t村干部\tFL-1\t2024年3月1日\n\
             2\t\t赵六\t网格员\t\t45352\n合计\t\t\t\t\t\n",
        );
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!((lines[0].draft.name.as_str(), lines[0].draft.from.as_str()), ("王五", "2024-03-01"));
        assert_eq!((lines[1].draft.unit.as_str(), lines[1].draft.from.as_str()), ("天坪村", "2024-03-01"));
        assert_eq!((lines[1].place("name"), lines[1].place("from")), ("C4".into(), "F4".into()));
    }

    #[test]
    fn without_heads_columns_stand_as_in_the_form_and_what_is_no_day_is_kept_as_typed() {
        let lines = read_text(Kind::LegalAdviser, "天坪村\t李律师\t青山律所\t去年春天\t2026-12-31\n");
        assert_eq!((lines[0].draft.name.as_str(), lines[0].draft.body.as_str()), ("李律师", "青山律所"));
        assert_eq!((lines[0].draft.from.as_str(), lines[0].draft.to.as_str()), ("去年春天", "2026-12-31"));
    }

    #[test]
    fn a_file_becomes_rows_that_read_the_same() {
        let text = "村\t姓名\t聘任日期\n\n天坪村\t\"王\"\"五\"\t2024-03-01\n";
        let book = read_file("名册", text.as_bytes()).expect("rows");
        let again = as_rows(Kind::LawLiterate, &book);
        assert_eq!(read_text(Kind::LawLiterate, &again), read(Kind::LawLiterate, &book));
        assert_eq!(read(Kind::LawLiterate, &book)[0].place("name"), "B3");
    }
}
