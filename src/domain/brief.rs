//! What an office writes once something was done: the line for the group, and the brief (信息稿). In Chinese: it goes to
//! villages and superiors, whatever language the page is read in.
//!
//! Figures follow the law of rounding ([`super::wording`]): 120余份, 约200人次. Nothing is claimed that the record does not
//! hold: no praise, no audience reckoned from leaflets.

use super::{
    day_text::Days,
    measure::{Total, Wording},
    wording::{Style, put},
};
use crate::locale::Locale;
use chrono::Datelike;

/// A measure with its figure.
#[derive(Clone, Debug)]
pub struct Item {
    /// The measure's key.
    pub key: String,
    pub name: String,
    pub unit_word: String,
    pub wording: Wording,
    pub total: Total,
}

/// What is told.
#[derive(Clone, Debug)]
pub struct Told {
    /// As people say it: 天坪村.
    pub unit: String,
    /// The town it lies in, for who reads it elsewhere: 圣灯山镇. Empty for a town itself.
    pub above: String,
    pub days: Days,
    pub place: String,
    pub organiser: String,
    pub co_organisers: Vec<String>,
    pub handler: String,
    /// Names of the themes.
    pub themes: Vec<String>,
    /// The campaign's title, where it is one campaign's.
    pub campaign: String,
    /// Short names of the units that an entry of their parent was for.
    pub covers: Vec<String>,
    pub items: Vec<Item>,
}

/// All activities of a campaign, told as one.
#[derive(Clone, Debug)]
pub struct Sum {
    pub told: Told,
    /// How many activities, each counted once.
    pub activities: i64,
    /// At how many villages and communities, and at how many schools.
    pub villages: usize,
    pub schools: usize,
}

/// A brief: its title, its paragraphs, who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    pub title: String,
    pub body: Vec<String>,
    pub sender: String,
    pub day: String,
}

impl Brief {
    /// As one text, to be copied.
    pub fn text(&self) -> String {
        let mut lines = vec![self.title.clone(), String::new()];
        lines.extend(self.body.iter().map(|paragraph| format!("　　{paragraph}")));
        lines.push(String::new());
        lines.push(format!("{} {}", self.sender, self.day));
        lines.join("\n")
    }
}

/// The words around the figures of built-in measures whose own wording has none.
const PHRASES: &[(&str, &str)] = &[
    ("banner", "悬挂宣传横幅{figure}"),
    ("board", "展出展板{figure}"),
    ("leaflet", "发放宣传资料{figure}"),
    ("booklet", "发放法律手册{figure}"),
    ("gift", "发放宣传品{figure}"),
    ("village_visit", "进村宣传{figure}"),
    ("household_visit", "入户宣传{figure}"),
    ("lecture", "开展宣讲{figure}"),
    ("class_hour", "上法治课{figure}"),
    ("show", "开展文艺演出{figure}"),
    ("broadcast", "播放广播{figure}"),
    ("led", "LED屏播放{figure}"),
    ("vehicle", "出动宣传车{figure}"),
    ("consultation", "接受法律咨询{figure}"),
    ("attendance", "受教育群众{figure}"),
    ("bulletin", "更换宣传栏{figure}"),
    ("post", "发布微信、短视频{figure}"),
    ("views", "阅读、播放{figure}"),
    ("study", "组织中心组学法{figure}"),
    ("pre_meeting_study", "组织会前学法{figure}"),
    ("exam", "参加法律考试{figure}"),
    ("moot_court", "开展模拟法庭{figure}"),
];

/// Measures of those who were reached: they are said last.
const REACHED: [&str; 2] = ["consultation", "attendance"];

/// 悬挂宣传横幅2条，发放宣传资料120余份，受教育群众60余人次
pub fn figures(items: &[Item]) -> String {
    let mut said: Vec<&Item> = items.iter().filter(|item| item.total.total() > 0).collect();
    said.sort_by_key(|item| REACHED.iter().position(|key| *key == item.key).map_or(0, |place| place + 1));
    let clauses: Vec<String> = said.into_iter().map(clause).collect();
    clauses.join("，")
}

fn clause(item: &Item) -> String {
    let figure = put(item.total, &item.wording, &item.unit_word, Style::Official, Locale::Zh);
    let own = item.wording.phrase.as_deref().filter(|phrase| !phrase.trim().is_empty());
    let known = || PHRASES.iter().find(|(key, _)| *key == item.key).map(|(_, phrase)| *phrase);
    match own.or_else(known) {
        Some(phrase) if phrase.contains("{figure}") => phrase.replacen("{figure}", &figure, 1),
        Some(phrase) => format!("{phrase}{figure}"),
        None => format!("{}{figure}", item.name),
    }
}

