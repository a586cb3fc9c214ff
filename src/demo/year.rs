//! The demo's year 2021: campaigns at their key dates and what was logged, so that the seed's figures are met:
//! 10 campaigns, 108 village visits, 156 banners, 64 LED + 48 broadcast plays, 7,065 leaflets, 4 study sessions.
//! Which village and which day each falls on is invented.

use super::place::{SCHOOLS, School, TOWN, VILLAGES};
use crate::domain::{measure::Precision, period::Day};
use chrono::Days;

/// The year.
pub const YEAR: i32 = 2021;

/// The seed's figures.
pub const BANNERS: i64 = 156;
pub const LEAFLETS: i64 = 7_065;

/// A campaign of the year.
#[derive(Clone, Copy, Debug)]
pub struct Campaign {
    pub key: &'static str,
    pub title: &'static str,
    pub theme: &'static str,
    pub from: (u32, u32),
    pub to: (u32, u32),
    pub lead: &'static str,
    /// For how many days its content ran on the town's LED screen, from its beginning.
    pub led_days: i64,
    /// The day of its stall at the market, if it had one.
    pub stall: Option<(u32, u32)>,
    /// The day of its lessons at the schools, if it had some.
    pub lesson: Option<(u32, u32)>,
}

pub const CAMPAIGNS: [Campaign; 10] = [
    Campaign {
        key: "2021-gangs",
        title: "扫黑除恶专项斗争宣传",
        theme: "gangs",
        from: (3, 1),
        to: (3, 31),
        lead: "平安办",
        led_days: 7,
        stall: Some((3, 15)),
        lesson: None,
    },
    Campaign {
        key: "2021-national-security",
        title: "全民国家安全教育日宣传",
        theme: "national_security",
        from: (4, 12),
        to: (4, 18),
        lead: "党政办",
        led_days: 7,
        stall: Some((4, 15)),
        lesson: None,
    },
    Campaign {
        key: "2021-civil-code",
        title: "民法典宣传月",
        theme: "civil_code",
        from: (5, 1),
        to: (5, 31),
        lead: "司法所",
        led_days: 7,
        stall: Some((5, 20)),
        lesson: None,
    },
    Campaign {
        key: "2021-safe-work",
        title: "安全生产月",
        theme: "safety",
        from: (6, 1),
        to: (6, 30),
        lead: "应急办",
        led_days: 7,
        stall: Some((6, 16)),
        lesson: None,
    },
    Campaign {
        key: "2021-drugs",
        title: "全民禁毒宣传月",
        theme: "drugs",
        from: (6, 1),
        to: (6, 30),
        lead: "禁毒办",
        led_days: 7,
        stall: Some((6, 26)),
        lesson: Some((6, 22)),
    },
    Campaign {
        key: "2021-safe-summer",
        title: "防汛防溺水安全宣传",
        theme: "safety",
        from: (7, 5),
        to: (8, 20),
        lead: "应急办",
        led_days: 5,
        stall: None,
        lesson: None,
    },
    Campaign {
        key: "2021-bullying",
        title: "防治校园暴力“开学第一课”",
        theme: "bullying",
        from: (9, 1),
        to: (9, 15),
        lead: "派出所",
        led_days: 5,
        stall: None,
        lesson: Some((9, 7)),
    },
    Campaign {
        key: "2021-fraud",
        title: "网络安全周反诈宣传",
        theme: "fraud",
        from: (10, 11),
        to: (10, 17),
        lead: "派出所",
        led_days: 7,
        stall: Some((10, 15)),
        lesson: None,
    },
    Campaign {
        key: "2021-fire",
        title: "消防宣传月",
        theme: "safety",
        from: (11, 1),
        to: (11, 30),
        lead: "应急办",
        led_days: 5,
        stall: Some((11, 9)),
        lesson: None,
    },
    Campaign {
        key: "2021-constitution",
        title: "宪法宣传周",
        theme: "constitution",
        from: (11, 29),
        to: (12, 5),
        lead: "司法所",
        led_days: 7,
        stall: Some((12, 4)),
        lesson: Some((12, 3)),
    },
];

/// When the town's people went to the villages: each visit falls on one of these days or up to three days after it.
const WAVES: [(u32, u32); 15] = [
    (1, 20),
    (2, 3),
    (3, 10),
    (3, 24),
    (4, 15),
    (5, 12),
    (5, 26),
    (6, 8),
    (6, 24),
    (7, 14),
    (8, 11),
    (9, 3),
    (10, 13),
    (11, 9),
    (12, 1),
];

