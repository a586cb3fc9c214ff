//! What was logged in the demo's year 2021, so that the seed's figures are met:
//! 10 campaigns, 108 village visits, 156 banners, 64 LED + 48 broadcast plays, 7,065 leaflets, 4 study sessions.
//! Which village and which day each falls on is invented.

use super::{
    campaigns::{CAMPAIGNS, Campaign, YEAR, day},
    place::{SCHOOLS, School, TOWN, VILLAGES},
};
use crate::domain::{measure::Precision, period::Day};
use chrono::Days;

/// The seed's figures.
pub const BANNERS: i64 = 156;
pub const LEAFLETS: i64 = 7_065;

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
