//! In words: what a figure was held against, and why it is not supported.

use super::action::{Checked, Figure};
use crate::{
    domain::{
        claim::{Subject, When, Why, verdict::Verdict},
        period::Period,
        unit::UnitKind,
        wording::grouped,
    },
    locale::Locale,
};

/// 天坪村、禁毒主题、2021年
pub fn held_against(locale: Locale, checked: &Checked, figure: &Figure) -> String {
    let against = &figure.against;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(against.unit.as_ref().map(|unit| unit.short_name.clone()));
    parts.extend(against.kind.map(|kind| match kind {
        UnitKind::School => locale.claim_of_schools().to_owned(),
        _ => locale.claim_of_villages().to_owned(),
    }));
    parts.extend(
        against.theme.as_ref().map(|one| locale.claim_of_theme(locale.name(&one.name, one.name_en.as_deref()))),
    );
    parts.extend(against.campaign.as_ref().map(|one| locale.claim_of_campaign(&one.title)));
    let Period { from, to } = against.period;
    parts.push(match figure.claim.when {
        When::Within(_, start, end) => locale.claim_of_days(from, to, checked.words(start, end)),
        When::Year | When::Unclear(..) => locale.claim_of_year(checked.year),
    });
    parts.join(locale.claim_and())
}

/// What is said beside what is logged: against what it was held, and what was not told apart.
pub fn notes(locale: Locale, checked: &Checked, figure: &Figure) -> Vec<String> {
    let Some(logged) = figure.logged else { return Vec::new() };
    let about = &figure.claim.about;
    let mut notes = Vec::new();
    let plain = matches!(figure.claim.when, When::Year) && about.doubt.is_none();
    if figure.against.is_narrow() || !plain {
        notes.push(locale.claim_held_against(held_against(locale, checked, figure)));
    }
    if let Some(former) = figure.former {
        notes.push(locale.claim_former(grouped(former.total()), grouped(logged.total())));
    }
    if let Some(doubt) = about.doubt.filter(|doubt| doubt.why == Why::Wider && doubt.start != figure.claim.start) {
        notes.push(locale.claim_wider(checked.words(doubt.start, doubt.end)));
    }
    if let When::Unclear(start, end) = figure.claim.when {
        notes.push(locale.claim_unclear(checked.words(start, end), checked.year));
    }
    // Narrowed and not found there: an entry whose theme nobody ticked is among the others.
    let wide = figure.wide.filter(|wide| figure.verdict != Verdict::Supported && wide.total() > logged.total());
    let on_topic = figure.against.theme.is_some() || figure.against.campaign.is_some();
    if let Some(wide) = wide.filter(|_| on_topic && figure.against.unit.is_none() && figure.against.kind.is_none()) {
        notes.push(locale.claim_on_any(grouped(wide.total())));
    }
    notes
}

/// Why a figure is not supported, and how to go on.
pub fn why(locale: Locale, figure: &Figure) -> Option<String> {
    let people = matches!(figure.claim.subject, Subject::Measures { people: true, .. });
    let growth = matches!(figure.claim.subject, Subject::Growth { .. });
    let said = match (figure.verdict, figure.why) {
        (Verdict::Supported, _) | (Verdict::Unknown, None) => return None,
        (Verdict::HigherThanLogged, _) if growth => locale.claim_grew_less().to_owned(),
        (Verdict::HigherThanLogged, _) => {
            let total = figure.logged.unwrap_or_default();
            let only = match total {
                total if total.total() == 0 => locale.claim_nothing_logged().to_owned(),
                total if total.estimate > 0 => locale.claim_certain_only(grouped(total.lower_bound())),
                total => locale.claim_only(grouped(total.total())),
            };
            if people { format!("{only}{}", locale.claim_people_too()) } else { only }
        }
        (Verdict::Unknown, Some(why)) => match why {
            Why::Share => locale.claim_why_share(),
            Why::OtherShare => locale.claim_why_other_share(),
            Why::Points => locale.claim_why_points(),
            Why::Missing => locale.claim_why_missing(),
            Why::NoMeasure => locale.claim_why_no_measure(),
            Why::NotCounted => locale.claim_why_not_counted(),
            Why::UnitWord => locale.claim_why_unit_word(),
            Why::Rate => locale.claim_why_rate(),
            Why::Change => locale.claim_why_change(),
            Why::NoFormer => locale.claim_why_no_former(),
            Why::Rough => locale.claim_why_rough(),
            Why::Plan => locale.claim_why_plan(),
            Why::PartOf => locale.claim_why_part_of(),
            Why::Upper => locale.claim_why_upper(),
            Why::Places => locale.claim_why_places(),
            Why::Wider => locale.claim_why_wider(),
            Why::Kind => {
                let own = figure.logged.unwrap_or_default();
                let all = figure.wide.unwrap_or_default();
                return Some(locale.claim_why_kind(grouped(all.total()), grouped(own.total())));
            }
            Why::Unclear => locale.claim_why_unclear(),
            Why::TooMany => locale.claim_why_too_many(),
            Why::People => locale.claim_why_people(),
        }
        .to_owned(),
    };
    Some(said)
}
