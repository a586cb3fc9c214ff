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
