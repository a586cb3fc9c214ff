//! The demo's ten campaigns at the key dates of 2021, and the events that nobody held.

use crate::domain::period::Day;

/// The year.
pub const YEAR: i32 = 2021;

/// A day of the year.
pub fn day((month, day): (u32, u32)) -> Day {
    Day::from_ymd_opt(YEAR, month, day).unwrap_or(Day::MIN)
}

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
