//! An event (活动安排): one planned session of a campaign at one unit at a time; its state; many of them over days.

use super::{
    campaign::{TEXT_LIMIT, UnitName},
    period::{Day, Period, is_near},
    problem::Problems,
};
use crate::locale::Locale;
use chrono::{DateTime, FixedOffset, NaiveDateTime, NaiveTime, SubsecRound, Utc};
use uuid::Uuid;

crate::keyed! {
    /// Where an event stands. Only a cancellation is stored: the rest follows from the ledger and from today.
    State { Planned => "planned", Done => "done", Cancelled => "cancelled", Missed => "missed" }
}

/// A stored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// UUID version 7; also the event's UID in calendars, whatever is changed.
    pub id: Uuid,
    pub campaign_id: i64,
    pub campaign: String,
    pub campaign_title: String,
    pub unit: UnitName,
    pub activity_type: Option<EventType>,
    /// The day in UTC+8 on which it begins.
    pub day: Day,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// Who leads it, in words.
    pub lead: String,
    /// Where it is held, in words: 村委会院坝.
    pub place: String,
    /// Not released yet (草稿): only who plans sees it, and it is never missed.
    pub draft: bool,
    /// The series that it belongs to.
    pub series_id: Option<Uuid>,
    /// Raised by every change, so that calendars know the newer one.
    pub sequence: i64,
    pub cancelled: bool,
    /// The activity that fulfils it: the first one pointing here that was not withdrawn.
    pub activity: Option<Uuid>,
}

/// The type of activity that an event asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventType {
    pub id: i64,
    pub key: String,
    pub name: String,
    pub name_en: Option<String>,
}

impl Event {
    /// What was done is done, even after a cancellation; a day gone by without an activity is missed, unless nobody was
    /// told of the event.
    pub fn state(&self, today: Day) -> State {
        if self.activity.is_some() {
            State::Done
        } else if self.cancelled {
            State::Cancelled
        } else if self.day < today && !self.draft {
            State::Missed
        } else {
            State::Planned
        }
    }

    /// The time of beginning in UTC+8.
    pub fn starts(&self) -> DateTime<FixedOffset> {
        in_china(self.starts_at)
    }

    /// The time of ending in UTC+8.
    pub fn ends(&self) -> DateTime<FixedOffset> {
        in_china(self.ends_at)
    }
}

/// UTC+8, in which times without an offset are read.
fn offset() -> FixedOffset {
    const SECONDS: i32 = 8 * 3600;
    FixedOffset::east_opt(SECONDS).unwrap_or_else(|| unreachable!("eight hours are less than a day"))
}

/// An instant as clocks in UTC+8 show it.
pub fn in_china(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    instant.with_timezone(&offset())
}

/// The day in UTC+8 on which an instant falls.
pub fn day_of(instant: DateTime<Utc>) -> Day {
    in_china(instant).date_naive()
}

/// The instant of a day and a time of day in UTC+8.
pub fn at(day: Day, time: NaiveTime) -> Option<DateTime<Utc>> {
    day.and_time(time).and_local_timezone(offset()).single().map(|instant| instant.to_utc())
}

/// Reads an ISO 8601 time, with seconds or without; without an offset it is +08:00. A time that nobody means is none.
pub fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    read_instant(text).filter(|instant| is_near(instant.date_naive()))
}

fn read_instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc());
    }
    for form in ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"] {
        if let Ok(instant) = DateTime::parse_from_str(text, form) {
            return Some(instant.to_utc());
        }
    }
    let local = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
        .into_iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    local.and_local_timezone(offset()).single().map(|instant| instant.to_utc())
}

/// An event as posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The campaign's key.
    pub campaign: String,
    /// The unit's code.
    pub unit: String,
    pub starts_at: String,
    pub ends_at: String,
    pub lead: String,
    /// Where it is held; may be empty.
    pub place: String,
    /// Not to be released yet.
    pub draft: bool,
    /// The key of a type of activity; may be empty.
    pub activity_type: String,
}

