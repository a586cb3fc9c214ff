//! Doubles: the same event logged by two units.
//!
//! Rule (domain.md, "How things are really counted"): one lecture by several offices is one activity; the same day, place
//! and theme logged twice by different units is offered to the officer to merge. A double counts something twice: entries
//! that have no measure in common do not, and are not offered.

use super::period::Period;

/// An entry as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    pub unit_id: i64,
    /// The unit's full and short name.
    pub unit_name: String,
    pub unit_short: String,
    pub days: Option<Period>,
    pub theme_ids: Vec<i64>,
    pub measure_ids: Vec<i64>,
    pub place: String,
    pub organiser: String,
    /// Units of the tree among the co-organisers, and what others are called.
    pub helper_ids: Vec<i64>,
    pub helpers: Vec<String>,
    /// Made by one form for many villages.
    pub batch: Option<uuid::Uuid>,
}

/// Places that every village has: alone they say nothing about where.
const COMMON: [&str; 34] = [
    "便民服务中心",
    "便民服务大厅",
    "党群服务中心",
    "文化广场",
    "村民委员会",
    "居民委员会",
    "服务中心",
    "会议室",
    "村委会",
    "居委会",
    "活动室",
    "电子屏",
    "大喇叭",
    "宣传栏",
    "公示栏",
    "村民小组",
    "居民小组",
    "院坝",
    "广场",
    "村口",
    "路口",
    "门口",
    "学校",
    "操场",
    "集市",
    "广播",
    "本村",
    "各组",
    "现场",
    "社区",
    "院落",
    "led",
    "小组",
    "村",
];

/// A place without spaces and marks.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// Whether a place says nothing by itself.
fn is_common(place: &str) -> bool {
    let mut rest = place.to_owned();
    for word in COMMON {
        rest = rest.replace(word, "");
    }
    rest.is_empty()
}

/// Where it was: the place, or where that says nothing, the unit; a common place is its unit's own.
fn site(side: &Side) -> String {
    let place = plain(&side.place);
    let unit = plain(&side.unit_short);
    if is_common(&place) { unit + &place } else { place }
}

/// Whether a text names a unit.
fn names(text: &str, side: &Side) -> bool {
    let text = plain(text);
    let short = plain(&side.unit_short);
    !short.is_empty() && (text.contains(&short) || text.contains(&plain(&side.unit_name)))
}

/// Whether one entry tells of the other's unit: as organiser or co-organiser.
fn tells_of(one: &Side, other: &Side) -> bool {
    one.helper_ids.contains(&other.unit_id)
        || one.helpers.iter().any(|name| names(name, other))
        || names(&one.organiser, other)
}

/// Whether both were at the same place: the same words, or one's place within the other's, or one's place at the other's
/// unit.
fn is_same_place(one: &Side, other: &Side) -> bool {
    const SHORTEST: usize = 2;
    let (here, there) = (site(one), site(other));
    let within = |small: &str, large: &str| small.chars().count() >= SHORTEST && large.contains(small);
    within(&here, &there) || within(&there, &here)
}

fn share<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.iter().any(|own| other.contains(own))
}

/// Whether two entries look like the same event: different units, a common day, a common theme (or neither has one), the
/// same place or one of them names the other's unit, and a measure that would be counted twice.
pub fn is_double(one: &Side, other: &Side) -> bool {
    let (Some(days), Some(their_days)) = (one.days, other.days) else { return false };
    one.unit_id != other.unit_id
        && days.intersection(their_days).is_some()
        && (one.batch.is_none() || one.batch != other.batch)
        && (share(&one.theme_ids, &other.theme_ids) || one.theme_ids.is_empty() && other.theme_ids.is_empty())
        && share(&one.measure_ids, &other.measure_ids)
        && (is_same_place(one, other) || tells_of(one, other) || tells_of(other, one))
}

/// Whether the second one is the organiser's, so that it is the one to keep: it names the first one's unit as co-organiser,
/// or one of them names the second one's unit as organiser.
pub fn second_organises(first: &Side, second: &Side) -> bool {
    let helps = |host: &Side, guest: &Side| {
        host.helper_ids.contains(&guest.unit_id) || host.helpers.iter().any(|name| names(name, guest))
    };
    let organises = |host: &Side| names(&first.organiser, host) || names(&second.organiser, host);
    match (organises(first), organises(second)) {
        (true, false) => false,
        (false, true) => true,
        _ => helps(second, first) && !helps(first, second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(unit_id: i64, unit: &str, place: &str) -> Side {
        let day = "2021-12-04".parse().expect("a day");
        Side {
            unit_id,
            unit_name: format!("{unit}民委员会"),
            unit_short: unit.into(),
            days: Some(Period { from: day, to: day }),
            theme_ids: vec![5],
            measure_ids: vec![1, 2],
            place: place.into(),
            ..Side::default()
        }
    }

    #[test]
    fn the_same_day_place_and_theme_by_two_units_is_a_double() {
        let (village, office) = (side(17, "天坪村", ""), side(9, "派出所", "天坪村 文化广场"));
        assert!(is_double(&village, &office) && is_double(&office, &village));
        assert!(is_double(&side(17, "天坪村", "老街口"), &side(9, "派出所", "老街口（桥头）")));
        let own = Side { unit_id: 9, ..village.clone() };
        assert!(!is_double(&own, &Side { unit_id: 9, ..office.clone() }), "one unit");
        let next = "2021-12-05".parse().expect("a day");
        assert!(
            !is_double(&village, &Side { days: Some(Period { from: next, to: next }), ..office.clone() }),
            "another day"
        );
        assert!(!is_double(&village, &Side { theme_ids: vec![6], ..office.clone() }), "another theme");
        assert!(!is_double(&village, &Side { theme_ids: Vec::new(), ..office.clone() }), "one without a theme");
        assert!(!is_double(&village, &Side { measure_ids: vec![3], ..office.clone() }), "nothing would count twice");
    }

    #[test]
    fn what_every_village_has_is_no_place() {
        let (one, other) = (side(17, "天坪村", "村委会"), side(18, "两河村", "村委会"));
        assert!(!is_double(&one, &other));
        assert!(!is_double(&side(17, "天坪村", ""), &side(18, "两河村", "")));
        assert!(!is_double(&side(17, "天坪村", "院坝"), &side(18, "两河村", "文化广场")));
        for place in ["村（社区）广播", "村（社区）便民服务中心", "村口 LED"] {
            assert!(!is_double(&side(17, "天坪村", place), &side(18, "两河村", place)), "{place}");
        }
    }

    #[test]
    fn one_that_names_the_other_unit_is_a_double_wherever_and_the_organiser_keeps_it() {
        let village = side(17, "天坪村", "3组晒坝");
        let office = Side { helper_ids: vec![17], ..side(9, "派出所", "李家院子") };
        assert!(is_double(&village, &office));
        assert!(second_organises(&village, &office) && !second_organises(&office, &village));
        let told = Side { organiser: "青山镇派出所".into(), ..village.clone() };
        assert!(is_double(&told, &side(9, "派出所", "")) && second_organises(&told, &side(9, "派出所", "")));
    }

    #[test]
    fn what_one_form_logged_for_each_village_is_no_double() {
        let batch = Some(uuid::Uuid::nil());
        let (one, other) = (Side { batch, ..side(17, "天坪村", "市场") }, Side { batch, ..side(18, "两河村", "市场") });
        assert!(!is_double(&one, &other));
    }
}
