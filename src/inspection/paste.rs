//! Scoring rules pasted from a spreadsheet: which column is what, and an item of every row. Pure.

use crate::{
    domain::{
        inspection::{ItemDraft, Material},
        problem::Problems,
    },
    import::{
        book::{Row, Value, cell_name},
        read_file,
    },
    locale::Locale,
};

/// How many rows may stand above the one that names the columns.
const ABOVE: usize = 6;

/// A row of the rules, and what is wrong with it: cell and words.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub number: u32,
    pub draft: ItemDraft,
    pub problems: Vec<(String, String)>,
}

const NAMES: &[(&str, &[&str])] = &[
    ("number", &["序号", "编号", "项号", "no", "no."]),
    ("name", &["考核内容", "考核项目", "考核指标", "评分项目", "指标", "项目", "内容", "考核要点", "检查内容", "item"]),
    ("points", &["分值", "满分", "分数", "标准分", "points"]),
    ("materials", &["所需材料", "佐证材料", "材料", "资料", "印证材料", "备查资料", "评分依据", "materials"]),
];

fn columns(row: &Row) -> Vec<(&'static str, u16)> {
    let mut found: Vec<(&'static str, u16)> = Vec::new();
    for cell in &row.cells {
        let Value::Text(text) = &cell.value else { continue };
        let head: String = text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
        let field = NAMES.iter().find(|(_, names)| names.contains(&head.as_str())).map(|(field, _)| *field);
        if let Some(field) = field.filter(|field| found.iter().all(|(own, _)| own != field)) {
            found.push((field, cell.column));
        }
    }
    found
}

/// The items of pasted rows. Without a row that names columns they stand as number, item, points, materials.
///
/// # Errors
/// Why the text is not read.
pub fn read(text: &str, locale: Locale) -> Result<Vec<Line>, String> {
    let book = read_file("", text.as_bytes()).map_err(|refusal| refusal.message(locale))?;
    let rows: Vec<&Row> = book.sheets.iter().flat_map(|sheet| &sheet.rows).collect();
    let is_head = |row: &&Row| {
        let found = columns(row);
        found.len() >= 2 && found.iter().any(|(field, _)| *field == "name")
    };
    let head = rows.iter().take(ABOVE).position(is_head);
    let (columns, first) = match head {
        Some(place) => (columns(rows[place]), place + 1),
        None => (vec![("number", 0), ("name", 1), ("points", 2), ("materials", 3)], 0),
    };
    let mut lines = Vec::new();
    for row in rows.into_iter().skip(first) {
        let cell = |field: &str| columns.iter().find(|(own, _)| *own == field).map(|(_, column)| *column);
        let shown =
            |field: &str| cell(field).and_then(|column| row.value(column)).map(Value::shown).unwrap_or_default();
        let asked = shown("materials");
        let draft = ItemDraft {
            number: shown("number"),
            name: shown("name"),
            points: shown("points"),
            materials: Material::all_in_words(&asked).iter().map(|one| one.key().to_owned()).collect(),
            others: Material::others_in_words(&asked).join("、"),
            ..ItemDraft::default()
        };
        // Sums and headings of parts name no item.
        if draft.name.is_empty() {
            continue;
        }
        let mut problems = Problems::default();
        draft.check(locale, &mut problems);
        let place =
            |field: &str| cell(field).map_or_else(|| row.number.to_string(), |column| cell_name(column, row.number));
        let problems = problems.into_inner().into_iter().map(|one| (place(&one.field), one.message)).collect();
        lines.push(Line { number: row.number, draft, problems });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_heads_and_materials_by_their_words() {
        let text = "2026年普法考核细则\n序号\t考核内容\t分值\t佐证材料\n1\t开展宪法宣传周\t5分\t通知、方案、照片\n2\t法治副校长\t十\t聘书\n合计\t\t15\t\n";
        let lines = read(text, Locale::Zh).expect("rows");
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(lines[0].draft.materials, ["notice", "plan", "photo"]);
        assert_eq!((lines[0].draft.points.as_str(), lines[0].problems.len()), ("5分", 0));
        assert_eq!((lines[1].problems[0].0.as_str(), lines[1].draft.others.as_str()), ("C4", "聘书"));
    }

    #[test]
    fn without_heads_they_stand_in_the_order_of_the_form() {
        let lines = read("1\t宣传栏更新\t2.5\t照片\n", Locale::Zh).expect("rows");
        assert_eq!((lines[0].draft.number.as_str(), lines[0].draft.name.as_str()), ("1", "宣传栏更新"));
        assert_eq!(lines[0].draft.materials, ["photo"]);
    }
}