/// The party committee's study sessions, one a quarter.
const STUDY: [(u32, u32); 4] = [(3, 19), (6, 18), (9, 24), (12, 3)];

/// Something that was logged.
#[derive(Clone, Debug)]
pub struct Entry {
    pub unit: &'static str,
    pub day: Day,
    pub day_to: Option<Day>,
    /// The key of its activity type.
    pub kind: &'static str,
    pub campaigns: Vec<&'static str>,
    pub themes: Vec<&'static str>,
    pub quantities: Vec<(&'static str, i64, Precision)>,
    pub classes: Vec<String>,
    pub place: &'static str,
    pub organiser: &'static str,
    /// Whether it had been put into the calendar as an event of its first campaign.
    pub planned: bool,
}

/// An event that nobody held: cancelled, or missed.
#[derive(Clone, Copy, Debug)]
pub struct Idle {
    pub campaign: &'static str,
    pub unit: &'static str,
    pub day: (u32, u32),
    pub cancelled: bool,
}

pub const IDLE: [Idle; 4] = [
    Idle { campaign: "2021-civil-code", unit: "500113108216", day: (5, 27), cancelled: false },
    Idle { campaign: "2021-safe-summer", unit: "500113108216", day: (7, 15), cancelled: true },
    Idle { campaign: "2021-constitution", unit: "500113108216", day: (12, 2), cancelled: false },
    Idle { campaign: "2021-constitution", unit: "500113108215", day: (12, 3), cancelled: false },
];

/// A day of the year.
pub fn day((month, day): (u32, u32)) -> Day {
    Day::from_ymd_opt(YEAR, month, day).unwrap_or(Day::MIN)
}

impl Entry {
    fn new(unit: &'static str, on: Day, kind: &'static str) -> Entry {
        Entry {
            unit,
            day: on,
            day_to: None,
            kind,
            campaigns: Vec::new(),
            themes: Vec::new(),
            quantities: Vec::new(),
            classes: Vec::new(),
            place: "",
            organiser: "",
            planned: false,
        }
    }

    /// For the campaigns that run on the day, and on their themes.
    fn for_running(mut self) -> Entry {
        let on = self.day;
        for campaign in CAMPAIGNS.iter().filter(|one| day(one.from) <= on && on <= day(one.to)) {
            self = self.for_campaign(campaign);
        }
        self
    }

    fn for_campaign(mut self, campaign: &Campaign) -> Entry {
        self.campaigns.push(campaign.key);
        if !self.themes.contains(&campaign.theme) {
            self.themes.push(campaign.theme);
        }
        self.organiser = campaign.lead;
        self
    }

    fn with(mut self, measure: &'static str, value: i64) -> Entry {
        self.quantities.push((measure, value, Precision::Exact));
        self
    }

