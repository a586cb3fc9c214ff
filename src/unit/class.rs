//! Classes of a school: checked, added, closed.

use super::{store, write_store};
use crate::{
    domain::{
        period::Day,
        problem::Problems,
        unit::{Class, MOST_PUPILS, Unit, UnitKind},
    },
    error::Result,
    locale::Locale,
    server::db::Conn,
};
use chrono::Days;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest name of a class, in characters.
const LONGEST: usize = 40;

/// A class as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClassDraft {
    /// Entry year and number, 2019级1班: so that September's promotion counts nobody twice.
    #[schema(example = "2019级1班")]
    pub name: String,
    #[schema(minimum = 0)]
    pub pupils: i64,
}

/// Notes all that is wrong with the classes of a unit; `prefix` is the field's name: `classes`.
pub(super) fn check(
    locale: Locale,
    kind: Option<UnitKind>,
    classes: &[ClassDraft],
    prefix: &str,
    problems: &mut Problems,
) {
    if !classes.is_empty() && kind.is_some_and(|kind| kind != UnitKind::School) {
        problems.add(prefix, locale.unit_classes_school_only());
    }
    let mut seen = BTreeSet::new();
    for (index, class) in classes.iter().enumerate() {
        check_one(locale, class, &format!("{prefix}[{index}]."), problems);
        if !seen.insert(class.name.trim()) {
            problems.add(format!("{prefix}[{index}].name"), locale.unit_class_twice(class.name.trim()));
        }
    }
}

/// Notes what is wrong with one class; the fields are `{prefix}name` and `{prefix}pupils`.
pub(super) fn check_one(locale: Locale, class: &ClassDraft, prefix: &str, problems: &mut Problems) {
    let name = class.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST {
        problems.add(format!("{prefix}name"), locale.unit_class_name_wanted());
    }
    if !(0..=MOST_PUPILS).contains(&class.pupils) {
        problems.add(format!("{prefix}pupils"), locale.unit_out_of_range(MOST_PUPILS));
    }
}

/// The first day of a class, as its name tells: 2019级1班 began on 2019-09-01. `None` where it does not tell.
pub(super) fn begins(name: &str) -> Option<Day> {
    let (year, _) = name.split_once('级')?;
    let year = year.parse().ok().filter(|year| (1950..2200).contains(year))?;
    Day::from_ymd_opt(year, 9, 1)
}

/// Makes these the school's classes: new ones begin, those that are not named any more end yesterday. One that no
/// activity ever ticked and that began later was a slip and goes without a trace.
pub(super) async fn replace(conn: &mut Conn, unit: &Unit, classes: &[ClassDraft], today: Day) -> Result<()> {
    let former = store::classes(conn, unit.id).await?;
    for class in former.iter().filter(|class| class.active_to.is_none()) {
        if !classes.iter().any(|draft| draft.name.trim() == class.name) {
            end(conn, class, today.checked_sub_days(Days::new(1)).unwrap_or(today)).await?;
        }
    }
    for class in classes {
        let name = class.name.trim();
        // The first classes of a school were there before anybody typed them.
        let from = if former.is_empty() { None } else { begins(name) };
        write_store::put_class(conn, unit.id, name, class.pupils, from).await?;
    }
    Ok(())
}

/// Ends a class after its last day; one that would end before it began goes without a trace if nothing ticked it.
pub(super) async fn end(conn: &mut Conn, class: &Class, last: Day) -> Result<()> {
    let never_was = class.active_from.is_some_and(|from| from > last);
    if never_was && write_store::remove_unused_class(conn, class.id).await? {
        return Ok(());
    }
    write_store::close_class(conn, class.id, last).await
}

#[cfg(test)]
mod tests {
    use super::begins;

    #[test]
    fn a_class_begins_in_september_of_its_entry_year() {
        assert_eq!(begins("2019级1班").map(|day| day.to_string()).as_deref(), Some("2019-09-01"));
        assert_eq!(begins("一年级1班"), None);
        assert_eq!(begins("全校"), None);
    }
}