impl Draft {
    /// The stored event as a draft, to be changed in parts.
    pub fn of(event: &Event) -> Draft {
        Draft {
            campaign: event.campaign.clone(),
            unit: event.unit.code.clone(),
            starts_at: event.starts().to_rfc3339(),
            ends_at: event.ends().to_rfc3339(),
            lead: event.lead.clone(),
            place: event.place.clone(),
            draft: event.draft,
            activity_type: event.activity_type.as_ref().map(|own| own.key.clone()).unwrap_or_default(),
        }
    }

    /// Beginning and end, checked against each other; what is wrong goes to `problems`.
    pub fn check(&self, locale: Locale, problems: &mut Problems) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        for (field, text) in [("lead", &self.lead), ("place", &self.place)] {
            if text.chars().count() > TEXT_LIMIT {
                problems.add(field, locale.campaign_text_too_long(TEXT_LIMIT));
            }
        }
        let mut read = |field: &str, text: &str| {
            let instant = parse_instant(text).map(|instant| instant.trunc_subsecs(0));
            match instant {
                Some(_) => {}
                None if text.trim().is_empty() => problems.add(field, locale.event_time_missing()),
                None => problems.add(field, locale.event_time_malformed()),
            }
            instant
        };
        let (starts_at, ends_at) = (read("starts_at", &self.starts_at), read("ends_at", &self.ends_at));
        let (starts_at, ends_at) = (starts_at?, ends_at?);
        if ends_at <= starts_at {
            problems.add("ends_at", locale.event_ends_before_start());
            return None;
        }
        Some((starts_at, ends_at))
    }
}

/// Whether a session lies in a campaign's period; one that ends at midnight still does.
pub fn lies_in(period: Period, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> bool {
    period.contains(day_of(starts_at)) && period.contains(day_of(ends_at - chrono::Duration::seconds(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn event(on: &str) -> Event {
        let starts_at = parse_instant(&format!("{on}T09:00")).expect("a time");
        Event {
            id: Uuid::nil(),
            campaign_id: 1,
            campaign: "a".into(),
            campaign_title: "a".into(),
            unit: UnitName { id: 1, code: "1".into(), path: "/1/".into(), short_name: "天坪村".into() },
            activity_type: None,
            day: day(on),
            starts_at,
            ends_at: starts_at + chrono::Duration::hours(2),
            lead: String::new(),
            place: String::new(),
            draft: false,
            series_id: None,
            sequence: 0,
            cancelled: false,
            activity: None,
        }
    }

    #[test]
    fn the_state_follows_from_the_ledger_and_from_today() {
        let planned = event("2026-06-24");
        assert_eq!(planned.state(day("2026-06-24")), State::Planned);
        assert_eq!(planned.state(day("2026-06-25")), State::Missed);
        let draft = Event { draft: true, ..planned.clone() };
        assert_eq!(draft.state(day("2026-06-25")), State::Planned, "nobody was told of it");
        let cancelled = Event { cancelled: true, ..planned.clone() };
        assert_eq!(cancelled.state(day("2026-06-25")), State::Cancelled);
        let done = Event { activity: Some(Uuid::nil()), ..cancelled };
        assert_eq!(done.state(day("2026-06-01")), State::Done);
    }

    #[test]
    fn a_time_without_offset_is_chinese_time() {
        let nine = parse_instant("2026-06-24T01:00:00Z");
        assert!(nine.is_some());
        for text in ["2026-06-24T09:00", "2026-06-24T09:00:00", "2026-06-24T09:00+08:00", "2026-06-24T10:00:00+09:00"] {
            assert_eq!(parse_instant(text), nine, "{text}");
        }
        for text in ["2026-06-24", "2026-06-31T09:00", "9:00", ""] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
        let late = parse_instant("2026-06-24T20:00:00Z").expect("a time");
        assert_eq!(day_of(late), day("2026-06-25"));
    }

    #[test]
    fn a_session_that_ends_at_midnight_lies_in_a_period_that_ends_that_day() {
        let june = Period { from: day("2026-06-01"), to: day("2026-06-30") };
        let at = |text: &str| parse_instant(text).expect("a time");
        assert!(lies_in(june, at("2026-06-30T20:00"), at("2026-07-01T00:00")));
        assert!(!lies_in(june, at("2026-06-30T20:00"), at("2026-07-01T01:00")));
        assert!(!lies_in(june, at("2026-05-31T23:00"), at("2026-06-01T01:00")));
    }
}