/// 12月4日, 11月29日至12月5日; with the year where `year` asks for it.
pub fn days(days: Days, year: bool) -> String {
    let from = days.from;
    let first = format!("{}月{}日", from.month(), from.day());
    let first = if year { format!("{}年{first}", from.year()) } else { first };
    match days.to {
        None => first,
        Some(to) if to.year() != from.year() => format!("{first}至{}年{}月{}日", to.year(), to.month(), to.day()),
        Some(to) if to.month() == from.month() => format!("{first}至{}日", to.day()),
        Some(to) => format!("{first}至{}月{}日", to.month(), to.day()),
    }
}

/// 宪法、民法典 as it stands before 宣传; 普法 where there is no theme.
fn subject(themes: &[String]) -> String {
    if themes.is_empty() { "普法".into() } else { themes.join("、") }
}

/// 天坪村、两河村等14个村（社区）: the first names and how many there are.
fn covered(units: &[String]) -> String {
    match units.len() {
        0 => String::new(),
        1..=4 => units.join("、"),
        count => format!("{}等{count}个单位", units[..2].join("、")),
    }
}

/// The line for the group: short, as it is written there.
pub fn message(told: &Told) -> String {
    let place = if told.place.is_empty() { String::new() } else { format!("在{}", told.place) };
    let covers = covered(&told.covers);
    let covers = if covers.is_empty() { String::new() } else { format!("（{covers}合计）") };
    let subject = subject(&told.themes);
    let figures = figures(&told.items);
    format!("【{}】{}，{place}开展{subject}宣传{covers}，{figures}。", told.unit, days(told.days, false))
        .replace("，，", "，")
        .replace("，。", "。")
}

/// The brief of one activity.
pub fn brief(told: &Told) -> Brief {
    let subject = subject(&told.themes);
    let place =
        if told.place.is_empty() || told.place == told.unit { String::new() } else { format!("在{}", told.place) };
    let campaign =
        if told.campaign.is_empty() { String::new() } else { format!("按照“{}”安排，", told.campaign) };
    let mut opening =
        format!("{}，{campaign}{}{}{place}开展{subject}宣传活动。", days(told.days, true), told.above, told.unit);
    let covers = covered(&told.covers);
    if !covers.is_empty() {
        opening += &format!("活动覆盖{covers}。");
    }
    if !told.organiser.is_empty() {
        opening += &format!("活动由{}主办", told.organiser);
        opening += &if told.co_organisers.is_empty() {
            "。".to_owned()
        } else {
            format!("，{}协办。", told.co_organisers.join("、"))
        };
    } else if !told.co_organisers.is_empty() {
        opening += &format!("{}协办。", told.co_organisers.join("、"));
    }
    let mut body = vec![opening];
    let figures = figures(&told.items);
    if !figures.is_empty() {
        body.push(format!("活动中，{figures}。"));
    }
    let handler = if told.handler.is_empty() { String::new() } else { format!("　{}", told.handler) };
    Brief {
        title: format!("{}开展{subject}宣传活动", told.unit),
        body,
        sender: format!("{}{handler}", told.unit),
        day: days(Days { to: None, ..told.days }, true),
    }
}

