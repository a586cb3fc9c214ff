//! The law: what narrows a figure never makes it supported where without it it would not be, and what no log tells apart is
//! never supported. Told by an invented log of a few entries, read as the words ask.

use super::{
    about::{About, Place, Topic},
    tests::{UNITS, office, read},
    verdict::{Verdict, hold},
    *,
};
use crate::domain::{
    measure::{Precision, Total},
    period::Day,
};
use proptest::prelude::*;

/// A line of the log: unit, theme, campaign, month and what was counted.
#[derive(Clone, Debug)]
struct Line {
    unit: i64,
    theme: Option<&'static str>,
    campaign: Option<i64>,
    month: u32,
    measure: &'static str,
    precision: Precision,
    value: i64,
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (
        0i64..6,
        prop::option::of(prop::sample::select(vec!["drugs", "fraud", "constitution"])),
        prop::option::of(7i64..10),
        1u32..13,
        prop::sample::select(vec!["banner", "leaflet"]),
        prop::sample::select(Precision::ALL.to_vec()),
        1i64..40,
    );
    let line = line.prop_map(|(unit, theme, campaign, month, measure, precision, value)| Line {
        unit,
        theme,
        campaign,
        month,
        measure,
        precision,
        value,
    });
    prop::collection::vec(line, 0..12)
}

fn total(lines: &[Line], keys: &[String], about: &About, period: Period) -> Total {
    let belongs = |line: &&Line| {
        let kind = UNITS.iter().find(|unit| unit.0 == line.unit).map(|unit| unit.2);
        let place = match about.place {
            Place::Whole => true,
            Place::At(id) => line.unit == id,
            Place::Kind(asked) => kind.is_some_and(|kind| kind.answers_to(asked)),
        };
        let topic = match &about.topic {
            Topic::Any => true,
            Topic::Theme(key) => line.theme == Some(key.as_str()),
            Topic::Campaign(id) => line.campaign == Some(*id),
        };
        let day = Day::from_ymd_opt(2021, line.month, 15).unwrap();
        place && topic && period.contains(day) && keys.iter().any(|key| key == line.measure)
    };
    lines.iter().filter(belongs).map(|line| Total::of(line.precision, line.value)).sum()
}

/// What the first figure of a text comes to.
fn verdict(text: &str, lines: &[Line]) -> Option<(Claim, Verdict, Option<Total>)> {
    let claim = read(text, &office()).into_iter().next()?;
    let Subject::Measures { keys, .. } = &claim.subject else { return None };
    let period = if let When::Within(period, ..) = claim.when { period } else { Period::year(2021) };
    let own = total(lines, keys, &claim.about, period);
    let wide = total(lines, keys, &About { place: Place::Whole, ..claim.about.clone() }, period);
    let verdict = hold(&claim, Some(own), Some(wide)).0;
    Some((claim, verdict, Some(own)))
}

proptest! {
    #[test]
    fn narrowing_never_makes_an_unsupported_claim_supported(
        lines in lines(),
        before in prop::collection::vec(prop::sample::select(vec![
            "天坪村，", "开展禁毒宣传，", "开展反诈、宪法宣传，", "联合派出所，", "6月，", "近期，", "入冬以来，", "上半年，", "在学校，", "在各村，",
            "红旗村，", "禁毒专项行动中，", "开展知识产权宣传，", "青山小学，", "开展禁毒等宣传，", "11月以来，",
        ]), 0..4),
        claim in prop::sample::select(vec![
            "悬挂横幅20条。", "悬挂横幅10余条。", "发放资料约50份。", "发放资料30份以上。", "悬挂横幅近20条。", "发放资料20-30份。", "悬挂横幅5条。",
        ]),
    ) {
        let Some((_, plain, _)) = verdict(claim, &lines) else { return Err(TestCaseError::fail("no claim")) };
        let text = format!("{}{claim}", before.concat());
        let Some((narrow, held, own)) = verdict(&text, &lines) else { return Err(TestCaseError::fail("no claim")) };
        prop_assert!(held != Verdict::Supported || plain == Verdict::Supported, "{text} {lines:?}");
        if held == Verdict::Supported {
            prop_assert!(narrow.about.doubt.is_none() && !matches!(narrow.when, When::Unclear(..)), "{text}");
            let Number::Count(value, said) = narrow.number else { return Err(TestCaseError::fail("a share")) };
            let most = if let Said::UpTo(most) = said { most } else { value };
            prop_assert!(own.is_some_and(|own| most <= own.total()), "{text} {own:?}");
        }
    }

    #[test]
    fn a_growth_is_never_supported_above_the_log(now in 0i64..300, then in 0i64..300, percent in 0i64..200, up in any::<bool>()) {
        let text = format!("悬挂横幅156条，同比{}{percent}%。", if up { "增长" } else { "下降" });
        let claims = read(&text, &office());
        prop_assert_eq!(claims.len(), 2, "{}", text);
        let exact = |value| Total::of(Precision::Exact, value);
        let (held, ..) = verdict::grow(&claims[1], exact(now), exact(then));
        let more = if up { now - then } else { then - now };
        if held == Verdict::Supported {
            prop_assert!(then > 0 && more > 0 && more * 100 >= percent * then, "{text} {now} {then}");
        }
        prop_assert!(then > 0 || held == Verdict::Unknown);
    }
}
