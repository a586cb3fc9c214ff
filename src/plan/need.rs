//! What sessions could still fulfil: of an indicator, which unit lacks how many, and on which days they would count.

use super::{goals, source::Source, store};
use crate::{
    domain::{
        catalogue::Catalogue,
        goal::Question,
        indicator::{Indicator, Kind},
        period::{Day, Period},
        target::Target,
        unit::Unit,
    },
    error::Result,
    server::db::Conn,
};
use chrono::Datelike;

/// What a unit lacks in a part of a target's period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lack {
    pub unit_id: i64,
    /// The days that count for it.
    pub window: Period,
    pub missing: i64,
}

/// An indicator of those asked about, with what units lack of it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub indicator: Indicator,
    /// `None` where its kind is not fulfilled by sessions.
    pub lacks: Option<Vec<Lack>>,
}

/// Whether sessions fulfil it: a stock is appointed, a survey taken, a milestone reached, and pupils are reached by class.
pub fn is_held(kind: Kind) -> bool {
    matches!(kind, Kind::Sum | Kind::Frequency | Kind::Coverage)
}

/// What the unit and all below it lack of these indicators, for every target that holds in the years of `period`, whatever
/// day it is: all that is logged counts. Indicators without a target in those years are left out.
pub async fn lacks(
    conn: &mut Conn,
    unit: &Unit,
    (units, catalogue): (&[Unit], &Catalogue),
    keys: &[String],
    period: Period,
) -> Result<Vec<Asked>> {
    let stocks = catalogue.measures.iter().filter(|measure| measure.is_stock).map(|measure| measure.id).collect();
    let ancestry = unit.ancestry();
    let mut questions: Vec<(Indicator, Vec<Question>)> = Vec::new();
    for day in first_days(period) {
        let Some(plan) = goals::plan_on(conn, unit, day).await? else { continue };
        let (indicators, targets): (Vec<Indicator>, Vec<Target>) =
            store::asked(conn, unit, plan.id).await?.into_iter().filter(|(one, _)| keys.contains(&one.key)).unzip();
        for indicator in indicators {
            for (span, held) in goals::holding(&indicator, &targets, &plan, day, &ancestry) {
                // What a unit above answers for as a whole is not laid here.
                if held.shared && matches!(indicator.kind, Kind::Sum | Kind::Frequency) {
                    continue;
                }
                let question = Question::new(held.target.value, span, span.to);
                match questions.iter_mut().find(|(known, _)| known.id == indicator.id) {
                    Some((_, known)) if known.contains(&question) => {}
                    Some((_, known)) => known.push(question),
                    None => questions.push((indicator.clone(), vec![question])),
                }
            }
        }
    }
    let mut source = Source::new(conn, unit, units.to_vec(), stocks);
    let mut all = Vec::new();
    for (indicator, questions) in questions {
        let mut lacks = is_held(indicator.kind).then(Vec::new);
        if let Some(lacks) = &mut lacks {
            for question in &questions {
                lacks.extend(source.lacks(&indicator, question).await?);
            }
        }
        all.push(Asked { indicator, lacks });
    }
    all.sort_by_key(|asked| keys.iter().position(|key| *key == asked.indicator.key));
    Ok(all)
}

/// A day in each year of the period, within it.
fn first_days(period: Period) -> impl Iterator<Item = Day> {
    (period.from.year()..=period.to.year()).map(move |year| Period::year(year).from.max(period.from))
}

/// A sum's missing sessions, handed out one by one to those who have fewest: (unit, done) → (unit, missing).
pub fn hand_out(units: &[(i64, i64)], missing: i64) -> Vec<(i64, i64)> {
    let mut shares: Vec<(i64, i64)> = units.iter().map(|(id, _)| (*id, 0)).collect();
    for _ in 0..missing {
        let fewest = (0..units.len()).min_by_key(|index| (units[*index].1 + shares[*index].1, *index));
        let Some(index) = fewest else { break };
        shares[index].1 += 1;
    }
    shares.retain(|(_, share)| *share > 0);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_fewest_gets_the_next_session() {
        assert_eq!(hand_out(&[(1, 5), (2, 0), (3, 4)], 6), [(2, 5), (3, 1)]);
        assert_eq!(hand_out(&[(1, 0), (2, 0), (3, 0)], 4), [(1, 2), (2, 1), (3, 1)]);
        assert_eq!(hand_out(&[], 4), []);
    }

    #[test]
    fn each_year_of_a_period_has_its_day() {
        let period = Period { from: "2025-11-20".parse().expect("a day"), to: "2026-01-31".parse().expect("a day") };
        let days: Vec<String> = first_days(period).map(|day| day.to_string()).collect();
        assert_eq!(days, ["2025-11-20", "2026-01-01"]);
    }
}
