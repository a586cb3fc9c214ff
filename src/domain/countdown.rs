//! A campaign as a countdown (倒排): what is to be done how many days before and after its day D, and by whom. The
//! templates are data: Pufa brings a general one and Constitution week's, a county or a town puts its own in their place.

use super::{
    campaign::TEXT_LIMIT,
    key_date::Occurrence,
    period::{Day, Period},
    problem::Problems,
};
use crate::locale::Locale;
use chrono::{DateTime, Datelike, Duration, Utc};
use serde::{Deserialize, Serialize};

/// How many days before a key date its draft campaign waits.
pub const DRAFT_AHEAD: u64 = 30;

/// The furthest that a task may stand from day D, in days.
pub const FURTHEST: i64 = 400;

/// The most steps of a template.
pub const STEP_LIMIT: usize = 40;

crate::keyed! {
    /// What a step's days are counted from: day D, or the campaign's last day.
    From { Day => "day", End => "end" }
}

/// A step of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub from: From,
    /// Days after `from`; before it they are negative.
    pub days: i64,
    pub what: String,
    /// Who sees to it, in words.
    pub owner: String,
}

/// A month and a day of it, in any year.
pub type MonthDay = (u32, u32);

/// A countdown as a template. It holds for its unit and all below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The unit that keeps it; what Pufa brings has none.
    pub unit_id: Option<i64>,
    /// The key date that it is for; the general one is for any campaign.
    pub key_date_id: Option<i64>,
    /// Day D where a campaign contains this day; else day D is the campaign's first.
    pub day_d: Option<MonthDay>,
    pub steps: Vec<Step>,
}

/// Day D and the steps of a template that Pufa brings.
pub type BuiltIn = (Option<MonthDay>, Vec<Step>);

fn step(from: From, days: i64, what: &str, owner: &str) -> Step {
    Step { from, days, what: what.into(), owner: owner.into() }
}

/// The countdown of Constitution week. Source: the domain's description of it.
pub fn constitution() -> BuiltIn {
    let steps = vec![
        step(From::Day, -20, "收区县宣传周通知，明确要求", "司法所"),
        step(From::Day, -15, "印发本镇宣传周方案，分工到村、到校", "司法所"),
        step(From::Day, -10, "定标语，印制资料、横幅", "司法所"),
        step(From::Day, -3, "各村（社区）、学校领取资料", "各村（社区）、学校"),
        step(From::Day, 0, "学校宪法晨读", "学校"),
        step(From::Day, 0, "赶场日设摊咨询、发放资料", "司法所、有关部门"),
        step(From::Day, 0, "村村响、大喇叭播放", "各村（社区）"),
        step(From::Day, 3, "报送总结和统计表", "司法所"),
    ];
    (Some((12, 4)), steps)
}

/// The countdown of any other campaign.
pub fn general() -> BuiltIn {
    let steps = vec![
        step(From::Day, -20, "收上级通知，明确要求", "司法所"),
        step(From::Day, -15, "印发方案，分工到村、到校", "司法所"),
        step(From::Day, -10, "准备标语和宣传资料", "司法所"),
        step(From::Day, -3, "各村（社区）、学校领取资料", "各村（社区）、学校"),
        step(From::Day, 0, "开展活动并登记", "各村（社区）、学校"),
        step(From::End, 3, "汇总数量，报送总结", "司法所"),
    ];
    (None, steps)
}

/// The key dates that Pufa brings a countdown of their own for: the day and its week count down to the same 12-04.
pub const CONSTITUTION_KEYS: [&str; 2] = ["constitution-day", "constitution-week"];

/// The template that holds for a key date (or for none) at the end of an ancestry, root first: the key date's own before
/// the general one, and of several the nearest unit's.
pub fn choose<'a>(templates: &'a [Template], ancestry: &[i64], key_date_id: Option<i64>) -> Option<&'a Template> {
    let nearness = |one: &Template| match one.unit_id {
        None => Some(0),
        Some(id) => ancestry.iter().position(|own| *own == id).map(|place| place + 1),
    };
    let fits = |one: &&Template| one.key_date_id.is_none() || one.key_date_id == key_date_id;
    let ranked =
        templates.iter().filter(fits).filter_map(|one| Some(((one.key_date_id.is_some(), nearness(one)?), one)));
    ranked.max_by_key(|(rank, _)| *rank).map(|(_, one)| one)
}

/// A step as somebody typed it; what is empty throughout is no step.
#[derive(Clone, Debug, Default)]
pub struct StepDraft {
    /// The number of its row on the form: problems name `what.3`.
    pub row: usize,
    pub from: String,
    pub days: String,
    pub what: String,
    pub owner: String,
}

/// Checks the typed steps; whatever is wrong is added by field.
pub fn check_steps(drafts: &[StepDraft], locale: Locale, problems: &mut Problems) -> Vec<Step> {
    let mut steps = Vec::new();
    for draft in drafts {
        let (days, what, owner) = (draft.days.trim(), draft.what.trim(), draft.owner.trim());
        if days.is_empty() && what.is_empty() && owner.is_empty() {
            continue;
        }
        let row = draft.row;
        let parsed = days.parse().ok().filter(|days| (-FURTHEST..=FURTHEST).contains(days));
        if parsed.is_none() {
            problems.add(format!("days.{row}"), locale.task_offset_wrong(FURTHEST));
        }
        let from = From::from_key(draft.from.trim());
        if from.is_none() {
            problems.add(format!("from.{row}"), locale.template_from_wrong());
        }
        if what.is_empty() {
            problems.add(format!("what.{row}"), locale.key_date_fill_in());
        }
        for (field, text) in [("what", what), ("owner", owner)] {
            if text.chars().count() > TEXT_LIMIT {
                problems.add(format!("{field}.{row}"), locale.campaign_text_too_long(TEXT_LIMIT));
            }
        }
        if let (Some(days), Some(from)) = (parsed, from) {
            steps.push(Step { from, days, what: what.into(), owner: owner.into() });
        }
    }
    if steps.is_empty() && problems.is_empty() {
        problems.add("what.0", locale.template_empty());
    }
    if steps.len() > STEP_LIMIT {
        problems.add("what.0", locale.template_too_long(STEP_LIMIT));
    }
    steps
}

