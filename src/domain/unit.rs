//! The organisation tree: county → town → village, community, school, department.

use super::period::Day;

crate::keyed! {
    /// What a unit is.
    UnitKind {
        County => "county",
        Town => "town",
        Village => "village",
        /// An urban village (社区). Indicators that look at villages look at communities too.
        Community => "community",
        School => "school",
        Department => "department",
    }
}

impl UnitKind {
    /// Whether an indicator on units of kind `asked` looks at a unit of this kind: `village` includes communities.
    pub fn answers_to(self, asked: UnitKind) -> bool {
        self == asked || (asked == UnitKind::Village && self == UnitKind::Community)
    }

    /// Whether a unit of this kind may stand below one of kind `above`, or be a root: counties and towns are roots,
    /// towns stand below counties, villages and communities below towns, schools and departments below any of these.
    pub fn fits_below(self, above: Option<UnitKind>) -> bool {
        use UnitKind::{Community, County, Department, School, Town, Village};
        match self {
            County => above.is_none(),
            Town => matches!(above, None | Some(County)),
            Village | Community => above == Some(Town),
            School | Department => matches!(above, Some(County | Town | Village | Community)),
        }
    }

    /// The kind that a national statistical division code tells: 6 digits a county, 9 a town, 12 a village, or a
    /// community when digits 10–12 are 001–199. Source: 统计用区划代码和城乡划分代码编制规则.
    pub fn from_code(code: &str) -> Option<UnitKind> {
        if !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        match code.len() {
            6 => Some(UnitKind::County),
            9 => Some(UnitKind::Town),
            12 if ("001"..="199").contains(&&code[9..]) => Some(UnitKind::Community),
            12 => Some(UnitKind::Village),
            _ => None,
        }
    }
}

crate::keyed! {
    /// What happened to a unit.
    ChangeKind {
        Renamed => "renamed",
        Closed => "closed",
        /// It became part of another unit.
        Merged => "merged",
        /// Another unit became part of it.
        Received => "received",
        Reopened => "reopened",
    }
}

/// A class of a school, named by entry year and number (2019级1班), so that a promotion counts nobody twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    pub id: i64,
    /// The school.
    pub unit_id: i64,
    pub name: String,
    pub pupils: i64,
    pub active_from: Option<Day>,
    pub active_to: Option<Day>,
}

impl Class {
    /// Whether the class exists on `day`.
    pub fn is_active(&self, day: Day) -> bool {
        self.active_from.is_none_or(|from| from <= day) && self.active_to.is_none_or(|to| day <= to)
    }
}

/// The most households of a unit; more is a slip of the finger.
pub const MOST_HOUSEHOLDS: i64 = 2_000_000;

/// The largest population of a unit.
pub const MOST_PEOPLE: i64 = 10_000_000;

/// The most pupils of one class.
pub const MOST_PUPILS: i64 = 5_000;

/// The longest code of a unit, in bytes.
const LONGEST_CODE: usize = 40;

/// Whether a text may be the code of a unit: Latin letters, digits, `-`, `_` and `.`, for it stands in addresses.
pub fn is_code(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.len() <= LONGEST_CODE
        && text.chars().all(fits)
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub id: i64,
    /// The national code, or one that the office chose for a school or department.
    pub code: String,
    pub parent_id: Option<i64>,
    /// The chain of ids from the root, `/1/5/17/`: whoever's path starts with it lies at or below this unit.
    pub path: String,
    pub kind: UnitKind,
    /// The full official name: 两河村村民委员会.
    pub name: String,
    /// What people say: 两河村.
    pub short_name: String,
    pub households: Option<i64>,
    pub population: Option<i64>,
    pub active_from: Option<Day>,
    pub active_to: Option<Day>,
}

impl Unit {
    /// Whether the unit exists on `day`.
    pub fn is_active(&self, day: Day) -> bool {
        self.active_from.is_none_or(|from| from <= day) && self.active_to.is_none_or(|to| day <= to)
    }

    /// The ids from the root down to this unit.
    pub fn ancestry(&self) -> Vec<i64> {
        ancestry(&self.path)
    }
}

/// The ids in a path, from the root down.
pub fn ancestry(path: &str) -> Vec<i64> {
    path.split('/').filter_map(|id| id.parse().ok()).collect()
}

/// What people say for an official name: 两河村村民委员会 → 两河村, 跳石社区居民委员会 → 跳石社区.
pub fn short_name(name: &str) -> &str {
    for ending in ["村民委员会", "居民委员会"] {
        if let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            return stem;
        }
    }
    name
}

/// The first path that no longer lies below `path`: with it, "at or below" is `path <= p and p < end`.
pub fn path_end(path: &str) -> String {
    // '0' follows '/' in both engines' byte order.
    format!("{}0", path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_tells_the_kind() {
        assert_eq!(UnitKind::from_code("500113"), Some(UnitKind::County));
        assert_eq!(UnitKind::from_code("500113108"), Some(UnitKind::Town));
        assert_eq!(UnitKind::from_code("500113108203"), Some(UnitKind::Village));
        assert_eq!(UnitKind::from_code("500113108001"), Some(UnitKind::Community));
        assert_eq!(UnitKind::from_code("500113108199"), Some(UnitKind::Community));
        assert_eq!(UnitKind::from_code("500113108200"), Some(UnitKind::Village));
        assert_eq!(UnitKind::from_code("50011310"), None);
        assert_eq!(UnitKind::from_code("school-1"), None);
    }

    #[test]
    fn a_village_stands_below_a_town_and_a_school_below_any_of_them() {
        use UnitKind::*;
        assert!(Village.fits_below(Some(Town)) && !Village.fits_below(Some(County)) && !Village.fits_below(None));
        assert!(Town.fits_below(None) && Town.fits_below(Some(County)) && !Town.fits_below(Some(Town)));
        assert!(School.fits_below(Some(Village)) && !School.fits_below(Some(School)) && !School.fits_below(None));
        assert!(County.fits_below(None) && !County.fits_below(Some(County)));
    }

    #[test]
    fn a_code_is_fit_for_an_address() {
        assert!(is_code("500113108203") && is_code("school-1") && is_code("500113108.S1"));
        assert!(!is_code("") && !is_code("青山") && !is_code("a/b") && !is_code("..") && !is_code("a b"));
    }

    #[test]
    fn people_say_the_short_name() {
        assert_eq!(short_name("两河村村民委员会"), "两河村");
        assert_eq!(short_name("跳石社区居民委员会"), "跳石社区");
        assert_eq!(short_name("圣灯山镇"), "圣灯山镇");
    }

    #[test]
    fn a_sibling_with_a_longer_number_lies_outside() {
        let end = path_end("/1/5/");
        assert!("/1/5/17/" < end.as_str() && "/1/5/" < end.as_str());
        assert!("/1/51/" > end.as_str());
    }
}