    fn about(mut self, measure: &'static str, value: i64) -> Entry {
        self.quantities.push((measure, value, Precision::Estimate));
        self
    }
}

/// All that was logged, by day.
pub fn entries() -> Vec<Entry> {
    let mut entries = visits();
    entries.extend(lessons());
    entries.extend(stalls(LEAFLETS - sum(&entries, "leaflet")));
    entries.extend(banners());
    entries.extend(screens());
    entries.extend(broadcasts());
    entries.extend(STUDY.iter().map(|on| {
        let mut entry = Entry::new(TOWN, day(*on), "study").with("study", 1).with("attendance", 26);
        entry.place = "镇政府会议室";
        entry.themes = vec!["constitution", "civil_code"];
        entry
    }));
    entries.sort_by_key(|entry| (entry.day, entry.unit));
    entries
}

/// The sum of a measure.
pub fn sum(entries: &[Entry], measure: &str) -> i64 {
    entries.iter().flat_map(|entry| &entry.quantities).filter(|one| one.0 == measure).map(|one| one.1).sum()
}

/// Visits to villages: leaflets at each, at every third a talk in the yard.
fn visits() -> Vec<Entry> {
    let mut entries = Vec::new();
    for (place, village) in (0_i64..).zip(VILLAGES) {
        for number in 0..village.visits {
            // Spread over the year, the first one later for some.
            let wave = (number * 15 + place * 3 % 13) / village.visits;
            let Some(start) = usize::try_from(wave).ok().and_then(|wave| WAVES.get(wave)) else { continue };
            let on = day(*start) + Days::new(place.unsigned_abs() % 4);
            let mut entry = Entry::new(village.code, on, "village_visit")
                .for_running()
                .with("village_visit", 1)
                .with("leaflet", 30 + (place * 7 + number * 3) % 5 * 10);
            if entry.themes.is_empty() {
                entry.themes.push("civil_code");
                entry.organiser = "司法所";
            }
            entry.place = "村（社区）便民服务中心";
            entry.planned = on >= day((11, 29)) && !entry.campaigns.is_empty();
            if (place + number) % 3 == 0 {
                entry = entry.with("lecture", 1);
                let people = 18 + (place * 11 + number * 5) % 23;
                entry = if number % 2 == 0 {
                    entry.with("attendance", people)
                } else {
                    entry.about("attendance", people / 5 * 5)
                };
                entry.place = "院坝";
            }
            entries.push(entry);
        }
    }
    entries
}

/// Lessons at the schools; the first of the autumn and the one before Constitution Day reach every class.
fn lessons() -> Vec<Entry> {
    let mut entries = Vec::new();
    for campaign in &CAMPAIGNS {
        let Some(on) = campaign.lesson else { continue };
        for (place, school) in (0_u64..).zip(SCHOOLS) {
            let autumn = on >= (9, 1);
            let taught: Vec<(String, i32, i64)> =
                school.classes().into_iter().filter(|class| autumn || class.1 < YEAR).collect();
            let pupils = taught.iter().map(|class| class.2).sum();
            let before = if on.0 == 12 { day(on) - Days::new(place) } else { day(on) + Days::new(place) };
            let mut entry = Entry::new(school.code, before, "lecture")
                .for_campaign(campaign)
                .with("lecture", 1)
                .with("class_hour", 1)
                .with("attendance", pupils)
                .with("leaflet", leaflets_for(&school));
            entry.classes = taught.into_iter().map(|class| class.0).collect();
            entry.place = "学校操场";
            entry.planned = true;
            entries.push(entry);
        }
    }
    entries
}

/// One leaflet for every fourth pupil, in bundles of ten.
fn leaflets_for(school: &School) -> i64 {
    school.pupils() / 40 * 10
}

/// Stalls at the market, which cover no village; the last one gives out what is left of `leaflets`.
fn stalls(leaflets: i64) -> Vec<Entry> {
    let held: Vec<(&Campaign, (u32, u32))> =
        CAMPAIGNS.iter().filter_map(|campaign| Some((campaign, campaign.stall?))).collect();
    let mut left = leaflets;
    let mut entries = Vec::new();
    for (number, (campaign, on)) in (0_i64..).zip(&held) {
        let given = if number + 1 == held.len() as i64 { left } else { 60 + number % 3 * 20 };
        left -= given;
        let mut entry = Entry::new(TOWN, day(*on), "consultation")
            .for_campaign(campaign)
            .with("leaflet", given)
            .with("board", 4)
            .about("consultation", 20 + number * 7 % 4 * 5);
        entry.place = "圣灯山场";
        entry.planned = true;
        entries.push(entry);
    }
    entries
}

/// Banners, each entry for itself: most villages hang one a campaign, schools in some, the town the rest.
fn banners() -> Vec<Entry> {
    let mut entries = Vec::new();
    for (number, campaign) in (0_u64..).zip(&CAMPAIGNS) {
        let hang = |unit, after: u64, value| {
            // Two campaigns that begin on one day are not hung on the same one.
            let on = day(campaign.from) + Days::new(after + number % 2);
            Entry::new(unit, on, "banner").for_campaign(campaign).with("banner", value)
        };
        entries.push(hang(TOWN, 0, 3));
        for (place, village) in (0_u64..).zip(VILLAGES) {
            let left_out = village.visits < 4 && number % 3 != 0;
            if (place * 3 + number) % 10 < 7 && !left_out {
                entries.push(hang(village.code, place % 3, 1));
            }
        }
        if campaign.lesson.is_some() {
            entries.extend(SCHOOLS.iter().map(|school| hang(school.code, 1, 2)));
        }
    }
    // The communities hang what is left in the week of the constitution.
    let left = BANNERS - sum(&entries, "banner");
    let week = &CAMPAIGNS[CAMPAIGNS.len() - 1];
    for (number, village) in (0_i64..).zip(&VILLAGES[..3]) {
        let value = left / 3 + i64::from(number < left % 3);
        let on = day(week.from) + Days::new(4);
        entries.push(Entry::new(village.code, on, "banner").for_campaign(week).with("banner", value));
    }
    entries
}

/// The town's LED screen: a content a day, in one entry for the days of a month.
fn screens() -> Vec<Entry> {
    let mut entries = Vec::new();
    for (number, campaign) in CAMPAIGNS.iter().enumerate() {
        // Of two campaigns that begin on one day the second waits for the first.
        let before: i64 =
            CAMPAIGNS[..number].iter().filter(|one| one.from == campaign.from).map(|one| one.led_days).sum();
        let first = day(campaign.from) + Days::new(before.unsigned_abs());
        let last = first + Days::new(campaign.led_days.unsigned_abs() - 1);
        for part in crate::domain::period::Each::Month.split(crate::domain::period::Period { from: first, to: last }) {
            let mut entry = Entry::new(TOWN, part.from, "led").for_campaign(campaign).with("led", part.days());
            entry.day_to = (part.to > part.from).then_some(part.to);
            entry.place = "镇政府LED电子屏";
            entries.push(entry);
        }
    }
    entries
}

/// Loudspeakers in twelve villages: once against gangs, once against drugs, twice on Constitution Day.
fn broadcasts() -> Vec<Entry> {
    let mut entries = Vec::new();
    for (number, on, plays) in [(0, (3, 15), 1), (4, (6, 26), 1), (9, (12, 4), 2)] {
        for village in VILLAGES.iter().filter(|village| village.visits >= 6) {
            let mut entry = Entry::new(village.code, day(on), "broadcast")
                .for_campaign(&CAMPAIGNS[number])
                .with("broadcast", plays);
            entry.place = "村（社区）广播";
            entries.push(entry);
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_seeds_figures_are_met() {
        let entries = entries();
        for (measure, value) in [
            ("village_visit", 108),
            ("banner", BANNERS),
            ("led", 64),
            ("broadcast", 48),
            ("leaflet", LEAFLETS),
            ("study", 4),
        ] {
            assert_eq!(sum(&entries, measure), value, "{measure}");
        }
        assert!(
            entries.iter().flat_map(|entry| &entry.quantities).all(|one| (1..=600).contains(&one.1)),
            "{entries:#?}"
        );
        let rests: Vec<_> =
            entries.iter().filter(|one| one.kind == "consultation" && one.day == day((12, 4))).collect();
        assert!(rests[0].quantities[0].1 > 100, "{rests:?}");
    }

    #[test]
    fn seven_banners_and_six_can_be_withdrawn_for_themselves() {
        let single = entries().iter().filter(|entry| entry.quantities == [("banner", 1, Precision::Exact)]).count();
        assert!(single >= 60, "{single}");
        let multiples: Vec<i64> =
            entries().iter().filter(|entry| entry.kind == "banner").map(|entry| entry.quantities[0].1).collect();
        assert!(multiples.iter().all(|value| *value <= 8), "{multiples:?}");
    }

    #[test]
    fn every_pupil_is_reached_in_autumn() {
        for school in SCHOOLS {
            let taught: BTreeSet<String> = entries()
                .into_iter()
                .filter(|entry| entry.unit == school.code && entry.day >= day((9, 1)))
                .flat_map(|entry| entry.classes)
                .collect();
            assert_eq!(taught, school.classes().into_iter().map(|class| class.0).collect());
        }
    }

    #[test]
    fn one_village_is_left_out_and_some_entries_belong_to_two_campaigns() {
        let entries = entries();
        let visited = |code| entries.iter().filter(|one| one.unit == code && one.kind == "village_visit").count();
        assert_eq!(VILLAGES.iter().filter(|village| visited(village.code) < 4).count(), 1);
        assert!(entries.iter().filter(|entry| entry.campaigns.len() == 2).count() >= 10);
        for entry in &entries {
            for key in &entry.campaigns {
                let campaign = CAMPAIGNS.iter().find(|one| one.key == *key).expect("a campaign");
                assert!(day(campaign.from) <= entry.day && entry.day <= day(campaign.to), "{entry:?}");
            }
        }
    }
}