/// The brief of a campaign: all its activities, each counted once.
pub fn campaign_brief(sum: &Sum, today: super::period::Day) -> Brief {
    let told = &sum.told;
    let about = if told.themes.is_empty() { String::new() } else { format!("围绕{}，", told.themes.join("、")) };
    let reached: Vec<String> = [(sum.villages, "个村（社区）"), (sum.schools, "所学校")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count}{word}"))
        .collect();
    let reached = if reached.is_empty() { String::new() } else { format!("，走进{}", reached.join("、")) };
    let when = days(told.days, true);
    let opening = if sum.activities == 0 {
        format!("{when}，{}{}{about}组织“{}”专项宣传，目前还没有活动记录。", told.above, told.unit, told.campaign)
    } else {
        format!(
            "{when}，{}{}{about}组织“{}”专项宣传，共开展活动{}场次{reached}。",
            told.above, told.unit, told.campaign, sum.activities
        )
    };
    let mut body = vec![opening];
    let figures = figures(&told.items);
    if !figures.is_empty() {
        body.push(format!("其间，{figures}。"));
    }
    Brief {
        title: format!("{}开展“{}”情况", told.unit, told.campaign),
        body,
        sender: told.unit.clone(),
        day: days(Days { from: today, to: None }, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::measure::Precision;
    use proptest::prelude::*;

    fn day(text: &str) -> crate::domain::period::Day {
        text.parse().unwrap()
    }

    fn item(key: &str, unit_word: &str, total: Total) -> Item {
        let wording = crate::domain::wording::built_in::wording(key);
        Item { key: key.into(), name: key.into(), unit_word: unit_word.into(), wording, total }
    }

    fn told() -> Told {
        Told {
            unit: "天坪村".into(),
            above: "圣灯山镇".into(),
            days: Days { from: day("2021-12-04"), to: None },
            place: String::new(),
            organiser: String::new(),
            co_organisers: Vec::new(),
            handler: String::new(),
            themes: vec!["宪法".into()],
            campaign: String::new(),
            covers: Vec::new(),
            items: vec![
                item("attendance", "人次", Total::of(Precision::AtLeast, 60)),
                item("banner", "条", Total::of(Precision::Exact, 2)),
                item("leaflet", "份", Total::of(Precision::AtLeast, 120)),
            ],
        }
    }

    #[test]
    fn the_line_for_the_group_is_what_a_village_writes_there() {
        assert_eq!(
            message(&told()),
            "【天坪村】12月4日，开展宪法宣传，悬挂宣传横幅2条，发放宣传资料120余份，受教育群众60人次以上。"
        );
        let mut other = told();
        other.place = "村委会院坝".into();
        other.themes.clear();
        other.days.to = Some(day("2021-12-07"));
        other.items.truncate(1);
        other.items[0].total = Total::of(Precision::Estimate, 3_412);
        assert_eq!(message(&other), "【天坪村】12月4日至7日，在村委会院坝开展普法宣传，受教育群众约3400人次。");
        other.items.clear();
        other.covers = vec!["天坪村".into(), "两河村".into()];
        assert_eq!(message(&other), "【天坪村】12月4日至7日，在村委会院坝开展普法宣传（天坪村、两河村合计）。");
    }

    #[test]
    fn a_brief_says_when_who_where_and_how_much() {
        let mut own = told();
        own.place = "村委会院坝".into();
        own.organiser = "圣灯山镇司法所".into();
        own.co_organisers = vec!["派出所".into(), "天坪小学".into()];
        own.handler = "孙丽".into();
        let brief = brief(&own);
        assert_eq!(brief.title, "天坪村开展宪法宣传活动");
        assert_eq!(
            brief.body,
            [
                "2021年12月4日，圣灯山镇天坪村在村委会院坝开展宪法宣传活动。活动由圣灯山镇司法所主办，派出所、天坪小学协办。",
                "活动中，悬挂宣传横幅2条，发放宣传资料120余份，受教育群众60人次以上。",
            ]
        );
        assert!(brief.text().ends_with("天坪村　孙丽 2021年12月4日"), "{}", brief.text());
    }

    #[test]
    fn a_campaigns_brief_adds_each_activity_once() {
        let mut own = told();
        own.unit = "圣灯山镇".into();
        own.above = String::new();
        own.campaign = "宪法宣传周".into();
        own.days = Days { from: day("2021-11-29"), to: Some(day("2021-12-05")) };
        let sum = Sum { told: own, activities: 30, villages: 14, schools: 2 };
        let brief = campaign_brief(&sum, day("2021-12-08"));
        assert_eq!(brief.title, "圣灯山镇开展“宪法宣传周”情况");
        assert_eq!(
            brief.body[0],
            "2021年11月29日至12月5日，圣灯山镇围绕宪法，组织“宪法宣传周”专项宣传，共开展活动30场次，走进14个村（社区）、2所学校。"
        );
        assert_eq!(brief.day, "2021年12月8日");
    }

    #[test]
    fn an_offices_own_phrase_goes_before() {
        let mut own = item("banner", "条", Total::of(Precision::Exact, 156));
        own.wording.phrase = Some("张贴标语{figure}".into());
        let lantern = item("lantern", "盏", Total::of(Precision::Exact, 3));
        assert_eq!(figures(&[own, lantern]), "张贴标语150余条，lantern3盏");
    }

    proptest! {
        #[test]
        fn every_figure_is_said_once(values in prop::collection::vec(0i64..1_000_000, 0..6)) {
            let items: Vec<Item> =
                values.iter().zip(PHRASES).map(|(value, (key, _))| item(key, "个", Total::of(Precision::Exact, *value))).collect();
            let said = figures(&items);
            prop_assert_eq!(said.matches('个').count(), values.iter().filter(|value| **value > 0).count());
        }
    }
}
