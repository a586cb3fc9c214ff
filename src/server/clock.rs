//! The only place that asks what time it is.

use crate::domain::period::Day;
use chrono::{DateTime, FixedOffset, Utc};

/// UTC+8, where all of China lives.
pub fn offset() -> FixedOffset {
    const HOURS: i32 = 8 * 3600;
    FixedOffset::east_opt(HOURS).unwrap_or_else(|| unreachable!("eight hours are less than a day"))
}

/// This instant; on the day of `PUFA_TODAY` (2021-12-31), where that is set for tests and demonstrations.
#[allow(clippy::disallowed_methods)] // This is the clock.
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    match std::env::var("PUFA_TODAY").ok().and_then(|day| day.parse::<Day>().ok()) {
        Some(day) => {
            let time = now.with_timezone(&offset()).time();
            day.and_time(time).and_local_timezone(offset()).single().map_or(now, |there| there.with_timezone(&Utc))
        }
        None => now,
    }
}

/// Today in UTC+8.
pub fn today() -> Day {
    day_of(now())
}

/// The day in UTC+8 on which an instant falls.
pub fn day_of(instant: DateTime<Utc>) -> Day {
    instant.with_timezone(&offset()).date_naive()
}

/// An instant as people in UTC+8 read it, to the minute: `2021-12-04 09:30`.
pub fn minute(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&offset()).format("%Y-%m-%d %H:%M").to_string()
}
