//! Which entries of the ledger are asked for: the conditions, and how a statement says them.

use crate::domain::{
    access::Scope, activity::Status, catalogue::Catalogue, measure::Precision, period::Period, unit::UnitKind,
};

/// A word that is looked for wherever people write words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The pattern of `like`, its own signs made plain.
    pattern: String,
    /// The activity types whose name has the word; looked up here, for a name has two languages.
    type_ids: Vec<i64>,
}

impl Word {
    pub fn new(text: &str, catalogue: &Catalogue) -> Word {
        let lower = text.to_lowercase();
        let has = |name: &str| name.to_lowercase().contains(&lower);
        let types = catalogue.types.iter().filter(|one| has(&one.name) || one.name_en.as_deref().is_some_and(has));
        Word { pattern: containing(text), type_ids: types.map(|one| one.id).collect() }
    }

    pub(super) fn pattern(&self) -> String {
        self.pattern.clone()
    }

    pub(super) fn type_ids(&self) -> &[i64] {
        &self.type_ids
    }
}

/// The pattern that finds a text anywhere.
pub(super) fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if ['%', '_', '\\'].contains(&letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Which entries: those of a unit and below, narrowed by what is given.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub period: Option<Period>,
    pub measure_id: Option<i64>,
    /// Only entries that count any of these measures; empty: whatever they count.
    pub any_measure_ids: Vec<i64>,
    /// Only entries with a count of this precision (of the measure, where one is asked for).
    pub precision: Option<Precision>,
    /// On any of these themes; 0: without any theme. Empty: whatever the theme.
    pub theme_ids: Vec<i64>,
    /// Only those in which people take part (some measure of theirs is interactive), or only the others.
    pub interactive: Option<bool>,
    /// 0: of no campaign.
    pub campaign_id: Option<i64>,
    /// Only what belongs to several campaigns (跨专项).
    pub shared: bool,
    /// Of any of these types; empty: of any.
    pub type_ids: Vec<i64>,
    pub status: Option<Status>,
    /// Withdrawn entries are left out unless asked for by `status`.
    pub with_withdrawn: bool,
    /// What stands at the unit itself only.
    pub own: bool,
    /// What stands at units of this kind; villages include communities.
    pub unit_kind: Option<UnitKind>,
    /// Everything in the scope, wherever; the unit then says nothing.
    pub scope: Option<Scope>,
    /// Words in place, note, organiser, handler, the unit's name, the type's, a campaign's title: all of them.
    pub words: Vec<Word>,
    /// The place has this in it.
    pub place: String,
    /// The handler's whole name; `Some("")`: where nobody is named.
    pub handler: Option<String>,
    /// The name of who entered it has this in it.
    pub entered_by_name: String,
    /// Only what was entered after its month was over, or only what was not.
    pub late: Option<bool>,
    /// Only what a piece of evidence stands behind, or only what none does.
    pub evidence: Option<bool>,
}

impl Filter {
    /// Whether nothing narrows it but the unit and the period, and what `slice` of the totals knows: one theme or one
    /// campaign. The totals that are kept then answer for it.
    pub fn is_plain(&self) -> bool {
        self.measure_id.is_none()
            && self.any_measure_ids.is_empty()
            && self.precision.is_none()
            && !self.shared
            && self.type_ids.is_empty()
            && self.status.is_none()
            && !self.with_withdrawn
            && self.scope.is_none()
            && self.unit_kind.is_none()
            && self.words.is_empty()
            && self.place.is_empty()
            && self.handler.is_none()
            && self.entered_by_name.is_empty()
            && self.late.is_none()
            && self.evidence.is_none()
            && self.interactive.is_none()
            && match self.theme_ids.as_slice() {
                [] => true,
                [_] => self.campaign_id.is_none(),
                _ => false,
            }
    }
}

/// Adds `column in (…)` to a query.
macro_rules! push_any_of {
    ($query:expr, $column:literal, $ids:expr) => {{
        $query.push(concat!(" ", $column, " in ("));
        let mut list = $query.separated(", ");
        for id in $ids {
            list.push_bind(*id);
        }
        $query.push(")");
    }};
}

