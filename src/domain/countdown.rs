//! A campaign as a countdown (倒排): what is to be done how many days before and after its day D, and by whom.

use super::{
    key_date::Occurrence,
    period::{Day, Period},
};
use chrono::{DateTime, Duration, Utc};

/// How many days before a key date its draft campaign waits.
pub const DRAFT_AHEAD: u64 = 30;

/// The furthest that a task may stand from day D, in days.
pub const FURTHEST: i64 = 400;

/// What a step's days are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// Day D: the key date itself, else the campaign's first day.
    Day,
    /// The campaign's last day.
    End,
}

/// A step of a template.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub from: From,
    pub days: i64,
    pub what: &'static str,
    pub owner: &'static str,
}

const fn step(from: From, days: i64, what: &'static str, owner: &'static str) -> Step {
    Step { from, days, what, owner }
}

/// The countdown of Constitution week. Source: the domain's description of it.
pub const CONSTITUTION: &[Step] = &[
    step(From::Day, -20, "收区县宣传周通知，明确要求", "司法所"),
    step(From::Day, -15, "印发本镇宣传周方案，分工到村、到校", "司法所"),
    step(From::Day, -10, "定标语，印制资料、横幅", "司法所"),
    step(From::Day, -3, "各村（社区）、学校领取资料", "各村（社区）、学校"),
    step(From::Day, 0, "学校宪法晨读", "学校"),
    step(From::Day, 0, "赶场日设摊咨询、发放资料", "司法所、有关部门"),
    step(From::Day, 0, "村村响、大喇叭播放", "各村（社区）"),
    step(From::Day, 3, "报送总结和统计表", "司法所"),
];

/// The countdown of any other campaign.
pub const GENERAL: &[Step] = &[
    step(From::Day, -20, "收上级通知，明确要求", "司法所"),
    step(From::Day, -15, "印发方案，分工到村、到校", "司法所"),
    step(From::Day, -10, "准备标语和宣传资料", "司法所"),
    step(From::Day, -3, "各村（社区）、学校领取资料", "各村（社区）、学校"),
    step(From::Day, 0, "开展活动并登记", "各村（社区）、学校"),
    step(From::End, 3, "汇总数量，报送总结", "司法所"),
];

/// The key dates that count down to Constitution Day.
const CONSTITUTION_KEYS: [&str; 2] = ["constitution-day", "constitution-week"];

/// The template for a key date, or for a campaign on none.
pub fn template(key_date: Option<&str>) -> &'static [Step] {
    if key_date.is_some_and(|key| CONSTITUTION_KEYS.contains(&key)) { CONSTITUTION } else { GENERAL }
}

/// Day D of a campaign: 12-04 where it is about the Constitution and contains that day, else its first day.
pub fn day_d(key_date: Option<&str>, period: Period) -> Day {
    use chrono::Datelike;
    let is_constitution = key_date.is_some_and(|key| CONSTITUTION_KEYS.contains(&key));
    let day = Day::from_ymd_opt(period.to.year(), 12, 4).filter(|day| is_constitution && period.contains(*day));
    day.unwrap_or(period.from)
}

/// A task as it is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Days after day D; before it they are negative.
    pub offset: i64,
    pub due: Day,
    pub what: String,
    /// Who sees to it, in words.
    pub owner: String,
}

/// The tasks of a template for a campaign, by their day.
pub fn plan(key_date: Option<&str>, period: Period) -> Vec<Planned> {
    let d = day_d(key_date, period);
    let mut tasks: Vec<Planned> = template(key_date)
        .iter()
        .filter_map(|step| {
            let base = match step.from {
                From::Day => d,
                From::End => period.to,
            };
            let due = base.checked_add_signed(Duration::days(step.days))?;
            Some(Planned { offset: (due - d).num_days(), due, what: step.what.into(), owner: step.owner.into() })
        })
        .collect();
    tasks.sort_by_key(|task| task.due);
    tasks
}

/// A stored task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: i64,
    pub plan: Planned,
    /// Who ticked it off, and when.
    pub done: Option<(String, DateTime<Utc>)>,
}

impl Task {
    /// Whether its day has come and nobody ticked it off.
    pub fn is_due(&self, today: Day) -> bool {
        self.done.is_none() && self.plan.due <= today
    }
}

/// Whether a draft campaign for an occurrence waits today: from 30 days before its first day to that day.
pub fn waits(occurrence: &Occurrence, today: Day) -> bool {
    let ahead = (occurrence.period.from - today).num_days();
    (0..=DRAFT_AHEAD as i64).contains(&ahead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    /// Source: the domain's description: D−20, D−15, D−10, D−3, 12-04, D+3.
    #[test]
    fn constitution_week_counts_down_to_the_fourth_of_december() {
        let week = Period { from: day("2021-11-29"), to: day("2021-12-05") };
        let tasks = plan(Some("constitution-week"), week);
        let days: Vec<(i64, String)> = tasks.iter().map(|task| (task.offset, task.due.to_string())).collect();
        let expected = [
            (-20, "2021-11-14"),
            (-15, "2021-11-19"),
            (-10, "2021-11-24"),
            (-3, "2021-12-01"),
            (0, "2021-12-04"),
            (0, "2021-12-04"),
            (0, "2021-12-04"),
            (3, "2021-12-07"),
        ];
        assert_eq!(days, expected.map(|(offset, day)| (offset, day.to_owned())));
        assert!(tasks.iter().all(|task| !task.owner.is_empty()));
    }

    #[test]
    fn a_months_summary_follows_its_last_day() {
        let month = Period { from: day("2026-06-01"), to: day("2026-06-30") };
        let tasks = plan(Some("drugs-month"), month);
        assert_eq!(tasks.first().map(|task| (task.offset, task.due)), Some((-20, day("2026-05-12"))));
        assert_eq!(tasks.last().map(|task| (task.offset, task.due)), Some((32, day("2026-07-03"))));
    }

    proptest! {
        #[test]
        fn every_task_stands_as_far_from_day_d_as_it_says(start in 0i64..4000, length in 0i64..90) {
            let from = day("2021-01-01") + Duration::days(start);
            let period = Period { from, to: from + Duration::days(length) };
            for key in [None, Some("constitution-week"), Some("drugs-month")] {
                let d = day_d(key, period);
                prop_assert!(period.contains(d));
                for task in plan(key, period) {
                    prop_assert_eq!((task.due - d).num_days(), task.offset);
                }
            }
        }
    }
}