/// The month and day that a text such as 12-04 names; 02-29 is none, for most years lack it.
pub fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.trim().split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    Day::from_ymd_opt(2021, month, day).map(|_| (month, day))
}

impl Template {
    /// Day D of a campaign.
    pub fn day_d(&self, period: Period) -> Day {
        let in_year = |year| self.day_d.and_then(|(month, day)| Day::from_ymd_opt(year, month, day));
        let years = [period.from.year(), period.to.year()];
        years.into_iter().filter_map(in_year).find(|day| period.contains(*day)).unwrap_or(period.from)
    }

    /// The tasks for a campaign, by their day.
    pub fn plan(&self, period: Period) -> Vec<Planned> {
        let d = self.day_d(period);
        let planned = |step: &Step| {
            let base = match step.from {
                From::Day => d,
                From::End => period.to,
            };
            let due = base.checked_add_signed(Duration::days(step.days))?;
            Some(Planned { offset: (due - d).num_days(), due, what: step.what.clone(), owner: step.owner.clone() })
        };
        let mut tasks: Vec<Planned> = self.steps.iter().filter_map(planned).collect();
        tasks.sort_by_key(|task| task.due);
        tasks
    }
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

    fn template((day_d, steps): BuiltIn) -> Template {
        Template { unit_id: None, key_date_id: None, day_d, steps }
    }

    /// Source: the domain's description: D−20, D−15, D−10, D−3, 12-04, D+3.
    #[test]
    fn constitution_week_counts_down_to_the_fourth_of_december() {
        let week = Period { from: day("2021-11-29"), to: day("2021-12-05") };
        let tasks = template(constitution()).plan(week);
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
        let tasks = template(general()).plan(month);
        assert_eq!(tasks.first().map(|task| (task.offset, task.due)), Some((-20, day("2026-05-12"))));
        assert_eq!(tasks.last().map(|task| (task.offset, task.due)), Some((32, day("2026-07-03"))));
    }

    #[test]
    fn day_d_may_lie_in_the_second_year_of_a_campaign_over_new_year() {
        let winter = Period { from: day("2026-12-01"), to: day("2027-01-31") };
        let to = |day_d| Template { day_d, ..template(general()) };
        assert_eq!(to(Some((1, 10))).day_d(winter), day("2027-01-10"));
        assert_eq!(to(Some((12, 4))).day_d(winter), day("2026-12-04"));
        assert_eq!(to(Some((6, 26))).day_d(winter), day("2026-12-01"), "it contains no such day");
    }

    #[test]
    fn a_key_dates_own_template_goes_before_the_general_one_and_the_nearest_units_before_those_above() {
        let of = |unit_id, key_date_id| Template { unit_id, key_date_id, ..template(general()) };
        let (county, town) = (7, 8);
        let all =
            [of(None, None), of(None, Some(1)), of(Some(county), Some(1)), of(Some(town), None), of(Some(9), Some(1))];
        let chosen = |ancestry: &[i64], key| choose(&all, ancestry, key).map(|one| (one.unit_id, one.key_date_id));
        assert_eq!(chosen(&[county, town], Some(1)), Some((Some(county), Some(1))));
        assert_eq!(chosen(&[county, town], Some(2)), Some((Some(town), None)));
        assert_eq!(chosen(&[county], None), Some((None, None)));
        assert_eq!(chosen(&[], Some(1)), Some((None, Some(1))));
    }

    #[test]
    fn typed_steps_are_checked_row_by_row_and_empty_rows_are_none() {
        let typed = |row: usize, days: &str, what: &str| StepDraft {
            row,
            from: "day".into(),
            days: days.into(),
            what: what.into(),
            owner: String::new(),
        };
        let check = |drafts: &[StepDraft]| {
            let mut problems = Problems::default();
            let steps = check_steps(drafts, Locale::Zh, &mut problems);
            (steps.len(), problems.into_inner().into_iter().map(|one| one.field).collect::<Vec<_>>())
        };
        assert_eq!(check(&[typed(0, "-10", "定标语"), typed(1, "", ""), typed(2, "0", "播放")]), (2, vec![]));
        assert_eq!(check(&[typed(0, "-10", "定标语"), typed(3, "soon", "")]).1, ["days.3", "what.3"]);
        assert_eq!(check(&[typed(0, "401", "播放")]).1, ["days.0"]);
        assert_eq!(check(&[typed(0, "", "")]).1, ["what.0"], "a countdown of nothing");
        assert_eq!((month_day("12-04"), month_day("02-29"), month_day("13-01")), (Some((12, 4)), None, None));
    }

    proptest! {
        #[test]
        fn every_task_stands_as_far_from_day_d_as_it_says(start in 0i64..4000, length in 0i64..90) {
            let from = day("2021-01-01") + Duration::days(start);
            let period = Period { from, to: from + Duration::days(length) };
            for template in [general(), constitution()].map(template) {
                let d = template.day_d(period);
                prop_assert!(period.contains(d));
                for task in template.plan(period) {
                    prop_assert_eq!((task.due - d).num_days(), task.offset);
                }
            }
        }
    }
}