/// Adds the conditions of a filter to a query over activity and unit. `$like` is the engine's operator that does not
/// care for capitals.
macro_rules! push_filter {
    ($query:expr, $unit:expr, $filter:expr, $like:expr) => {
        // One leaf unit goes by its own index; a subtree is walked by day.
        if let Some(scope) = &$filter.scope {
            $crate::push_scope!($query, "unit.path", scope);
        } else if $filter.own {
            $query.push("activity.unit_id = ").push_bind($unit.id);
        } else {
            $query.push("unit.path >= ").push_bind($unit.path.clone());
            $query.push(" and unit.path < ").push_bind($crate::domain::unit::path_end(&$unit.path));
        }
        if let Some(asked) = $filter.unit_kind {
            $query.push(" and unit.kind in (");
            let mut list = $query.separated(", ");
            for kind in $crate::domain::unit::UnitKind::ALL.iter().filter(|kind| kind.answers_to(asked)) {
                list.push_bind(kind.key());
            }
            $query.push(")");
        }
        if let Some(period) = $filter.period {
            // An entry over several days belongs to every period that it touches.
            $query.push(" and activity.day <= ").push_bind(period.to);
            $query.push(" and coalesce(activity.day_to, activity.day) >= ").push_bind(period.from);
            let first = period.from.checked_sub_days(chrono::Days::new(366)).unwrap_or(period.from);
            $query.push(" and activity.day >= ").push_bind(first);
        }
        if !$filter.type_ids.is_empty() {
            $query.push(" and");
            $crate::activity::filter_store::push_any_of!($query, "activity.type_id", &$filter.type_ids);
        }
        match $filter.late {
            Some(true) => {
                $query.push(" and activity.late");
            }
            Some(false) => {
                $query.push(" and not activity.late");
            }
            None => {}
        }
        match $filter.status {
            Some(status) => {
                $query.push(" and activity.status = ").push_bind(status.key());
            }
            None if !$filter.with_withdrawn => {
                $query.push(" and activity.status <> 'withdrawn'");
            }
            None => {}
        }
        if let Some(handler) = &$filter.handler {
            $query.push(" and activity.handler = ").push_bind(handler.clone());
        }
        if !$filter.place.is_empty() {
            $query.push(" and activity.place ").push($like).push(" ");
            $query.push_bind($crate::activity::filter_store::containing(&$filter.place)).push(" escape '\\'");
        }
        if !$filter.entered_by_name.is_empty() {
            $query.push(" and activity.entered_by in (select id from account where display_name ").push($like).push(" ");
            $query.push_bind($crate::activity::filter_store::containing(&$filter.entered_by_name)).push(" escape '\\')");
        }
        if $filter.measure_id.is_some() || $filter.precision.is_some() || !$filter.any_measure_ids.is_empty() {
            $query.push(" and exists (select 1 from quantity q where q.activity_id = activity.id");
            if !$filter.any_measure_ids.is_empty() {
                $query.push(" and");
                $crate::activity::filter_store::push_any_of!($query, "q.measure_id", &$filter.any_measure_ids);
            }
            if let Some(measure) = $filter.measure_id {
                $query.push(" and q.measure_id = ").push_bind(measure);
            }
            if let Some(precision) = $filter.precision {
                $query.push(" and q.precision = ").push_bind(precision.key());
            }
            $query.push(")");
        }
        if !$filter.theme_ids.is_empty() {
            $query.push(" and (exists (select 1 from activity_theme t where t.activity_id = activity.id and");
            $crate::activity::filter_store::push_any_of!($query, "t.theme_id", &$filter.theme_ids);
            $query.push(")");
            if $filter.theme_ids.contains(&0) {
                $query.push(" or not exists (select 1 from activity_theme t where t.activity_id = activity.id)");
            }
            $query.push(")");
        }
        match $filter.campaign_id {
            Some(0) => {
                $query.push(" and not exists (select 1 from activity_campaign k where k.activity_id = activity.id)");
            }
            Some(campaign) => {
                $query.push(
                    " and exists (select 1 from activity_campaign k where k.activity_id = activity.id and k.campaign_id = ",
                );
                $query.push_bind(campaign).push(")");
            }
            None => {}
        }
        if let Some(yes) = $filter.interactive {
            $query.push(if yes { " and exists " } else { " and not exists " }).push(
                "(select 1 from quantity i join measure on measure.id = i.measure_id \
                 where i.activity_id = activity.id and measure.interactive)",
            );
        }
        if let Some(there) = $filter.evidence {
            $query.push(if there { " and exists " } else { " and not exists " }).push(
                "(select 1 from evidence_link e where e.activity_id = activity.id and e.unlinked_at is null)",
            );
        }
        if $filter.shared {
            $query.push(" and (select count(*) from activity_campaign k where k.activity_id = activity.id) > 1");
        }
        for word in &$filter.words {
            $query.push(" and (");
            for column in ["activity.place", "activity.note", "activity.organiser", "activity.handler", "unit.name"] {
                $query.push(column).push(" ").push($like).push(" ").push_bind(word.pattern()).push(" escape '\\' or ");
            }
            if !word.type_ids().is_empty() {
                $crate::activity::filter_store::push_any_of!($query, "activity.type_id", word.type_ids());
                $query.push(" or ");
            }
            // The few campaigns are found once, not for every entry.
            $query.push(
                "activity.id in (select activity_id from activity_campaign where campaign_id in \
                 (select id from campaign where title ",
            );
            $query.push($like).push(" ").push_bind(word.pattern()).push(" escape '\\')))");
        }
    };
}
pub(super) use {push_any_of, push_filter};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signs_of_a_pattern_are_looked_for_as_they_are_typed() {
        assert_eq!(containing("100%_\\"), "%100\\%\\_\\\\%");
    }

    #[test]
    fn a_word_finds_types_by_their_name_in_either_language() {
        let catalogue = Catalogue {
            types: vec![crate::domain::catalogue::ActivityType {
                id: 7,
                key: "led".into(),
                unit_id: None,
                name: "LED屏播放".into(),
                name_en: Some("LED play".into()),
                evidence: crate::domain::catalogue::EvidencePolicy::None,
                measures: vec![],
                position: 1,
                retired: false,
            }],
            ..Catalogue::default()
        };
        assert_eq!(Word::new("led", &catalogue).type_ids(), [7]);
        assert_eq!(Word::new("播放", &catalogue).type_ids(), [7]);
        assert!(Word::new("讲座", &catalogue).type_ids().is_empty());
    }
}
